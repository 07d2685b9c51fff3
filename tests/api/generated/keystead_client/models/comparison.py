from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.component import Component
from ..models.similarity import Similarity
from typing import cast






T = TypeVar("T", bound="Comparison")



@_attrs_define
class Comparison:
    """ The outcome of a comparison and what explains it.

        Attributes:
            changed (list[Component]): Components that changed or are gone.
            drift (int): The weight of `changed` in points.
            matched (list[Component]): Components that match.
            score (int): Matching weight in percent of the weight that could be compared, rounded down.
            similarity (Similarity): How alike, from least to most.
            weak (bool): Too little was enrolled for a judgement by hardware; the lease must be short.
     """

    changed: list[Component]
    drift: int
    matched: list[Component]
    score: int
    similarity: Similarity
    weak: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        changed = []
        for changed_item_data in self.changed:
            changed_item = changed_item_data.value
            changed.append(changed_item)



        drift = self.drift

        matched = []
        for matched_item_data in self.matched:
            matched_item = matched_item_data.value
            matched.append(matched_item)



        score = self.score

        similarity = self.similarity.value

        weak = self.weak


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "changed": changed,
            "drift": drift,
            "matched": matched,
            "score": score,
            "similarity": similarity,
            "weak": weak,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        changed = []
        _changed = d.pop("changed")
        for changed_item_data in (_changed):
            changed_item = Component(changed_item_data)



            changed.append(changed_item)


        drift = d.pop("drift")

        matched = []
        _matched = d.pop("matched")
        for matched_item_data in (_matched):
            matched_item = Component(matched_item_data)



            matched.append(matched_item)


        score = d.pop("score")

        similarity = Similarity(d.pop("similarity"))




        weak = d.pop("weak")

        comparison = cls(
            changed=changed,
            drift=drift,
            matched=matched,
            score=score,
            similarity=similarity,
            weak=weak,
        )


        comparison.additional_properties = d
        return comparison

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
