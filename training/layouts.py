"""Where cutouts stand in a picture, and the painting of many pictures at once.

A layout is a canvas and the corners (row, column) of square cells in it, one for each thing, which fills its cell but
for a margin. Corners lie on whole latent positions, 32 pixels apart.

Shapes: N cutouts, B pictures, S side, H W height and width.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from training.compose import SIDE

_HALF, _QUARTER = SIDE // 2, SIDE // 4
_LONG, _LONGEST = 3 * SIDE // 2, 2 * SIDE


@dataclass(frozen=True, slots=True)
class Layout:
    """Corners of cells of `cell` pixels a side on a canvas of `height` x `width`."""

    corners: tuple[tuple[int, int], ...] = ((0, 0),)
    cell: int = SIDE
    height: int = SIDE
    width: int = SIDE


LAYOUTS: dict[str, Layout] = {
    "full": Layout(),
    # The same picture, for captions that say so.
    "big": Layout(),
    "small": Layout(((_QUARTER, _QUARTER),), _HALF),
    "beside": Layout(((_QUARTER, 0), (_QUARTER, _HALF)), _HALF),
    "above": Layout(((0, _QUARTER), (_HALF, _QUARTER)), _HALF),
    "three": Layout(((0, 0), (0, _HALF), (_HALF, _QUARTER)), _HALF),
    "four": Layout(((0, 0), (0, _HALF), (_HALF, 0), (_HALF, _HALF)), _HALF),
    # Other formats: one thing in the middle, or two that fill them.
    "wide": Layout(((0, _QUARTER),), width=_LONG),
    "tall": Layout(((_QUARTER, 0),), height=_LONG),
    "wider": Layout(((0, _HALF),), width=_LONGEST),
    "taller": Layout(((_HALF, 0),), height=_LONGEST),
    "beside, wide": Layout(((0, 0), (0, SIDE)), width=_LONGEST),
    "above, tall": Layout(((0, 0), (SIDE, 0)), height=_LONGEST),
}


class Planned(NamedTuple):
    """One picture to paint: its layout, how many cutouts it takes, its background, whether black ink is white."""

    layout: str
    color: tuple[int, int, int]
    white_ink: bool = False

    @property
    def things(self) -> int:
        """How many cutouts it takes."""
        return len(LAYOUTS[self.layout].corners)


def paint(cutouts_N4SS: Tensor, pictures: Sequence[Planned]) -> Tensor:
    """Paint pictures [B, 3, H, W] in [-1, 1], whose layouts have one canvas.

    The cutouts, bytes, are those of the first picture, then those of the second, and so on.
    """
    device = cutouts_N4SS.device
    (size,) = {(LAYOUTS[one.layout].height, LAYOUTS[one.layout].width) for one in pictures}
    white_N = torch.tensor([one.white_ink for one in pictures for _ in range(one.things)], device=device)
    seen_N4SS = cutouts_N4SS.float() / 255
    opacity_N1SS = seen_N4SS[:, 3:]
    colors_N3SS = torch.where(white_N[:, None, None, None], 1 - seen_N4SS[:, :3], seen_N4SS[:, :3])
    # Colours times opacity, so that making a thing smaller mixes no colour from where nothing is.
    seen_N4SS = torch.cat([colors_N3SS * opacity_N1SS, opacity_N1SS], dim=1)
    canvas_B4HW = torch.zeros(len(pictures), 4, *size, device=device)
    for (cell, top, left), places in _by_cell(pictures).items():
        numbers, rows = (torch.tensor(part, device=device) for part in zip(*places, strict=True))
        things = functional.avg_pool2d(seen_N4SS[numbers], SIDE // cell)
        canvas_B4HW[rows, :, top : top + cell, left : left + cell] = things
    ground_B311 = torch.tensor([one.color for one in pictures], device=device)[:, :, None, None] / 255
    return (canvas_B4HW[:, :3] + (1 - canvas_B4HW[:, 3:]) * ground_B311) * 2 - 1


def _by_cell(pictures: Sequence[Planned]) -> dict[tuple[int, int, int], list[tuple[int, int]]]:
    """Which cutout goes into which picture, by side and corner of the cell."""
    found: dict[tuple[int, int, int], list[tuple[int, int]]] = defaultdict(list)
    number = 0
    for row, one in enumerate(pictures):
        layout = LAYOUTS[one.layout]
        for top, left in layout.corners:
            found[layout.cell, top, left].append((number, row))
            number += 1
    return found
