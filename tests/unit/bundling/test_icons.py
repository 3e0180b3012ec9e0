"""The icon is what its drawing says."""

from pathlib import Path

from PIL import Image
from pytestqt.qtbot import QtBot

from bundling.icons import ICONS, SIDE, draw_icon


def test_the_picture_is_drawn_from_the_drawing(tmp_path: Path, qtbot: QtBot) -> None:
    draw_icon(ICONS / "sana-desktop.svg", tmp_path / "icon.png", 64)
    with Image.open(tmp_path / "icon.png") as icon:
        assert icon.size == (64, 64)
        # Clear in the corner, dark at the edge, bright in the sun.
        assert icon.getpixel((0, 0)) == (0, 0, 0, 0)
        assert icon.getpixel((32, 34)) == (255, 241, 201, 255)


def test_the_picture_that_ships_is_the_drawing(tmp_path: Path, qtbot: QtBot) -> None:
    draw_icon(ICONS / "sana-desktop.svg", tmp_path / "icon.png")
    with Image.open(tmp_path / "icon.png") as fresh, Image.open(ICONS / "sana-desktop.png") as shipped:
        assert shipped.size == (SIDE, SIDE)
        differences = [abs(a - b) for a, b in zip(fresh.tobytes(), shipped.tobytes(), strict=True)]
    # Another version of Qt may smooth an edge otherwise.
    assert sum(differences) / len(differences) < 0.5
