from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="Ratchet")



@_attrs_define
class Ratchet:
    """ The two halves of the refresh ratchet.

        Attributes:
            r (str): The 16 bytes last received, base64url.
            x (str): 16 random bytes that the device stored before sending, base64url.
     """

    r: str
    x: str





    def to_dict(self) -> dict[str, Any]:
        r = self.r

        x = self.x


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "r": r,
            "x": x,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        r = d.pop("r")

        x = d.pop("x")

        ratchet = cls(
            r=r,
            x=x,
        )

        return ratchet

