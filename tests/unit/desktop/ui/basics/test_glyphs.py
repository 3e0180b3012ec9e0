import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from sana_desktop.ui.basics.glyphs import (
    Glyph,
    draw_clock,
    draw_closed_lock,
    draw_cross,
    draw_dice,
    draw_open_lock,
    draw_swap,
)
from support.ui_pictures import plain


def drawn(glyph: Glyph) -> QImage:
    """The sign in black on white, with room around it."""
    image = plain(40, 40, "white")
    painter = QPainter(image)
    painter.setPen(QColor("black"))
    glyph(painter, QRectF(10, 10, 20, 20))
    painter.end()
    return image


@pytest.mark.parametrize("glyph", [draw_dice, draw_closed_lock, draw_clock, draw_swap, draw_cross])
def test_a_sign_is_drawn_inside_its_box(glyph: Glyph):
    image = drawn(glyph)
    inked = [(x, y) for x in range(40) for y in range(40) if image.pixelColor(x, y).lightness() < 128]

    assert len(inked) > 20
    assert all(8 <= x <= 31 and 8 <= y <= 31 for x, y in inked)


def test_open_and_closed_look_different():
    assert drawn(draw_open_lock) != drawn(draw_closed_lock)
