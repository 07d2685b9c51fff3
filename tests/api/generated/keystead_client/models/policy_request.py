from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.policy_rules import PolicyRules





T = TypeVar("T", bound="PolicyRequest")



@_attrs_define
class PolicyRequest:
    """ Defines a policy of a product.

        Attributes:
            rules (PolicyRules): The rules of a license. Durations in days.
            slug (str): The short name.
     """

    rules: PolicyRules
    slug: str





    def to_dict(self) -> dict[str, Any]:
        from ..models.policy_rules import PolicyRules # noqa: PLC0415
        rules = self.rules.to_dict()

        slug = self.slug


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "rules": rules,
            "slug": slug,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.policy_rules import PolicyRules # noqa: PLC0415
        d = dict(src_dict)
        rules = PolicyRules.from_dict(d.pop("rules"))




        slug = d.pop("slug")

        policy_request = cls(
            rules=rules,
            slug=slug,
        )

        return policy_request

