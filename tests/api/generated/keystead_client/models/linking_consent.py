from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="LinkingConsent")



@_attrs_define
class LinkingConsent:
    """ The disclosure that a customer agrees to before linking.

        Attributes:
            agreed (bool): Whether it was agreed to.
            version (int): Which version of the text was shown.
     """

    agreed: bool
    version: int





    def to_dict(self) -> dict[str, Any]:
        agreed = self.agreed

        version = self.version


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "agreed": agreed,
            "version": version,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        agreed = d.pop("agreed")

        version = d.pop("version")

        linking_consent = cls(
            agreed=agreed,
            version=version,
        )

        return linking_consent

