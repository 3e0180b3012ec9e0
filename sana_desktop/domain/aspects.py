"""The sizes that a pack is offered with: common shapes of about the area that it was trained at."""

import itertools
import math
from dataclasses import dataclass

from sana_desktop.domain.sizes import Size, nearest_sides

# Across and down. Where two shapes snap to one size, the earlier shape keeps it.
SHAPES = ((1, 1), (3, 4), (4, 3), (2, 3), (3, 2), (9, 16), (16, 9))
# A wrong shape is seen at once, a wrong area hardly.
SHAPE_WEIGHT = 2.0
# The published packs have learned from certain sizes only. These are the ones nearest to our shapes, standing, for
# squares of 1024; packs for 512, 2048 and 4096 have learned the same ones, halved, doubled and so on.
LEARNED_AT = 1024
LEARNED = {(1, 1): (1024, 1024), (3, 4): (896, 1152), (2, 3): (832, 1216), (9, 16): (768, 1344)}
LEARNED_BASES = (512, 1024, 2048, 4096)


@dataclass(frozen=True, slots=True)
class Aspect:
    """A shape as people name it and the size that it is drawn at."""

    across: int
    down: int
    size: Size

    @property
    def name(self) -> str:
        """The shape as "3:4"."""
        return f"{self.across}:{self.down}"

    @property
    def turned(self) -> "Aspect":
        """The same shape lying on its other side."""
        return Aspect(self.down, self.across, Size(self.size.height, self.size.width))


def aspects_for(base_size: int) -> tuple[Aspect, ...]:
    """The shapes for a pack whose square pictures have sides of `base_size`, from tall to wide.

    Where the published packs have learned a size, it is that one. Elsewhere each side is a multiple of 32 next to
    the exact one; of the four such sizes the one is taken that is nearest in shape and area. Shapes that a small
    pack cannot tell apart appear once.
    """
    found: dict[Size, Aspect] = {}
    for across, down in SHAPES:
        size = _learned(base_size, across, down) or _snapped(base_size, across / down)
        found.setdefault(size, Aspect(across, down, size))
    return tuple(sorted(found.values(), key=lambda aspect: aspect.across / aspect.down))


def aspect_of(size: Size) -> Aspect:
    """The shape of any size in its smallest numbers, 832 by 1216 being 13:19."""
    common = math.gcd(size.width, size.height)
    return Aspect(size.width // common, size.height // common, size)


def nearest_aspect(aspects: tuple[Aspect, ...], size: Size) -> Aspect:
    """The one of `aspects` whose shape is most like that of `size`."""
    ratio = size.width / size.height
    return min(aspects, key=lambda aspect: abs(math.log(aspect.size.width / aspect.size.height / ratio)))


def _learned(base_size: int, across: int, down: int) -> Size | None:
    if base_size not in LEARNED_BASES:
        return None
    short, long = (side * base_size // LEARNED_AT for side in LEARNED[min(across, down), max(across, down)])
    return Size(short, long) if across < down else Size(long, short)


def _snapped(base_size: int, ratio: float) -> Size:
    widths = nearest_sides(math.floor(base_size * math.sqrt(ratio)))
    heights = nearest_sides(math.floor(base_size / math.sqrt(ratio)))

    def distance(size: Size) -> float:
        shape = abs(math.log(size.width / size.height / ratio))
        area = abs(math.log(size.width * size.height / base_size**2))
        return SHAPE_WEIGHT * shape + area

    return min((Size(*sides) for sides in itertools.product(widths, heights)), key=distance)
