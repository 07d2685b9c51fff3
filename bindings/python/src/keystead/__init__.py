"""Activate a product on this device, refresh its certificate, and check which features are unlocked."""

from __future__ import annotations

import contextlib
import ctypes
import json
import threading
from typing import Any, Callable, Optional, TypedDict

from ._native import CHANGED, call, library

__all__ = ["Client", "Problem", "SignIn", "Settings", "Status", "AutoRefresh", "read_code", "version"]


class Status(TypedDict, total=False):
    """The activation state and its explanation. Times are UTC milliseconds."""

    state: str
    sentence: str
    code: Optional[str]
    cause: Optional[str]
    next_action: Optional[str]
    in_grace: bool
    detail: Optional[str]
    edition: Optional[str]
    mode: str
    features: list[str]
    license_expiry: Optional[int]
    refresh_after: Optional[int]
    works_offline_until: Optional[int]


class Problem(Exception):
    """An error: a stable code, the cause, and what to do next."""

    def __init__(self, problem: dict[str, Any]):
        super().__init__(f"{problem['cause']} {problem['next_action']} [{problem['code']}]")
        self.code: str = problem["code"]
        self.number: int = problem["number"]
        self.cause: str = problem["cause"]
        self.detail: Optional[str] = problem["detail"]
        self.next_action: str = problem["next_action"]
        self.request_id: Optional[str] = problem["request_id"]
        self.facts: Optional[dict[str, Any]] = problem["facts"]


def _ask(function: str, *arguments: Any) -> Any:
    number, answer = call(function, *arguments)
    value = json.loads(answer)
    if number != 0:
        raise Problem(value)
    return value


def _text(text: Optional[str]) -> Optional[bytes]:
    return None if text is None else text.encode()


class _Handle:
    """A native handle, freed once, after the last call that uses it."""

    _free: str
    _handle: Optional[ctypes.c_void_p] = None

    def __init__(self) -> None:
        self._handle = ctypes.c_void_p()
        self._lock = threading.Lock()
        self._calls = 0
        self._closed = False

    @contextlib.contextmanager
    def _used(self):
        """The handle, which stays valid inside the context."""
        with self._lock:
            if self._closed:
                raise ValueError(f"this {type(self).__name__} is closed")
            self._calls += 1
        try:
            yield self._handle
        finally:
            with self._lock:
                self._calls -= 1
            self._free_if_unused()

    def close(self) -> None:
        """Frees the handle once running calls have ended. Closing it again does nothing."""
        if self._handle is None:
            return
        with self._lock:
            self._closed = True
        self._free_if_unused()

    def _free_if_unused(self) -> None:
        with self._lock:
            if not self._closed or self._calls or not self._handle:
                return
            handle, self._handle = self._handle, ctypes.c_void_p()
        getattr(library, self._free)(handle)

    def _ask(self, function: str, *arguments: Any) -> Any:
        with self._used() as handle:
            return _ask(function, handle, *arguments)

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


