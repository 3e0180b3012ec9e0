"""The part of the way from noise to picture in which guidance counts."""

import math
from dataclasses import dataclass

from sana_desktop.errors import RecipeError


@dataclass(frozen=True, slots=True)
class GuidanceInterval:
    """Noise levels between which both halves of guidance are computed; outside only the condition is.

    Levels are those of the flow (sigma), 1 being noise and 0 the picture. `low` < level <= `high`, so that 0 to 1 is
    guidance all the way. After arXiv 2404.07724, where guiding only in the middle was found better, and cheaper: a step
    outside costs half. Raises `RecipeError` for levels that are not 0 <= low < high <= 1.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and 0.0 <= self.low < self.high <= 1.0):
            raise RecipeError(
                f"Guidance interval {self} is not two rising noise levels between 0 and 1.",
                hint="0.2:0.9 guides in the middle. Leave it out to guide all the way.",
            )

    def __contains__(self, level: float) -> bool:
        return self.low < level <= self.high

    def __str__(self) -> str:
        return f"{self.low!r}:{self.high!r}"

    @classmethod
    def parse(cls, text: str) -> "GuidanceInterval":
        """Read what `str` gives, “0.2:0.9” for one; raises `RecipeError` for anything else."""
        low, colon, high = text.partition(":")
        try:
            if colon:
                return cls(float(low), float(high))
        except ValueError:
            pass
        raise RecipeError(
            f"Guidance interval “{text[:40]}” is not two noise levels with a colon between them.",
            hint="0.2:0.9 guides in the middle.",
        )
