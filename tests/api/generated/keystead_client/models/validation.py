from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.state import State
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="Validation")



@_attrs_define
class Validation:
    """ What is known, and the server's signature over it.

        Attributes:
            at (int): When this was said, UTC milliseconds.
            state (State): The state of a product on a device.
            valid (bool): Whether the product may be used on the strength of what was asked about.
            activation (None | str | Unset):
            code (None | str | Unset): Why not.
            license_ (None | str | Unset):
     """

    at: int
    state: State
    valid: bool
    activation: None | str | Unset = UNSET
    code: None | str | Unset = UNSET
    license_: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        at = self.at

        state = self.state.value

        valid = self.valid

        activation: None | str | Unset
        if isinstance(self.activation, Unset):
            activation = UNSET
        else:
            activation = self.activation

        code: None | str | Unset
        if isinstance(self.code, Unset):
            code = UNSET
        else:
            code = self.code

        license_: None | str | Unset
        if isinstance(self.license_, Unset):
            license_ = UNSET
        else:
            license_ = self.license_


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "at": at,
            "state": state,
            "valid": valid,
        })
        if activation is not UNSET:
            field_dict["activation"] = activation
        if code is not UNSET:
            field_dict["code"] = code
        if license_ is not UNSET:
            field_dict["license"] = license_

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        at = d.pop("at")

        state = State(d.pop("state"))




        valid = d.pop("valid")

        def _parse_activation(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        activation = _parse_activation(d.pop("activation", UNSET))


        def _parse_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        code = _parse_code(d.pop("code", UNSET))


        def _parse_license_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        license_ = _parse_license_(d.pop("license", UNSET))


        validation = cls(
            at=at,
            state=state,
            valid=valid,
            activation=activation,
            code=code,
            license_=license_,
        )


        validation.additional_properties = d
        return validation

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
