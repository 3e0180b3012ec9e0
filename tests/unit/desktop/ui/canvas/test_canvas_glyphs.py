import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.glyphs import Glyph
from sana_desktop.ui.canvas import canvas_glyphs
from support.ui_pictures import plain

GLYPHS = [value for name, value in vars(canvas_glyphs).items() if name.startswith("draw_")]


def drawn(glyph: Glyph) -> list[tuple[int, int]]:
    """Where a sign in a box of 15 x 15 pixels at (10, 10) leaves its colour."""
    screen = plain(35, 35, "white")
    painter = QPainter(screen)
    painter.setPen(QColor("black"))
    glyph(painter, QRectF(10, 10, 15, 15))
    painter.end()
    return [(x, y) for x in range(35) for y in range(35) if screen.pixelColor(x, y) != QColor("white")]


@pytest.mark.parametrize("glyph", GLYPHS)
def test_every_sign_is_drawn_in_its_box(qtbot: QtBot, glyph: Glyph):
    places = drawn(glyph)

    assert places
    # Letters may be a little wider.
    assert all(6 <= x <= 29 and 9 <= y <= 26 for x, y in places)


def test_no_two_signs_are_alike(qtbot: QtBot):
    assert len({tuple(drawn(glyph)) for glyph in GLYPHS}) == len(GLYPHS)
