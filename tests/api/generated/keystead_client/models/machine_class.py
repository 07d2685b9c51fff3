from enum import StrEnum

class MachineClass(StrEnum):
    PHYS = "phys"
    VM = "vm"

    def __str__(self) -> str:
        return str(self.value)
