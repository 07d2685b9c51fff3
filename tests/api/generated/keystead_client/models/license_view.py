from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.standing_name import StandingName
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="LicenseView")



@_attrs_define
class LicenseView:
    """ A license as its owner or the vendor sees it.

        Attributes:
            claimed_at (int): When it was first activated.
            edition (str): The edition's name.
            id (str):
            key_last_group (str): The last group of its product key.
            linked (bool): Whether it is linked to an account.
            product (str): The product's short name.
            product_name (str): The product's name.
            rebinds_left (int): How often it may still be moved to changed hardware in the current window.
            seats (int): Seats in all.
            seats_used (int): Seats in use.
            standing (StandingName): Whether a license may be used.
            expires_at (int | None | Unset): When it ends; absent is never.
     """

    claimed_at: int
    edition: str
    id: str
    key_last_group: str
    linked: bool
    product: str
    product_name: str
    rebinds_left: int
    seats: int
    seats_used: int
    standing: StandingName
    expires_at: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        claimed_at = self.claimed_at

        edition = self.edition

        id = self.id

        key_last_group = self.key_last_group

        linked = self.linked

        product = self.product

        product_name = self.product_name

        rebinds_left = self.rebinds_left

        seats = self.seats

        seats_used = self.seats_used

        standing = self.standing.value

        expires_at: int | None | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        else:
            expires_at = self.expires_at


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "claimed_at": claimed_at,
            "edition": edition,
            "id": id,
            "key_last_group": key_last_group,
            "linked": linked,
            "product": product,
            "product_name": product_name,
            "rebinds_left": rebinds_left,
            "seats": seats,
            "seats_used": seats_used,
            "standing": standing,
        })
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        claimed_at = d.pop("claimed_at")

        edition = d.pop("edition")

        id = d.pop("id")

        key_last_group = d.pop("key_last_group")

        linked = d.pop("linked")

        product = d.pop("product")

        product_name = d.pop("product_name")

        rebinds_left = d.pop("rebinds_left")

        seats = d.pop("seats")

        seats_used = d.pop("seats_used")

        standing = StandingName(d.pop("standing"))




        def _parse_expires_at(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        expires_at = _parse_expires_at(d.pop("expires_at", UNSET))


        license_view = cls(
            claimed_at=claimed_at,
            edition=edition,
            id=id,
            key_last_group=key_last_group,
            linked=linked,
            product=product,
            product_name=product_name,
            rebinds_left=rebinds_left,
            seats=seats,
            seats_used=seats_used,
            standing=standing,
            expires_at=expires_at,
        )


        license_view.additional_properties = d
        return license_view

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
