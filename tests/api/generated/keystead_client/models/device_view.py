from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.activation_view import ActivationView





T = TypeVar("T", bound="DeviceView")



@_attrs_define
class DeviceView:
    """ A device of the signed-in account.

        Attributes:
            activations (list[ActivationView]): Its activations of the account's licenses.
            created_at (int): When it was first seen.
            id (str):
            last_seen_at (int): When it was last seen.
            name (str): Its name.
            platform (str): Operating system and version.
     """

    activations: list[ActivationView]
    created_at: int
    id: str
    last_seen_at: int
    name: str
    platform: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.activation_view import ActivationView # noqa: PLC0415
        activations = []
        for activations_item_data in self.activations:
            activations_item = activations_item_data.to_dict()
            activations.append(activations_item)



        created_at = self.created_at

        id = self.id

        last_seen_at = self.last_seen_at

        name = self.name

        platform = self.platform


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "activations": activations,
            "created_at": created_at,
            "id": id,
            "last_seen_at": last_seen_at,
            "name": name,
            "platform": platform,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.activation_view import ActivationView # noqa: PLC0415
        d = dict(src_dict)
        activations = []
        _activations = d.pop("activations")
        for activations_item_data in (_activations):
            activations_item = ActivationView.from_dict(activations_item_data)



            activations.append(activations_item)


        created_at = d.pop("created_at")

        id = d.pop("id")

        last_seen_at = d.pop("last_seen_at")

        name = d.pop("name")

        platform = d.pop("platform")

        device_view = cls(
            activations=activations,
            created_at=created_at,
            id=id,
            last_seen_at=last_seen_at,
            name=name,
            platform=platform,
        )


        device_view.additional_properties = d
        return device_view

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
