"""Where cutouts stand in a picture, and the painting of many pictures at once.

A layout is a tuple of corners (row, column), one for each thing, where it stands at half its size; a thing alone may
also fill the picture. Corners lie on whole latent positions, 32 pixels apart.

Shapes: N cutouts, B pictures, S side.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from training.compose import SIDE

Corners = tuple[tuple[int, int], ...]

_HALF = SIDE // 2
_FIRST, _MIDDLE, _LAST = 0, SIDE // 4, SIDE // 2
LAYOUTS: dict[str, Corners] = {
    "full": (),
    # The same picture, for captions that say so.
    "big": (),
    "small": ((_MIDDLE, _MIDDLE),),
    "beside": ((_MIDDLE, _FIRST), (_MIDDLE, _LAST)),
    "above": ((_FIRST, _MIDDLE), (_LAST, _MIDDLE)),
    "three": ((_FIRST, _FIRST), (_FIRST, _LAST), (_LAST, _MIDDLE)),
    "four": ((_FIRST, _FIRST), (_FIRST, _LAST), (_LAST, _FIRST), (_LAST, _LAST)),
}


class Planned(NamedTuple):
    """One picture to paint: its layout, how many cutouts it takes, its background, whether black ink is white."""

    layout: str
    color: tuple[int, int, int]
    white_ink: bool = False

    @property
    def things(self) -> int:
        """How many cutouts it takes."""
        return max(1, len(LAYOUTS[self.layout]))


def paint(cutouts_N4SS: Tensor, pictures: Sequence[Planned]) -> Tensor:
    """Paint pictures [B, 3, S, S] in [-1, 1].

    The cutouts, bytes, are those of the first picture, then those of the second, and so on.
    """
    device = cutouts_N4SS.device
    white_N = torch.tensor([one.white_ink for one in pictures for _ in range(one.things)], device=device)
    seen_N4SS = cutouts_N4SS.float() / 255
    opacity_N1SS = seen_N4SS[:, 3:]
    colors_N3SS = torch.where(white_N[:, None, None, None], 1 - seen_N4SS[:, :3], seen_N4SS[:, :3])
    # Colours times opacity, so that making a thing smaller mixes no colour from where nothing is.
    seen_N4SS = torch.cat([colors_N3SS * opacity_N1SS, opacity_N1SS], dim=1)
    canvas_B4SS = torch.zeros(len(pictures), 4, SIDE, SIDE, device=device)
    for corner, places in _by_corner(pictures).items():
        numbers, rows = (torch.tensor(part, device=device) for part in zip(*places, strict=True))
        if corner is None:
            canvas_B4SS[rows] = seen_N4SS[numbers]
            continue
        top, left = corner
        small = functional.avg_pool2d(seen_N4SS[numbers], 2)
        canvas_B4SS[rows, :, top : top + _HALF, left : left + _HALF] = small
    ground_B311 = torch.tensor([one.color for one in pictures], device=device)[:, :, None, None] / 255
    return (canvas_B4SS[:, :3] + (1 - canvas_B4SS[:, 3:]) * ground_B311) * 2 - 1


def _by_corner(pictures: Sequence[Planned]) -> dict[tuple[int, int] | None, list[tuple[int, int]]]:
    """Which cutout goes into which picture, by corner; None is the whole picture."""
    found: dict[tuple[int, int] | None, list[tuple[int, int]]] = defaultdict(list)
    number = 0
    for row, one in enumerate(pictures):
        for corner in LAYOUTS[one.layout] or (None,):
            found[corner].append((number, row))
            number += 1
    return found
