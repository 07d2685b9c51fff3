from enum import StrEnum

class State(StrEnum):
    ACTIVATED = "activated"
    ACTIVATED_LINKED = "activated_linked"
    CERTIFICATE_INVALID = "certificate_invalid"
    CLOCK_SUSPECT = "clock_suspect"
    DEVICE_KEY_MISSING = "device_key_missing"
    DIFFERENT_DEVICE = "different_device"
    EXPIRED = "expired"
    FORKED = "forked"
    HARDWARE_CHANGED = "hardware_changed"
    LEASE_LAPSED = "lease_lapsed"
    LEASE_OVERDUE = "lease_overdue"
    RELEASED = "released"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    UNLICENSED = "unlicensed"

    def __str__(self) -> str:
        return str(self.value)
