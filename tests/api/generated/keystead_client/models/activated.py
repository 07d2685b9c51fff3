from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.state import State
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="Activated")



@_attrs_define
class Activated:
    """ A certificate and what goes with it.

        Attributes:
            activation (str):
            device (str):
            keys (list[str]): Root-signed statements of the keys that certificates are signed with, base64url.
            license_ (str):
            ratchet (str): The ratchet's 16 bytes, base64url, to be shown at the next refresh.
            state (State): The state of a product on a device.
            token (str): The certificate, base64url.
            offline_secret (None | str | Unset): A secret of this activation's, 32 bytes as base64url, by which its term can
                be prolonged without a network.
     """

    activation: str
    device: str
    keys: list[str]
    license_: str
    ratchet: str
    state: State
    token: str
    offline_secret: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        activation = self.activation

        device = self.device

        keys = self.keys



        license_ = self.license_

        ratchet = self.ratchet

        state = self.state.value

        token = self.token

        offline_secret: None | str | Unset
        if isinstance(self.offline_secret, Unset):
            offline_secret = UNSET
        else:
            offline_secret = self.offline_secret


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "activation": activation,
            "device": device,
            "keys": keys,
            "license": license_,
            "ratchet": ratchet,
            "state": state,
            "token": token,
        })
        if offline_secret is not UNSET:
            field_dict["offline_secret"] = offline_secret

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        activation = d.pop("activation")

        device = d.pop("device")

        keys = cast(list[str], d.pop("keys"))


        license_ = d.pop("license")

        ratchet = d.pop("ratchet")

        state = State(d.pop("state"))




        token = d.pop("token")

        def _parse_offline_secret(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        offline_secret = _parse_offline_secret(d.pop("offline_secret", UNSET))


        activated = cls(
            activation=activation,
            device=device,
            keys=keys,
            license_=license_,
            ratchet=ratchet,
            state=state,
            token=token,
            offline_secret=offline_secret,
        )


        activated.additional_properties = d
        return activated

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
