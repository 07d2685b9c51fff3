from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.state import State
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="ActivationDetails")



@_attrs_define
class ActivationDetails:
    """ One activation with what its user wants to know of its license.

        Attributes:
            activated_at (int): When it was first activated.
            device (str):
            id (str):
            lease_until (int): Until when its certificate serves without a refresh.
            license_ (str):
            product (str): The product's short name.
            product_name (str): The product's name.
            refreshed_at (int): When it was last refreshed.
            sentence (str): The state in one sentence.
            state (State): The state of a product on a device.
            edition (str): The edition's name.
            key_last_group (str): The last group of the license's product key.
            seats (int): Seats in all.
            seats_used (int): Seats in use.
            code (None | str | Unset): Why not, if something is wrong.
            next_action (None | str | Unset): What to do next, if something is wrong.
            license_expires_at (int | None | Unset): When the license ends; absent is never.
     """

    activated_at: int
    device: str
    id: str
    lease_until: int
    license_: str
    product: str
    product_name: str
    refreshed_at: int
    sentence: str
    state: State
    edition: str
    key_last_group: str
    seats: int
    seats_used: int
    code: None | str | Unset = UNSET
    next_action: None | str | Unset = UNSET
    license_expires_at: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        activated_at = self.activated_at

        device = self.device

        id = self.id

        lease_until = self.lease_until

        license_ = self.license_

        product = self.product

        product_name = self.product_name

        refreshed_at = self.refreshed_at

        sentence = self.sentence

        state = self.state.value

        edition = self.edition

        key_last_group = self.key_last_group

        seats = self.seats

        seats_used = self.seats_used

        code: None | str | Unset
        if isinstance(self.code, Unset):
            code = UNSET
        else:
            code = self.code

        next_action: None | str | Unset
        if isinstance(self.next_action, Unset):
            next_action = UNSET
        else:
            next_action = self.next_action

        license_expires_at: int | None | Unset
        if isinstance(self.license_expires_at, Unset):
            license_expires_at = UNSET
        else:
            license_expires_at = self.license_expires_at


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "activated_at": activated_at,
            "device": device,
            "id": id,
            "lease_until": lease_until,
            "license": license_,
            "product": product,
            "product_name": product_name,
            "refreshed_at": refreshed_at,
            "sentence": sentence,
            "state": state,
            "edition": edition,
            "key_last_group": key_last_group,
            "seats": seats,
            "seats_used": seats_used,
        })
        if code is not UNSET:
            field_dict["code"] = code
        if next_action is not UNSET:
            field_dict["next_action"] = next_action
        if license_expires_at is not UNSET:
            field_dict["license_expires_at"] = license_expires_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        activated_at = d.pop("activated_at")

        device = d.pop("device")

        id = d.pop("id")

        lease_until = d.pop("lease_until")

        license_ = d.pop("license")

        product = d.pop("product")

        product_name = d.pop("product_name")

        refreshed_at = d.pop("refreshed_at")

        sentence = d.pop("sentence")

        state = State(d.pop("state"))




        edition = d.pop("edition")

        key_last_group = d.pop("key_last_group")

        seats = d.pop("seats")

        seats_used = d.pop("seats_used")

        def _parse_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        code = _parse_code(d.pop("code", UNSET))


        def _parse_next_action(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        next_action = _parse_next_action(d.pop("next_action", UNSET))


        def _parse_license_expires_at(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        license_expires_at = _parse_license_expires_at(d.pop("license_expires_at", UNSET))


        activation_details = cls(
            activated_at=activated_at,
            device=device,
            id=id,
            lease_until=lease_until,
            license_=license_,
            product=product,
            product_name=product_name,
            refreshed_at=refreshed_at,
            sentence=sentence,
            state=state,
            edition=edition,
            key_last_group=key_last_group,
            seats=seats,
            seats_used=seats_used,
            code=code,
            next_action=next_action,
            license_expires_at=license_expires_at,
        )


        activation_details.additional_properties = d
        return activation_details

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
