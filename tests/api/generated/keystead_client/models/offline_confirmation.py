from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="OfflineConfirmation")



@_attrs_define
class OfflineConfirmation:
    """ A confirmation.

        Attributes:
            activation (str):
            days (int): For how many days it serves.
            lines (list[str]): The lines to be typed on the device: four, or one for a device whose certificate has served
                its time.
     """

    activation: str
    days: int
    lines: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        activation = self.activation

        days = self.days

        lines = self.lines




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "activation": activation,
            "days": days,
            "lines": lines,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        activation = d.pop("activation")

        days = d.pop("days")

        lines = cast(list[str], d.pop("lines"))


        offline_confirmation = cls(
            activation=activation,
            days=days,
            lines=lines,
        )


        offline_confirmation.additional_properties = d
        return offline_confirmation

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