class Client(_Handle):
    """One product of one vendor on this device. May be used by many threads at once."""

    _free = "keystead_close"

    def __init__(self, profile: str, **options: Any) -> None:
        """Opens a client without a network. `options`: folder, client_id, app_version, proxy, tpm, timeout_ms, authorities."""
        super().__init__()
        _ask("keystead_open", _text(profile), _text(json.dumps(options)), ctypes.byref(self._handle))

    def status(self) -> Status:
        """The status, from the data folder; never uses the network."""
        return self._ask("keystead_status")

    def check(self, budget_ms: int) -> Status:
        """The status after a refresh, if one is due and finishes within the budget."""
        return self._ask("keystead_check", ctypes.c_uint32(budget_ms))

    def has_feature(self, name: str) -> bool:
        """Whether a feature is unlocked."""
        with self._used() as handle:
            return library.keystead_has_feature(handle, _text(name))

    def activate(self, key: str, device_name: Optional[str] = None) -> Status:
        """Activates with a product key in any typed form."""
        return self._ask("keystead_activate", _text(key), _text(device_name))

    def activate_by_sign_in(self, device_name: Optional[str] = None) -> Status:
        """Activates with a license of the signed-in account."""
        return self._ask("keystead_activate_by_sign_in", _text(device_name))

    def refresh(self) -> Status:
        """Refreshes the certificate now."""
        return self._ask("keystead_refresh")

    def deactivate(self) -> Status:
        """Deactivates this device and frees its seat."""
        return self._ask("keystead_deactivate")

    def reactivate(self, activation: str, device_name: Optional[str] = None) -> Status:
        """Moves an activation to this device ("This is the device I am using now")."""
        return self._ask("keystead_reactivate", _text(activation), _text(device_name))

    def begin_sign_in(self, device_name: Optional[str] = None) -> "SignIn":
        """Starts a sign-in: show its code and address, then poll."""
        return SignIn(self, device_name)

    def sign_out(self) -> None:
        """Signs out on this device."""
        self._ask("keystead_sign_out")

    def account(self) -> dict[str, Any]:
        """The signed-in account."""
        return self._ask("keystead_account")

    def devices(self) -> list[dict[str, Any]]:
        """The account's devices with their activations."""
        return self._ask("keystead_devices")

    def licenses(self) -> list[dict[str, Any]]:
        """The account's licenses."""
        return self._ask("keystead_licenses")

    def linking_disclosure(self) -> dict[str, Any]:
        """What the server stores when the license is linked, to show before `link`."""
        return self._ask("keystead_linking_disclosure")

    def link(self, agreed_version: int) -> Status:
        """Links the license to the account, whose user agreed to this version of the disclosure."""
        return self._ask("keystead_link", ctypes.c_uint32(agreed_version))

    def diagnose(self) -> dict[str, Any]:
        """Runs the diagnostics."""
        return self._ask("keystead_diagnose")

    def keep_fresh(self, changed: Optional[Callable[[], None]] = None) -> "AutoRefresh":
        """Refreshes in the background until the result is closed; `changed` is called on another thread."""
        return AutoRefresh(self, changed)


class SignIn(_Handle):
    """A pending sign-in, approved in a browser."""

    _free = "keystead_sign_in_free"

    def __init__(self, client: Client, device_name: Optional[str]) -> None:
        super().__init__()
        self._client = client
        response = client._ask("keystead_sign_in_begin", _text(device_name), ctypes.byref(self._handle))
        self.user_code: str = response["user_code"]
        self.verification_uri: str = response["verification_uri"]
        self.verification_uri_complete: str = response["verification_uri_complete"]
        self.interval: int = response["interval"]

    def poll(self) -> bool:
        """Whether the sign-in was approved."""
        with self._used() as handle:
            return self._client._ask("keystead_sign_in_poll", handle)["done"]


class AutoRefresh(_Handle):
    """A background refresh."""

    _free = "keystead_auto_refresh_free"

    def __init__(self, client: Client, changed: Optional[Callable[[], None]]) -> None:
        super().__init__()
        # The library may call it as long as this object lives.
        self._callback = CHANGED(lambda _: changed and changed())
        client._ask("keystead_keep_fresh", self._callback, None, ctypes.byref(self._handle))


class Settings(_Handle):
    """The Settings window without a user interface: draw its view, send intents."""

    _free = "keystead_settings_free"

    def __init__(self, client: Client, changed: Optional[Callable[[], None]] = None) -> None:
        super().__init__()
        self._callback = CHANGED(lambda _: changed and changed())
        client._ask("keystead_settings_open", self._callback, None, ctypes.byref(self._handle))

    def view(self) -> dict[str, Any]:
        """The current view."""
        return self._ask("keystead_settings_view")

    def send(self, intent: Any) -> None:
        """Starts an action, such as "check_now" or {"activate": {"key": "..."}}; returns at once."""
        self._ask("keystead_settings_send", _text(json.dumps(intent)))


def read_code(kind: str, typed: str) -> dict[str, Any]:
    """Checks a code while it is typed."""
    return _ask("keystead_read_code", _text(kind), _text(typed))


def version() -> str:
    """The native library's version."""
    return library.keystead_version().decode()
