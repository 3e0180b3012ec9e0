from pathlib import Path

import numpy as np

from support.tiny_training import write_tiny_data
from training.compose import SIDE, inked, on_background, read_cutout


def test_a_cutout_has_a_transparent_margin_and_its_colour_in_the_middle(tmp_path: Path) -> None:
    cutout = read_cutout(write_tiny_data(tmp_path) / "pictures/assets/1f34e.webp")
    assert cutout.shape == (SIDE, SIDE, 4)
    assert cutout[:10].max() == 0
    assert np.abs(cutout[SIDE // 2, SIDE // 2].astype(int) - (220, 30, 30, 255)).max() <= 2


def test_the_background_shows_where_the_cutout_is_transparent(tmp_path: Path) -> None:
    cutout = read_cutout(write_tiny_data(tmp_path) / "pictures/assets/1f34e.webp")
    picture = on_background(cutout, (0, 255, 51))
    assert (picture.shape, picture.dtype) == ((3, SIDE, SIDE), np.float32)
    np.testing.assert_allclose(picture[:, 0, 0], (-1.0, 1.0, -0.6), atol=1e-6)
    np.testing.assert_allclose(picture[:, SIDE // 2, SIDE // 2], np.array((220, 30, 30)) / 127.5 - 1, atol=0.02)


def test_line_art_is_white_on_dark_colours_and_other_styles_stay() -> None:
    black = np.zeros((4, 4, 4), dtype=np.uint8)
    black[..., 3] = 255
    assert inked(black, "line", (18, 18, 20))[0, 0].tolist() == [255, 255, 255, 255]
    assert inked(black, "line", (250, 211, 80))[0, 0].tolist() == [0, 0, 0, 255]
    assert inked(black, "flat", (18, 18, 20)) is black
