from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.fingerprint import Fingerprint
  from ..models.ratchet import Ratchet





T = TypeVar("T", bound="RefreshRequest")



@_attrs_define
class RefreshRequest:
    """ Asks for a fresh certificate.

        Attributes:
            fingerprint (Fingerprint): What was read of a device at one time. A component that is in neither field is
                absent.
            ratchet (Ratchet): The two halves of the refresh ratchet.
     """

    fingerprint: Fingerprint
    ratchet: Ratchet





    def to_dict(self) -> dict[str, Any]:
        from ..models.fingerprint import Fingerprint # noqa: PLC0415
        from ..models.ratchet import Ratchet # noqa: PLC0415
        fingerprint = self.fingerprint.to_dict()

        ratchet = self.ratchet.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "fingerprint": fingerprint,
            "ratchet": ratchet,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fingerprint import Fingerprint # noqa: PLC0415
        from ..models.ratchet import Ratchet # noqa: PLC0415
        d = dict(src_dict)
        fingerprint = Fingerprint.from_dict(d.pop("fingerprint"))




        ratchet = Ratchet.from_dict(d.pop("ratchet"))




        refresh_request = cls(
            fingerprint=fingerprint,
            ratchet=ratchet,
        )

        return refresh_request

