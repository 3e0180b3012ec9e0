"""Picture sizes and the rule that the 32-fold autoencoder puts on them."""

import re
from dataclasses import dataclass

from sana_desktop.errors import RecipeError

MULTIPLE = 32
LARGEST_SIDE = 8192

_SIZE_TEXT = re.compile(r"\s*(\d{1,5})\s*[x*X×]\s*(\d{1,5})\s*")


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels, each a multiple of 32; raises `RecipeError` otherwise."""

    width: int
    height: int

    def __post_init__(self) -> None:
        _check_side("Width", self.width)
        _check_side("Height", self.height)

    @property
    def latent_width(self) -> int:
        """Width of the latents: one position per 32 pixels."""
        return self.width // MULTIPLE

    @property
    def latent_height(self) -> int:
        """Height of the latents: one position per 32 pixels."""
        return self.height // MULTIPLE

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @classmethod
    def parse(cls, text: str) -> "Size":
        """Read "1024x768" (width first); raises `RecipeError` that shows the form."""
        match = _SIZE_TEXT.fullmatch(text)
        if match is None:
            raise RecipeError(f"Size “{text}” was not understood.", hint="Write width x height, for example 1024x768.")
        return cls(int(match[1]), int(match[2]))


def nearest_sides(side: int) -> tuple[int, ...]:
    """The one or two multiples of 32 around `side` that a picture may have, smaller first."""
    below = max(MULTIPLE, min(LARGEST_SIDE, side // MULTIPLE * MULTIPLE))
    above = max(MULTIPLE, min(LARGEST_SIDE, -(-side // MULTIPLE) * MULTIPLE))
    return (below,) if below == above else (below, above)


def _check_side(name: str, side: int) -> None:
    nearest = " or ".join(str(value) for value in nearest_sides(side))
    if not MULTIPLE <= side <= LARGEST_SIDE:
        raise RecipeError(f"{name} {side} is not between {MULTIPLE} and {LARGEST_SIDE}. Nearest: {nearest}.")
    if side % MULTIPLE:
        raise RecipeError(f"{name} {side} is not a multiple of {MULTIPLE}. Nearest: {nearest}.")
