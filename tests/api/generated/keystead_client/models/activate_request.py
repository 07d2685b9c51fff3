from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.device_description import DeviceDescription





T = TypeVar("T", bound="ActivateRequest")



@_attrs_define
class ActivateRequest:
    """ Asks for an activation, by product key or, without one, by the signed-in owner.

        Attributes:
            device (DeviceDescription): A device as it describes itself.
            product (str): The product's short name.
            app_version (None | str | Unset): The application's version.
            license_ (None | str | Unset):
            product_key (None | str | Unset): The product key, in any typed form.
     """

    device: DeviceDescription
    product: str
    app_version: None | str | Unset = UNSET
    license_: None | str | Unset = UNSET
    product_key: None | str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.device_description import DeviceDescription # noqa: PLC0415
        device = self.device.to_dict()

        product = self.product

        app_version: None | str | Unset
        if isinstance(self.app_version, Unset):
            app_version = UNSET
        else:
            app_version = self.app_version

        license_: None | str | Unset
        if isinstance(self.license_, Unset):
            license_ = UNSET
        else:
            license_ = self.license_

        product_key: None | str | Unset
        if isinstance(self.product_key, Unset):
            product_key = UNSET
        else:
            product_key = self.product_key


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "device": device,
            "product": product,
        })
        if app_version is not UNSET:
            field_dict["app_version"] = app_version
        if license_ is not UNSET:
            field_dict["license"] = license_
        if product_key is not UNSET:
            field_dict["product_key"] = product_key

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device_description import DeviceDescription # noqa: PLC0415
        d = dict(src_dict)
        device = DeviceDescription.from_dict(d.pop("device"))




        product = d.pop("product")

        def _parse_app_version(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        app_version = _parse_app_version(d.pop("app_version", UNSET))


        def _parse_license_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        license_ = _parse_license_(d.pop("license", UNSET))


        def _parse_product_key(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        product_key = _parse_product_key(d.pop("product_key", UNSET))


        activate_request = cls(
            device=device,
            product=product,
            app_version=app_version,
            license_=license_,
            product_key=product_key,
        )

        return activate_request

