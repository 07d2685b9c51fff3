from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="EditionView")



@_attrs_define
class EditionView:
    """ An edition.

        Attributes:
            features (list[str]): The features it unlocks, sorted.
            id (str):
            name (str): The name people read.
            product (str): The product's short name.
            slug (str): The short name.
     """

    features: list[str]
    id: str
    name: str
    product: str
    slug: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        features = self.features



        id = self.id

        name = self.name

        product = self.product

        slug = self.slug


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "features": features,
            "id": id,
            "name": name,
            "product": product,
            "slug": slug,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        features = cast(list[str], d.pop("features"))


        id = d.pop("id")

        name = d.pop("name")

        product = d.pop("product")

        slug = d.pop("slug")

        edition_view = cls(
            features=features,
            id=id,
            name=name,
            product=product,
            slug=slug,
        )


        edition_view.additional_properties = d
        return edition_view

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
