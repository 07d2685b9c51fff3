from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.license_view import LicenseView
from ...models.problem import Problem
from ...models.reason import Reason
from typing import cast



def _get_kwargs(
    license_: str,
    *,
    body: Reason,
    idempotency_key: str,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["idempotency-key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/licenses/{license_}/resume".format(license_=quote(str(license_), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> LicenseView | Problem | None:
    if response.status_code == 200:
        response_200 = LicenseView.from_dict(response.json())



        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())



        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())



        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())



        return response_404

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())



        return response_408

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())



        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())



        return response_415

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[LicenseView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    license_: str,
    *,
    client: AuthenticatedClient,
    body: Reason,
    idempotency_key: str,

) -> Response[LicenseView | Problem]:
    """ Lifts a license's suspension.

     A token of the vendor needs the scope `licenses`.

    Args:
        license_ (str):
        idempotency_key (str):
        body (Reason): Why the vendor does something to a license.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LicenseView | Problem]
     """


    kwargs = _get_kwargs(
        license_=license_,
body=body,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    license_: str,
    *,
    client: AuthenticatedClient,
    body: Reason,
    idempotency_key: str,

) -> LicenseView | Problem | None:
    """ Lifts a license's suspension.

     A token of the vendor needs the scope `licenses`.

    Args:
        license_ (str):
        idempotency_key (str):
        body (Reason): Why the vendor does something to a license.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LicenseView | Problem
     """


    return sync_detailed(
        license_=license_,
client=client,
body=body,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    license_: str,
    *,
    client: AuthenticatedClient,
    body: Reason,
    idempotency_key: str,

) -> Response[LicenseView | Problem]:
    """ Lifts a license's suspension.

     A token of the vendor needs the scope `licenses`.

    Args:
        license_ (str):
        idempotency_key (str):
        body (Reason): Why the vendor does something to a license.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LicenseView | Problem]
     """


    kwargs = _get_kwargs(
        license_=license_,
body=body,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    license_: str,
    *,
    client: AuthenticatedClient,
    body: Reason,
    idempotency_key: str,

) -> LicenseView | Problem | None:
    """ Lifts a license's suspension.

     A token of the vendor needs the scope `licenses`.

    Args:
        license_ (str):
        idempotency_key (str):
        body (Reason): Why the vendor does something to a license.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LicenseView | Problem
     """


    return (await asyncio_detailed(
        license_=license_,
client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
