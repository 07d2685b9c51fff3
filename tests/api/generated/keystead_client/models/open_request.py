from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.device_description import DeviceDescription





T = TypeVar("T", bound="OpenRequest")



@_attrs_define
class OpenRequest:
    """ An installation is online for the first time and opens what it was committed to.

        Attributes:
            device (DeviceDescription): A device as it describes itself.
            installation_id (str): What it showed.
            nonce (str): The nonce of the commitment, 16 hexadecimal digits.
     """

    device: DeviceDescription
    installation_id: str
    nonce: str





    def to_dict(self) -> dict[str, Any]:
        from ..models.device_description import DeviceDescription # noqa: PLC0415
        device = self.device.to_dict()

        installation_id = self.installation_id

        nonce = self.nonce


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "device": device,
            "installation_id": installation_id,
            "nonce": nonce,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device_description import DeviceDescription # noqa: PLC0415
        d = dict(src_dict)
        device = DeviceDescription.from_dict(d.pop("device"))




        installation_id = d.pop("installation_id")

        nonce = d.pop("nonce")

        open_request = cls(
            device=device,
            installation_id=installation_id,
            nonce=nonce,
        )

        return open_request

