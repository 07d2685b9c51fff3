from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="KeyBatchRequest")



@_attrs_define
class KeyBatchRequest:
    """ Orders product keys.

        Attributes:
            count (int): How many keys, 1 to 1,000,000.
            edition (str): The edition's short name.
            policy (str): The policy's short name.
            note (str | Unset): What the batch is for.
     """

    count: int
    edition: str
    policy: str
    note: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        count = self.count

        edition = self.edition

        policy = self.policy

        note = self.note


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "count": count,
            "edition": edition,
            "policy": policy,
        })
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        count = d.pop("count")

        edition = d.pop("edition")

        policy = d.pop("policy")

        note = d.pop("note", UNSET)

        key_batch_request = cls(
            count=count,
            edition=edition,
            policy=policy,
            note=note,
        )

        return key_batch_request

