from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.component import Component
from ..models.machine_class import MachineClass
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.device_key import DeviceKey
  from ..models.fingerprint_fp import FingerprintFp





T = TypeVar("T", bound="DeviceDescription")



@_attrs_define
class DeviceDescription:
    """ A device as it describes itself.

        Attributes:
            class_ (MachineClass): What kind of machine it is; a virtual machine's hardware is weighed differently.
            fp (FingerprintFp): The tags of each component that could be read.
            key (DeviceKey): A device's public key.
            name (str): The name its user knows it by.
            platform (str): Operating system and version.
            unreadable (list[Component] | Unset): Components that exist but may not be read by this process.
     """

    class_: MachineClass
    fp: FingerprintFp
    key: DeviceKey
    name: str
    platform: str
    unreadable: list[Component] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.device_key import DeviceKey # noqa: PLC0415
        from ..models.fingerprint_fp import FingerprintFp # noqa: PLC0415
        class_ = self.class_.value

        fp = self.fp.to_dict()

        key = self.key.to_dict()

        name = self.name

        platform = self.platform

        unreadable: list[str] | Unset = UNSET
        if not isinstance(self.unreadable, Unset):
            unreadable = []
            for unreadable_item_data in self.unreadable:
                unreadable_item = unreadable_item_data.value
                unreadable.append(unreadable_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "class": class_,
            "fp": fp,
            "key": key,
            "name": name,
            "platform": platform,
        })
        if unreadable is not UNSET:
            field_dict["unreadable"] = unreadable

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device_key import DeviceKey # noqa: PLC0415
        from ..models.fingerprint_fp import FingerprintFp # noqa: PLC0415
        d = dict(src_dict)
        class_ = MachineClass(d.pop("class"))




        fp = FingerprintFp.from_dict(d.pop("fp"))




        key = DeviceKey.from_dict(d.pop("key"))




        name = d.pop("name")

        platform = d.pop("platform")

        _unreadable = d.pop("unreadable", UNSET)
        unreadable: list[Component] | Unset = UNSET
        if _unreadable is not UNSET:
            unreadable = []
            for unreadable_item_data in _unreadable:
                unreadable_item = Component(unreadable_item_data)



                unreadable.append(unreadable_item)


        device_description = cls(
            class_=class_,
            fp=fp,
            key=key,
            name=name,
            platform=platform,
            unreadable=unreadable,
        )


        device_description.additional_properties = d
        return device_description

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
