from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.signed_validation import SignedValidation
from ...models.validation_request_type_0 import ValidationRequestType0
from ...models.validation_request_type_1 import ValidationRequestType1
from ...models.validation_request_type_2 import ValidationRequestType2
from typing import cast



def _get_kwargs(
    *,
    body: ValidationRequestType0 | ValidationRequestType1 | ValidationRequestType2,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/validations",
    }

    
    if isinstance(body, ValidationRequestType0):
        _kwargs["json"] = body.to_dict()
    elif isinstance(body, ValidationRequestType1):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = body.to_dict()


    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | SignedValidation | None:
    if response.status_code == 200:
        response_200 = SignedValidation.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | SignedValidation]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ValidationRequestType0 | ValidationRequestType1 | ValidationRequestType2,

) -> Response[Problem | SignedValidation]:
    """ Tells whether a product key, a certificate or an activation is valid.

     As a signed answer; nothing changes.

    A token of the vendor needs the scope `validate`.

    Args:
        body (ValidationRequestType0 | ValidationRequestType1 | ValidationRequestType2): What the
            vendor's own backend asks about; exactly one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SignedValidation]
     """


    kwargs = _get_kwargs(
        body=body,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    body: ValidationRequestType0 | ValidationRequestType1 | ValidationRequestType2,

) -> Problem | SignedValidation | None:
    """ Tells whether a product key, a certificate or an activation is valid.

     As a signed answer; nothing changes.

    A token of the vendor needs the scope `validate`.

    Args:
        body (ValidationRequestType0 | ValidationRequestType1 | ValidationRequestType2): What the
            vendor's own backend asks about; exactly one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SignedValidation
     """


    return sync_detailed(
        client=client,
body=body,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ValidationRequestType0 | ValidationRequestType1 | ValidationRequestType2,

) -> Response[Problem | SignedValidation]:
    """ Tells whether a product key, a certificate or an activation is valid.

     As a signed answer; nothing changes.

    A token of the vendor needs the scope `validate`.

    Args:
        body (ValidationRequestType0 | ValidationRequestType1 | ValidationRequestType2): What the
            vendor's own backend asks about; exactly one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SignedValidation]
     """


    kwargs = _get_kwargs(
        body=body,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ValidationRequestType0 | ValidationRequestType1 | ValidationRequestType2,

) -> Problem | SignedValidation | None:
    """ Tells whether a product key, a certificate or an activation is valid.

     As a signed answer; nothing changes.

    A token of the vendor needs the scope `validate`.

    Args:
        body (ValidationRequestType0 | ValidationRequestType1 | ValidationRequestType2): What the
            vendor's own backend asks about; exactly one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SignedValidation
     """


    return (await asyncio_detailed(
        client=client,
body=body,

    )).parsed
