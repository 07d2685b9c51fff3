from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="LinkingDisclosure")



@_attrs_define
class LinkingDisclosure:
    """ What is stored when a license is linked, and why.

        Attributes:
            paragraphs (list[str]): The text, a paragraph an entry.
            version (int): The text's version, to be sent with the consent.
     """

    paragraphs: list[str]
    version: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        paragraphs = self.paragraphs



        version = self.version


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "paragraphs": paragraphs,
            "version": version,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        paragraphs = cast(list[str], d.pop("paragraphs"))


        version = d.pop("version")

        linking_disclosure = cls(
            paragraphs=paragraphs,
            version=version,
        )


        linking_disclosure.additional_properties = d
        return linking_disclosure

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
