from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="Deactivated")



@_attrs_define
class Deactivated:
    """ What became of a device's seats.

        Attributes:
            seats_freed (int): How many seats became free.
            stops_by (int): The product may go on working there until then, UTC milliseconds: a device without network is
                not reached.
     """

    seats_freed: int
    stops_by: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        seats_freed = self.seats_freed

        stops_by = self.stops_by


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "seats_freed": seats_freed,
            "stops_by": stops_by,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        seats_freed = d.pop("seats_freed")

        stops_by = d.pop("stops_by")

        deactivated = cls(
            seats_freed=seats_freed,
            stops_by=stops_by,
        )


        deactivated.additional_properties = d
        return deactivated

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
