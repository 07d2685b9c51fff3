from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.device_description import DeviceDescription





T = TypeVar("T", bound="RebindRequest")



@_attrs_define
class RebindRequest:
    """ Moves an activation to the device that sends this, which its owner says is the same one.

        Attributes:
            confirm (str): `this_is_that_device`.
            device (DeviceDescription): A device as it describes itself.
     """

    confirm: str
    device: DeviceDescription





    def to_dict(self) -> dict[str, Any]:
        from ..models.device_description import DeviceDescription # noqa: PLC0415
        confirm = self.confirm

        device = self.device.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "confirm": confirm,
            "device": device,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device_description import DeviceDescription # noqa: PLC0415
        d = dict(src_dict)
        confirm = d.pop("confirm")

        device = DeviceDescription.from_dict(d.pop("device"))




        rebind_request = cls(
            confirm=confirm,
            device=device,
        )

        return rebind_request

