from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.offline_row import OfflineRow





T = TypeVar("T", bound="OfflineTerms")



@_attrs_define
class OfflineTerms:
    """ What can be confirmed without a network: the key that confirmations are checked with, and what they grant.

        Attributes:
            key (str): The public key's 96 bytes, base64url.
            rows (list[OfflineRow]): The table; a confirmation grants one row of it. Rows are only ever added.
     """

    key: str
    rows: list[OfflineRow]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.offline_row import OfflineRow # noqa: PLC0415
        key = self.key

        rows = []
        for rows_item_data in self.rows:
            rows_item = rows_item_data.to_dict()
            rows.append(rows_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "key": key,
            "rows": rows,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.offline_row import OfflineRow # noqa: PLC0415
        d = dict(src_dict)
        key = d.pop("key")

        rows = []
        _rows = d.pop("rows")
        for rows_item_data in (_rows):
            rows_item = OfflineRow.from_dict(rows_item_data)



            rows.append(rows_item)


        offline_terms = cls(
            key=key,
            rows=rows,
        )


        offline_terms.additional_properties = d
        return offline_terms

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
