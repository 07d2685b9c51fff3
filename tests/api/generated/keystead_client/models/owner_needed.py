from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.state import State
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.comparison import Comparison





T = TypeVar("T", bound="OwnerNeeded")



@_attrs_define
class OwnerNeeded:
    """ A device gets no fresh certificate until its owner decides: its hardware changed too much, or two copies are in use.

        Attributes:
            state (State): The state of a product on a device.
            comparison (Comparison | None | Unset):
            grace_until (int | None | Unset): Until when the product goes on working with changed hardware, UTC
                milliseconds.
     """

    state: State
    comparison: Comparison | None | Unset = UNSET
    grace_until: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.comparison import Comparison # noqa: PLC0415
        state = self.state.value

        comparison: dict[str, Any] | None | Unset
        if isinstance(self.comparison, Unset):
            comparison = UNSET
        elif isinstance(self.comparison, Comparison):
            comparison = self.comparison.to_dict()
        else:
            comparison = self.comparison

        grace_until: int | None | Unset
        if isinstance(self.grace_until, Unset):
            grace_until = UNSET
        else:
            grace_until = self.grace_until


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "state": state,
        })
        if comparison is not UNSET:
            field_dict["comparison"] = comparison
        if grace_until is not UNSET:
            field_dict["grace_until"] = grace_until

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.comparison import Comparison # noqa: PLC0415
        d = dict(src_dict)
        state = State(d.pop("state"))




        def _parse_comparison(data: object) -> Comparison | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                comparison_type_0 = Comparison.from_dict(data)



                return comparison_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Comparison | None | Unset, data)

        comparison = _parse_comparison(d.pop("comparison", UNSET))


        def _parse_grace_until(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        grace_until = _parse_grace_until(d.pop("grace_until", UNSET))


        owner_needed = cls(
            state=state,
            comparison=comparison,
            grace_until=grace_until,
        )


        owner_needed.additional_properties = d
        return owner_needed

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
