from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.linking_consent import LinkingConsent





T = TypeVar("T", bound="LinkRequest")



@_attrs_define
class LinkRequest:
    """ Links a license to the signed-in account, on the word of an activated device or of the product key.

        Attributes:
            consent (LinkingConsent): The disclosure that a customer agrees to before linking.
            activation (None | str | Unset):
            product_key (None | str | Unset): Or the product key.
     """

    consent: LinkingConsent
    activation: None | str | Unset = UNSET
    product_key: None | str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.linking_consent import LinkingConsent # noqa: PLC0415
        consent = self.consent.to_dict()

        activation: None | str | Unset
        if isinstance(self.activation, Unset):
            activation = UNSET
        else:
            activation = self.activation

        product_key: None | str | Unset
        if isinstance(self.product_key, Unset):
            product_key = UNSET
        else:
            product_key = self.product_key


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "consent": consent,
        })
        if activation is not UNSET:
            field_dict["activation"] = activation
        if product_key is not UNSET:
            field_dict["product_key"] = product_key

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.linking_consent import LinkingConsent # noqa: PLC0415
        d = dict(src_dict)
        consent = LinkingConsent.from_dict(d.pop("consent"))




        def _parse_activation(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        activation = _parse_activation(d.pop("activation", UNSET))


        def _parse_product_key(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        product_key = _parse_product_key(d.pop("product_key", UNSET))


        link_request = cls(
            consent=consent,
            activation=activation,
            product_key=product_key,
        )

        return link_request

