from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.time_view import TimeView
from typing import cast



def _get_kwargs(
    *,
    nonce: str,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["nonce"] = nonce


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/time",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | TimeView | None:
    if response.status_code == 200:
        response_200 = TimeView.from_dict(response.json())



        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())



        return response_400

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())



        return response_422

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | TimeView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    nonce: str,

) -> Response[Problem | TimeView]:
    """ Signs the server's time over the client's nonce.

     With the keys that certificates are signed with. Every answer carries a `Keystead-Nonce` for the
    next proof.

    Args:
        nonce (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TimeView]
     """


    kwargs = _get_kwargs(
        nonce=nonce,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient | Client,
    nonce: str,

) -> Problem | TimeView | None:
    """ Signs the server's time over the client's nonce.

     With the keys that certificates are signed with. Every answer carries a `Keystead-Nonce` for the
    next proof.

    Args:
        nonce (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TimeView
     """


    return sync_detailed(
        client=client,
nonce=nonce,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    nonce: str,

) -> Response[Problem | TimeView]:
    """ Signs the server's time over the client's nonce.

     With the keys that certificates are signed with. Every answer carries a `Keystead-Nonce` for the
    next proof.

    Args:
        nonce (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TimeView]
     """


    kwargs = _get_kwargs(
        nonce=nonce,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    nonce: str,

) -> Problem | TimeView | None:
    """ Signs the server's time over the client's nonce.

     With the keys that certificates are signed with. Every answer carries a `Keystead-Nonce` for the
    next proof.

    Args:
        nonce (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TimeView
     """


    return (await asyncio_detailed(
        client=client,
nonce=nonce,

    )).parsed
