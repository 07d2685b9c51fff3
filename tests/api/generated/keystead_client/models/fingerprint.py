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
  from ..models.fingerprint_fp import FingerprintFp





T = TypeVar("T", bound="Fingerprint")



@_attrs_define
class Fingerprint:
    """ What was read of a device at one time. A component that is in neither field is absent.

        Attributes:
            class_ (MachineClass): What kind of machine it is; a virtual machine's hardware is weighed differently.
            fp (FingerprintFp): The tags of each component that could be read.
            unreadable (list[Component] | Unset): Components that exist but may not be read by this process.
     """

    class_: MachineClass
    fp: FingerprintFp
    unreadable: list[Component] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.fingerprint_fp import FingerprintFp # noqa: PLC0415
        class_ = self.class_.value

        fp = self.fp.to_dict()

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
        })
        if unreadable is not UNSET:
            field_dict["unreadable"] = unreadable

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fingerprint_fp import FingerprintFp # noqa: PLC0415
        d = dict(src_dict)
        class_ = MachineClass(d.pop("class"))




        fp = FingerprintFp.from_dict(d.pop("fp"))




        _unreadable = d.pop("unreadable", UNSET)
        unreadable: list[Component] | Unset = UNSET
        if _unreadable is not UNSET:
            unreadable = []
            for unreadable_item_data in _unreadable:
                unreadable_item = Component(unreadable_item_data)



                unreadable.append(unreadable_item)


        fingerprint = cls(
            class_=class_,
            fp=fp,
            unreadable=unreadable,
        )


        fingerprint.additional_properties = d
        return fingerprint

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
