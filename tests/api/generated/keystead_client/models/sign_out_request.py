from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="SignOutRequest")



@_attrs_define
class SignOutRequest:
    """ Signs an account out of every browser and application.

        Attributes:
            email (str): The account's e-mail address.
            reason (str): Why, for the audit log: 1 to 500 characters.
     """

    email: str
    reason: str





    def to_dict(self) -> dict[str, Any]:
        email = self.email

        reason = self.reason


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "email": email,
            "reason": reason,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        email = d.pop("email")

        reason = d.pop("reason")

        sign_out_request = cls(
            email=email,
            reason=reason,
        )

        return sign_out_request

