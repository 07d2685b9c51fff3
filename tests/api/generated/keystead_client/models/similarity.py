from enum import StrEnum

class Similarity(StrEnum):
    DIFFERENT = "different"
    MINOR = "minor"
    SAME = "same"
    SIGNIFICANT = "significant"

    def __str__(self) -> str:
        return str(self.value)
