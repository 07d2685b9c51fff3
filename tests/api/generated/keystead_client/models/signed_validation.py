from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.validation import Validation





T = TypeVar("T", bound="SignedValidation")



@_attrs_define
class SignedValidation:
    """ A validation with its signature: a `lic/validation/v1` object whose payload is the JSON of `validation`.

        Attributes:
            signed (str): The signed object, base64url.
            validation (Validation): What is known, and the server's signature over it.
     """

    signed: str
    validation: Validation
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.validation import Validation # noqa: PLC0415
        signed = self.signed

        validation = self.validation.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "signed": signed,
            "validation": validation,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.validation import Validation # noqa: PLC0415
        d = dict(src_dict)
        signed = d.pop("signed")

        validation = Validation.from_dict(d.pop("validation"))




        signed_validation = cls(
            signed=signed,
            validation=validation,
        )


        signed_validation.additional_properties = d
        return signed_validation

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
