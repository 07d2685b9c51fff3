from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="ConfirmRequest")



@_attrs_define
class ConfirmRequest:
    """ Asks to confirm an installation that has no network.

        Attributes:
            device_name (str): The name that the device gets.
            installation_id (str): What the device shows, in any typed form.
            license_ (str):
            reason (None | str | Unset): Why the vendor does it, for the audit log; the owner needs none.
     """

    device_name: str
    installation_id: str
    license_: str
    reason: None | str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        device_name = self.device_name

        installation_id = self.installation_id

        license_ = self.license_

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "device_name": device_name,
            "installation_id": installation_id,
            "license": license_,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        device_name = d.pop("device_name")

        installation_id = d.pop("installation_id")

        license_ = d.pop("license")

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))


        confirm_request = cls(
            device_name=device_name,
            installation_id=installation_id,
            license_=license_,
            reason=reason,
        )

        return confirm_request

