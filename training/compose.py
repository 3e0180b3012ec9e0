"""Emoji on coloured backgrounds, as arrays."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

SIDE = 256
_MARGIN = 14
DARK = 200

RgbaPicture = npt.NDArray[np.uint8]


def read_cutout(path: Path) -> RgbaPicture:
    """Read a picture with transparency into [256, 256, 4], with a small margin all around."""
    inner = SIDE - 2 * _MARGIN
    with Image.open(path) as opened:
        scaled = opened.convert("RGBA").resize((inner, inner), Image.Resampling.LANCZOS)
    canvas = Image.new("RGBA", (SIDE, SIDE))
    canvas.paste(scaled, (_MARGIN, _MARGIN))
    return np.asarray(canvas)


def inked(cutout: RgbaPicture, style: str, color: tuple[int, int, int]) -> RgbaPicture:
    """A picture for a background: line art is white where its black would hardly show."""
    if not is_white_ink(style, color):
        return cutout
    white = cutout.copy()
    white[..., :3] = 255 - white[..., :3]
    return white


def is_white_ink(style: str, color: tuple[int, int, int]) -> bool:
    """Whether what is black in `style` is drawn in white on `color`."""
    return style == "line" and sum(color) <= DARK


def on_background(cutout: RgbaPicture, color: tuple[int, int, int]) -> npt.NDArray[np.float32]:
    """Lay [256, 256, 4] over a plain colour; returns [3, 256, 256] in [-1, 1]."""
    alpha = cutout[..., 3:].astype(np.float32) / 255
    mixed = cutout[..., :3] * alpha + np.asarray(color, dtype=np.float32) * (1 - alpha)
    return (mixed / 127.5 - 1).transpose(2, 0, 1).astype(np.float32)
