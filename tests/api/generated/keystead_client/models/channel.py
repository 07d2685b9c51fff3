from enum import StrEnum

class Channel(StrEnum):
    OEM = "oem"
    RETAIL = "retail"
    SUBSCRIPTION = "subscription"
    TRIAL = "trial"
    VOLUME = "volume"

    def __str__(self) -> str:
        return str(self.value)
