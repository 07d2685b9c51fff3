from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.policy_request import PolicyRequest
from ...models.policy_view import PolicyView
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    product: str,
    *,
    body: PolicyRequest,
    idempotency_key: str,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["idempotency-key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/products/{product}/policies".format(product=quote(str(product), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PolicyView | Problem | None:
    if response.status_code == 201:
        response_201 = PolicyView.from_dict(response.json())



        return response_201

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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())



        return response_409

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[PolicyView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    product: str,
    *,
    client: AuthenticatedClient,
    body: PolicyRequest,
    idempotency_key: str,

) -> Response[PolicyView | Problem]:
    """ Defines a policy of a product.

     A policy is the rules of the licenses that are sold under it. Rules that are left out have the
    values of a perpetual license with one seat.

    A token of the vendor needs the scope `catalog`.

    Args:
        product (str):
        idempotency_key (str):
        body (PolicyRequest): Defines a policy of a product.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PolicyView | Problem]
     """


    kwargs = _get_kwargs(
        product=product,
body=body,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    product: str,
    *,
    client: AuthenticatedClient,
    body: PolicyRequest,
    idempotency_key: str,

) -> PolicyView | Problem | None:
    """ Defines a policy of a product.

     A policy is the rules of the licenses that are sold under it. Rules that are left out have the
    values of a perpetual license with one seat.

    A token of the vendor needs the scope `catalog`.

    Args:
        product (str):
        idempotency_key (str):
        body (PolicyRequest): Defines a policy of a product.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PolicyView | Problem
     """


    return sync_detailed(
        product=product,
client=client,
body=body,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    product: str,
    *,
    client: AuthenticatedClient,
    body: PolicyRequest,
    idempotency_key: str,

) -> Response[PolicyView | Problem]:
    """ Defines a policy of a product.

     A policy is the rules of the licenses that are sold under it. Rules that are left out have the
    values of a perpetual license with one seat.

    A token of the vendor needs the scope `catalog`.

    Args:
        product (str):
        idempotency_key (str):
        body (PolicyRequest): Defines a policy of a product.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PolicyView | Problem]
     """


    kwargs = _get_kwargs(
        product=product,
body=body,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    product: str,
    *,
    client: AuthenticatedClient,
    body: PolicyRequest,
    idempotency_key: str,

) -> PolicyView | Problem | None:
    """ Defines a policy of a product.

     A policy is the rules of the licenses that are sold under it. Rules that are left out have the
    values of a perpetual license with one seat.

    A token of the vendor needs the scope `catalog`.

    Args:
        product (str):
        idempotency_key (str):
        body (PolicyRequest): Defines a policy of a product.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PolicyView | Problem
     """


    return (await asyncio_detailed(
        product=product,
client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
