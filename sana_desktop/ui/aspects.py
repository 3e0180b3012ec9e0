"""The sizes that a pack is offered with: common shapes of about the area that it was trained at."""

import itertools
import math
from dataclasses import dataclass

from sana_desktop.domain.sizes import Size, nearest_sides

# Across and down. Where two shapes snap to one size, the earlier shape keeps it.
SHAPES = ((1, 1), (3, 4), (4, 3), (2, 3), (3, 2), (9, 16), (16, 9))
# A wrong shape is seen at once, a wrong area hardly.
SHAPE_WEIGHT = 2.0


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


def aspects_for(base_size: int) -> tuple[Aspect, ...]:
    """The shapes for a pack whose square pictures have sides of `base_size`, from tall to wide.

    Each side is a multiple of 32 next to the exact one; of the four such sizes the one is taken that is nearest in
    shape and area. Shapes that a small pack cannot tell apart appear once.
    """
    found: dict[Size, Aspect] = {}
    for across, down in SHAPES:
        size = _snapped(base_size, across / down)
        found.setdefault(size, Aspect(across, down, size))
    return tuple(sorted(found.values(), key=lambda aspect: aspect.across / aspect.down))


def _snapped(base_size: int, ratio: float) -> Size:
    widths = nearest_sides(math.floor(base_size * math.sqrt(ratio)))
    heights = nearest_sides(math.floor(base_size / math.sqrt(ratio)))

    def distance(size: Size) -> float:
        shape = abs(math.log(size.width / size.height / ratio))
        area = abs(math.log(size.width * size.height / base_size**2))
        return SHAPE_WEIGHT * shape + area

    return min((Size(*sides) for sides in itertools.product(widths, heights)), key=distance)
