"""What pictures are measured by: likeness of pixels, the colour behind a thing, which thing it looks most like.

Pictures are [3, H, W] in [-1, 1] (B of them: [B, 3, H, W]). Shapes: N candidates, F features.
"""

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.compose import RgbaPicture, is_white_ink
from training.palette import BACKGROUNDS

_WINDOW, _DEVIATION = 11, 1.5
_FRAME = 6
_THUMBNAIL = 24


def ssim(made_B3HW: Tensor, true_B3HW: Tensor) -> float:
    """Mean structural similarity (Wang 2004) of pictures in [-1, 1], over channels and pictures."""
    offsets = torch.arange(_WINDOW) - _WINDOW // 2
    bell = torch.exp(-offsets.square() / (2 * _DEVIATION**2))
    bell = bell / bell.sum()
    kernel = (bell[:, None] * bell)[None, None]

    def blurred(x_B3HW: Tensor) -> Tensor:
        return functional.conv2d(x_B3HW.flatten(0, 1)[:, None], kernel)

    mean_a, mean_b = blurred(made_B3HW), blurred(true_B3HW)
    spread_a = blurred(made_B3HW.square()) - mean_a.square()
    spread_b = blurred(true_B3HW.square()) - mean_b.square()
    shared = blurred(made_B3HW * true_B3HW) - mean_a * mean_b
    # The usual constants, for a range of 2.
    small_1, small_2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
    likeness = (2 * mean_a * mean_b + small_1) * (2 * shared + small_2)
    likeness = likeness / ((mean_a.square() + mean_b.square() + small_1) * (spread_a + spread_b + small_2))
    return float(likeness.mean())


def background_name(picture_3HW: Tensor) -> str:
    """The name in the palette nearest to the middle colour (median) of the picture's frame."""
    frame = torch.ones(picture_3HW.shape[1:], dtype=torch.bool)
    frame[_FRAME:-_FRAME, _FRAME:-_FRAME] = False
    color = (picture_3HW[:, frame].median(dim=1).values + 1) * 127.5
    names = list(BACKGROUNDS)
    distances = (torch.tensor([BACKGROUNDS[name] for name in names]) - color).square().sum(dim=1)
    return names[int(distances.argmin())]


def thumbnail_features(pictures_B3HW: Tensor) -> Tensor:
    """Small pictures without their mean colour, as unit vectors [B, F]: what is where, in which colours."""
    small = functional.adaptive_avg_pool2d(pictures_B3HW, _THUMBNAIL)
    flat = (small - small.mean(dim=(2, 3), keepdim=True)).flatten(1)
    return functional.normalize(flat, dim=1)


def rank_of(picture_3HW: Tensor, candidates_NF: Tensor, right: int) -> int:
    """Place of candidate `right` among all by likeness of thumbnails; 1 is the most similar."""
    likeness_N = (candidates_NF @ thumbnail_features(picture_3HW[None]).T).flatten()
    return int((likeness_N > likeness_N[right]).sum()) + 1


class Shelf:
    """All things of one style as cutouts at the size of thumbnails; a thing that the style lacks is an empty one."""

    def __init__(self, cutouts: Iterable[RgbaPicture | None], style: str) -> None:
        self._style = style
        self._seen_N4TT = torch.stack([_small(cutout) for cutout in cutouts])

    def features(self, color: tuple[int, int, int]) -> Tensor:
        """As `thumbnail_features` of the things painted on `color`: averaging and painting may change places."""
        inked_N3TT = self._seen_N4TT[:, :3]
        if is_white_ink(self._style, color):
            inked_N3TT = self._seen_N4TT[:, 3:] - inked_N3TT
        ground_311 = torch.tensor(color)[:, None, None] / 255
        return thumbnail_features((inked_N3TT + (1 - self._seen_N4TT[:, 3:]) * ground_311) * 2 - 1)


def _small(cutout: RgbaPicture | None) -> Tensor:
    """Colours times alpha, and alpha, in [0, 1], averaged to thumbnails: [4, T, T]."""
    if cutout is None:
        return torch.zeros(4, _THUMBNAIL, _THUMBNAIL)
    seen_4HW = torch.from_numpy(cutout.astype(np.float32)).permute(2, 0, 1) / 255
    return functional.adaptive_avg_pool2d(torch.cat([seen_4HW[:3] * seen_4HW[3:], seen_4HW[3:]]), _THUMBNAIL)
