from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.problem_facts_type_0 import ProblemFactsType0





T = TypeVar("T", bound="Problem")



@_attrs_define
class Problem:
    """ An error's body (RFC 9457, section 3).

        Attributes:
            code (str): The stable code.
            next_action (str): What to do next.
            number (int): The code's number.
            status (int): The HTTP status.
            title (str): The cause in one sentence.
            type_ (str): A URI reference that names the kind of problem.
            detail (None | str | Unset): What is particular to this case.
            facts (None | ProblemFactsType0 | Unset): Further facts, by code.
            request_id (None | str | Unset): The request's id, by which the operator finds it in the server's log.
     """

    code: str
    next_action: str
    number: int
    status: int
    title: str
    type_: str
    detail: None | str | Unset = UNSET
    facts: None | ProblemFactsType0 | Unset = UNSET
    request_id: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.problem_facts_type_0 import ProblemFactsType0 # noqa: PLC0415
        code = self.code

        next_action = self.next_action

        number = self.number

        status = self.status

        title = self.title

        type_ = self.type_

        detail: None | str | Unset
        if isinstance(self.detail, Unset):
            detail = UNSET
        else:
            detail = self.detail

        facts: dict[str, Any] | None | Unset
        if isinstance(self.facts, Unset):
            facts = UNSET
        elif isinstance(self.facts, ProblemFactsType0):
            facts = self.facts.to_dict()
        else:
            facts = self.facts

        request_id: None | str | Unset
        if isinstance(self.request_id, Unset):
            request_id = UNSET
        else:
            request_id = self.request_id


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "code": code,
            "next_action": next_action,
            "number": number,
            "status": status,
            "title": title,
            "type": type_,
        })
        if detail is not UNSET:
            field_dict["detail"] = detail
        if facts is not UNSET:
            field_dict["facts"] = facts
        if request_id is not UNSET:
            field_dict["request_id"] = request_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.problem_facts_type_0 import ProblemFactsType0 # noqa: PLC0415
        d = dict(src_dict)
        code = d.pop("code")

        next_action = d.pop("next_action")

        number = d.pop("number")

        status = d.pop("status")

        title = d.pop("title")

        type_ = d.pop("type")

        def _parse_detail(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        detail = _parse_detail(d.pop("detail", UNSET))


        def _parse_facts(data: object) -> None | ProblemFactsType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                facts_type_0 = ProblemFactsType0.from_dict(data)



                return facts_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ProblemFactsType0 | Unset, data)

        facts = _parse_facts(d.pop("facts", UNSET))


        def _parse_request_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        request_id = _parse_request_id(d.pop("request_id", UNSET))


        problem = cls(
            code=code,
            next_action=next_action,
            number=number,
            status=status,
            title=title,
            type_=type_,
            detail=detail,
            facts=facts,
            request_id=request_id,
        )


        problem.additional_properties = d
        return problem

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
