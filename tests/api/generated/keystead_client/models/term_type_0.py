from enum import StrEnum

class TermType0(StrEnum):
    PERPETUAL = "perpetual"

    def __str__(self) -> str:
        return str(self.value)
