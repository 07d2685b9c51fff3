from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="ProveReleaseRequest")



@_attrs_define
class ProveReleaseRequest:
    """ Proves that an installation without a network gave its seat back.

        Attributes:
            code (str): The code that it shows now.
            installation_id (str): What the device showed when it was activated, and shows again.
     """

    code: str
    installation_id: str





    def to_dict(self) -> dict[str, Any]:
        code = self.code

        installation_id = self.installation_id


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "code": code,
            "installation_id": installation_id,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        installation_id = d.pop("installation_id")

        prove_release_request = cls(
            code=code,
            installation_id=installation_id,
        )

        return prove_release_request

