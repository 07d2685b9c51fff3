from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="EditionRequest")



@_attrs_define
class EditionRequest:
    """ Defines an edition of a product.

        Attributes:
            features (list[str]): The features it unlocks, at most 64.
            name (str): The name people read.
            slug (str): The short name.
     """

    features: list[str]
    name: str
    slug: str





    def to_dict(self) -> dict[str, Any]:
        features = self.features



        name = self.name

        slug = self.slug


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "features": features,
            "name": name,
            "slug": slug,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        features = cast(list[str], d.pop("features"))


        name = d.pop("name")

        slug = d.pop("slug")

        edition_request = cls(
            features=features,
            name=name,
            slug=slug,
        )

        return edition_request

