import pytest
from PySide6.QtGui import QColor, QPalette

from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.ui.basics.fit_colours import colour_of
from support.contrast import contrast


@pytest.mark.parametrize("ground", ["#202024", "#f4f4f6"])
def test_every_level_can_be_told_from_the_ground_and_from_the_others(ground: str) -> None:
    palette = QPalette(QColor(ground))
    palette.setColor(QPalette.ColorRole.Window, QColor(ground))
    colours = [colour_of(level, palette) for level in FitLevel]
    assert all(contrast(colour, QColor(ground)) >= 3 for colour in colours)
    assert len({colour.name() for colour in colours}) == len(colours)
