from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.offline_terms import OfflineTerms





T = TypeVar("T", bound="AppProfile")



@_attrs_define
class AppProfile:
    """ What an application must know of its vendor: generated once, shipped inside the application.

        Attributes:
            fingerprint_salt (str): The salt of this vendor's fingerprints, 32 bytes base64url.
            issuer (str): The vendor's short name.
            product (str): The product's short name.
            product_code (int): The number in the product's keys.
            product_name (str): The product's name.
            roots (list[str]): The vendor's root keys, base64url, one or two.
            server (str): The server's address, without a trailing slash.
            limited_features (list[str] | Unset): What works without a license, sorted: the features of the edition whose
                short name is `limited`.
            offline (None | OfflineTerms | Unset):
     """

    fingerprint_salt: str
    issuer: str
    product: str
    product_code: int
    product_name: str
    roots: list[str]
    server: str
    limited_features: list[str] | Unset = UNSET
    offline: None | OfflineTerms | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.offline_terms import OfflineTerms # noqa: PLC0415
        fingerprint_salt = self.fingerprint_salt

        issuer = self.issuer

        product = self.product

        product_code = self.product_code

        product_name = self.product_name

        roots = self.roots



        server = self.server

        limited_features: list[str] | Unset = UNSET
        if not isinstance(self.limited_features, Unset):
            limited_features = self.limited_features



        offline: dict[str, Any] | None | Unset
        if isinstance(self.offline, Unset):
            offline = UNSET
        elif isinstance(self.offline, OfflineTerms):
            offline = self.offline.to_dict()
        else:
            offline = self.offline


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "fingerprint_salt": fingerprint_salt,
            "issuer": issuer,
            "product": product,
            "product_code": product_code,
            "product_name": product_name,
            "roots": roots,
            "server": server,
        })
        if limited_features is not UNSET:
            field_dict["limited_features"] = limited_features
        if offline is not UNSET:
            field_dict["offline"] = offline

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.offline_terms import OfflineTerms # noqa: PLC0415
        d = dict(src_dict)
        fingerprint_salt = d.pop("fingerprint_salt")

        issuer = d.pop("issuer")

        product = d.pop("product")

        product_code = d.pop("product_code")

        product_name = d.pop("product_name")

        roots = cast(list[str], d.pop("roots"))


        server = d.pop("server")

        limited_features = cast(list[str], d.pop("limited_features", UNSET))


        def _parse_offline(data: object) -> None | OfflineTerms | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                offline_type_0 = OfflineTerms.from_dict(data)



                return offline_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OfflineTerms | Unset, data)

        offline = _parse_offline(d.pop("offline", UNSET))


        app_profile = cls(
            fingerprint_salt=fingerprint_salt,
            issuer=issuer,
            product=product,
            product_code=product_code,
            product_name=product_name,
            roots=roots,
            server=server,
            limited_features=limited_features,
            offline=offline,
        )


        app_profile.additional_properties = d
        return app_profile

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
