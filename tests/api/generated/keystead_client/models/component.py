from enum import StrEnum

class Component(StrEnum):
    BOARD = "board"
    DISK = "disk"
    MAC = "mac"
    OSID = "osid"
    TPM = "tpm"
    UUID = "uuid"
    VOL = "vol"

    def __str__(self) -> str:
        return str(self.value)
