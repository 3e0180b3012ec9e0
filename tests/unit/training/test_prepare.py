import json
from pathlib import Path

import numpy as np
from PIL import Image

from training.prepare import SIDE, write_style

RED_LEFT = '<path fill="#ff0000" d="M0 0h16v32h-16z"/>'
INK = '<path fill="currentColor" d="M0 0h32v32h-32z"/>'


def write_icons(folder: Path) -> Path:
    folder.mkdir()
    icons = {"left": {"body": RED_LEFT}, "ink": {"body": INK, "width": 32}}
    (folder / "icons.json").write_text(json.dumps({"icons": icons, "width": 32, "height": 32}))
    (folder / "chars.json").write_text(json.dumps({"1f34e": "left", "2600-fe0f": "ink", "1f999": "missing"}))
    return folder


def test_icons_become_cutouts_named_by_their_code(tmp_path: Path) -> None:
    assert write_style(write_icons(tmp_path / "icons"), tmp_path / "out") == 2
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["1f34e.png", "2600.png"]
    pixels = np.asarray(Image.open(tmp_path / "out/1f34e.png"))
    assert pixels.shape == (SIDE, SIDE, 4)
    assert pixels[100, 50].tolist() == [255, 0, 0, 255]
    assert pixels[100, 200, 3] == 0


def test_what_takes_the_colour_of_the_text_is_black(tmp_path: Path) -> None:
    write_style(write_icons(tmp_path / "icons"), tmp_path / "out")
    assert np.asarray(Image.open(tmp_path / "out/2600.png"))[100, 100].tolist() == [0, 0, 0, 255]


def test_what_is_drawn_already_is_not_drawn_again(tmp_path: Path) -> None:
    icons = write_icons(tmp_path / "icons")
    write_style(icons, tmp_path / "out")
    assert write_style(icons, tmp_path / "out") == 0
