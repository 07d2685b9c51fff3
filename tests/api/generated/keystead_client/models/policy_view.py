from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.policy_rules import PolicyRules





T = TypeVar("T", bound="PolicyView")



@_attrs_define
class PolicyView:
    """ A policy.

        Attributes:
            id (str):
            number (int): The number in certificates.
            product (str): The product's short name.
            rules (PolicyRules): The rules of a license. Durations in days.
            slug (str): The short name.
     """

    id: str
    number: int
    product: str
    rules: PolicyRules
    slug: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.policy_rules import PolicyRules # noqa: PLC0415
        id = self.id

        number = self.number

        product = self.product

        rules = self.rules.to_dict()

        slug = self.slug


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "number": number,
            "product": product,
            "rules": rules,
            "slug": slug,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.policy_rules import PolicyRules # noqa: PLC0415
        d = dict(src_dict)
        id = d.pop("id")

        number = d.pop("number")

        product = d.pop("product")

        rules = PolicyRules.from_dict(d.pop("rules"))




        slug = d.pop("slug")

        policy_view = cls(
            id=id,
            number=number,
            product=product,
            rules=rules,
            slug=slug,
        )


        policy_view.additional_properties = d
        return policy_view

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
