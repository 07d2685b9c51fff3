from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.account_rule import AccountRule
from ..models.channel import Channel
from ..models.term_type_0 import TermType0
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.term_type_1 import TermType1
  from ..models.term_type_2 import TermType2





T = TypeVar("T", bound="PolicyRules")



@_attrs_define
class PolicyRules:
    """ The rules of a license. Durations in days.

        Attributes:
            account (AccountRule | Unset): Whether an account is needed.
            channel (Channel | Unset): How a product is sold.
            floating_hours (int | Unset): How long a device without hardware of its own, as a container, keeps its seat
                without a sign of life, in hours up to 8,760;
                0: as long as others. Default: 24.
            grace_days (int | Unset): How long the product goes on after the lease, up to 400. Default: 30.
            hardware_grace_days (int | Unset): How long it goes on after a significant hardware change, up to 400. Default:
                14.
            lease_days (int | Unset): How long a certificate serves, 1 to 400. Default: 180.
            rebind_window_days (int | Unset): The rolling window, 1 to 3,650. Default: 365.
            rebinds (int | Unset): How often a license may be moved to changed hardware within `rebind_window_days`, up to
                1,000. Default: 4.
            refresh_days (int | Unset): After how long a device refreshes, up to `lease_days`. Default: 30.
            seats (int | Unset): Devices at the same time, 1 to 100,000. Default: 1.
            term (TermType0 | TermType1 | TermType2 | Unset): How long a license lasts.
     """

    account: AccountRule | Unset = UNSET
    channel: Channel | Unset = UNSET
    floating_hours: int | Unset = 24
    grace_days: int | Unset = 30
    hardware_grace_days: int | Unset = 14
    lease_days: int | Unset = 180
    rebind_window_days: int | Unset = 365
    rebinds: int | Unset = 4
    refresh_days: int | Unset = 30
    seats: int | Unset = 1
    term: TermType0 | TermType1 | TermType2 | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.term_type_1 import TermType1 # noqa: PLC0415
        from ..models.term_type_2 import TermType2 # noqa: PLC0415
        account: str | Unset = UNSET
        if not isinstance(self.account, Unset):
            account = self.account.value


        channel: str | Unset = UNSET
        if not isinstance(self.channel, Unset):
            channel = self.channel.value


        floating_hours = self.floating_hours

        grace_days = self.grace_days

        hardware_grace_days = self.hardware_grace_days

        lease_days = self.lease_days

        rebind_window_days = self.rebind_window_days

        rebinds = self.rebinds

        refresh_days = self.refresh_days

        seats = self.seats

        term: dict[str, Any] | str | Unset
        if isinstance(self.term, Unset):
            term = UNSET
        elif isinstance(self.term, TermType0):
            term = self.term.value
        elif isinstance(self.term, TermType1):
            term = self.term.to_dict()
        else:
            term = self.term.to_dict()



        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if account is not UNSET:
            field_dict["account"] = account
        if channel is not UNSET:
            field_dict["channel"] = channel
        if floating_hours is not UNSET:
            field_dict["floating_hours"] = floating_hours
        if grace_days is not UNSET:
            field_dict["grace_days"] = grace_days
        if hardware_grace_days is not UNSET:
            field_dict["hardware_grace_days"] = hardware_grace_days
        if lease_days is not UNSET:
            field_dict["lease_days"] = lease_days
        if rebind_window_days is not UNSET:
            field_dict["rebind_window_days"] = rebind_window_days
        if rebinds is not UNSET:
            field_dict["rebinds"] = rebinds
        if refresh_days is not UNSET:
            field_dict["refresh_days"] = refresh_days
        if seats is not UNSET:
            field_dict["seats"] = seats
        if term is not UNSET:
            field_dict["term"] = term

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.term_type_1 import TermType1 # noqa: PLC0415
        from ..models.term_type_2 import TermType2 # noqa: PLC0415
        d = dict(src_dict)
        _account = d.pop("account", UNSET)
        account: AccountRule | Unset
        if isinstance(_account,  Unset):
            account = UNSET
        else:
            account = AccountRule(_account)




        _channel = d.pop("channel", UNSET)
        channel: Channel | Unset
        if isinstance(_channel,  Unset):
            channel = UNSET
        else:
            channel = Channel(_channel)




        floating_hours = d.pop("floating_hours", UNSET)

        grace_days = d.pop("grace_days", UNSET)

        hardware_grace_days = d.pop("hardware_grace_days", UNSET)

        lease_days = d.pop("lease_days", UNSET)

        rebind_window_days = d.pop("rebind_window_days", UNSET)

        rebinds = d.pop("rebinds", UNSET)

        refresh_days = d.pop("refresh_days", UNSET)

        seats = d.pop("seats", UNSET)

        def _parse_term(data: object) -> TermType0 | TermType1 | TermType2 | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                componentsschemas_term_type_0 = TermType0(data)



                return componentsschemas_term_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_term_type_1 = TermType1.from_dict(data)



                return componentsschemas_term_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_term_type_2 = TermType2.from_dict(data)



            return componentsschemas_term_type_2

        term = _parse_term(d.pop("term", UNSET))


        policy_rules = cls(
            account=account,
            channel=channel,
            floating_hours=floating_hours,
            grace_days=grace_days,
            hardware_grace_days=hardware_grace_days,
            lease_days=lease_days,
            rebind_window_days=rebind_window_days,
            rebinds=rebinds,
            refresh_days=refresh_days,
            seats=seats,
            term=term,
        )

        return policy_rules

