from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.activation_details import ActivationDetails
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    activation: str,

) -> dict[str, Any]:
    

    

    

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/activations/{activation}".format(activation=quote(str(activation), safe=""),),
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ActivationDetails | Problem | None:
    if response.status_code == 200:
        response_200 = ActivationDetails.from_dict(response.json())



        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())



        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())



        return response_409

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())



        return response_429

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())



        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())



        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[ActivationDetails | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    activation: str,
    *,
    client: AuthenticatedClient,

) -> Response[ActivationDetails | Problem]:
    """ Shows the state of an activation.

     For its device, its owner or the vendor; for everybody else it is not there.

    A token of the vendor needs the scope `read`.

    Args:
        activation (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActivationDetails | Problem]
     """


    kwargs = _get_kwargs(
        activation=activation,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    activation: str,
    *,
    client: AuthenticatedClient,

) -> ActivationDetails | Problem | None:
    """ Shows the state of an activation.

     For its device, its owner or the vendor; for everybody else it is not there.

    A token of the vendor needs the scope `read`.

    Args:
        activation (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActivationDetails | Problem
     """


    return sync_detailed(
        activation=activation,
client=client,

    ).parsed

async def asyncio_detailed(
    activation: str,
    *,
    client: AuthenticatedClient,

) -> Response[ActivationDetails | Problem]:
    """ Shows the state of an activation.

     For its device, its owner or the vendor; for everybody else it is not there.

    A token of the vendor needs the scope `read`.

    Args:
        activation (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActivationDetails | Problem]
     """


    kwargs = _get_kwargs(
        activation=activation,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    activation: str,
    *,
    client: AuthenticatedClient,

) -> ActivationDetails | Problem | None:
    """ Shows the state of an activation.

     For its device, its owner or the vendor; for everybody else it is not there.

    A token of the vendor needs the scope `read`.

    Args:
        activation (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActivationDetails | Problem
     """


    return (await asyncio_detailed(
        activation=activation,
client=client,

    )).parsed
