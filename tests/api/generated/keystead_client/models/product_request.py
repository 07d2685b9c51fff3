from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="ProductRequest")



@_attrs_define
class ProductRequest:
    """ Defines a product.

        Attributes:
            name (str): The name people read.
            slug (str): The short name: lower-case letters, digits, dots and dashes.
     """

    name: str
    slug: str





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        slug = self.slug


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "name": name,
            "slug": slug,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        slug = d.pop("slug")

        product_request = cls(
            name=name,
            slug=slug,
        )

        return product_request

