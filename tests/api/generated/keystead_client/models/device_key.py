from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="DeviceKey")



@_attrs_define
class DeviceKey:
    """ A device's public key.

        Attributes:
            alg (str): `Ed25519`, or `ESP256` for a key that a TPM keeps (RFC 9864).
            pk (str): The key's bytes, base64url: 32 of Ed25519, 33 of a compressed P-256 point (SEC 1, section 2.3.3).
     """

    alg: str
    pk: str





    def to_dict(self) -> dict[str, Any]:
        alg = self.alg

        pk = self.pk


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "alg": alg,
            "pk": pk,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        alg = d.pop("alg")

        pk = d.pop("pk")

        device_key = cls(
            alg=alg,
            pk=pk,
        )

        return device_key

