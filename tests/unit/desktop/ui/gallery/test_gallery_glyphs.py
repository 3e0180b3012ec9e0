from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from sana_desktop.ui.gallery import gallery_glyphs

GLYPHS = [
    gallery_glyphs.draw_star,
    gallery_glyphs.draw_heart,
    gallery_glyphs.draw_empty_heart,
    gallery_glyphs.draw_panel,
    gallery_glyphs.draw_back,
]


def inked(glyph: Callable[[QPainter, QRectF], None], colour: Qt.GlobalColor) -> list[tuple[int, int]]:
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setPen(colour)
    glyph(painter, QRectF(10, 10, 20, 20))
    painter.end()
    return [(x, y) for x in range(40) for y in range(40) if image.pixel(x, y) != 0xFFFFFFFF]


@pytest.mark.parametrize("glyph", GLYPHS, ids=lambda glyph: glyph.__name__)
def test_a_sign_stays_in_its_box_and_wears_the_painters_colour(glyph: Callable[[QPainter, QRectF], None]) -> None:
    places = inked(glyph, Qt.GlobalColor.black)
    assert len(places) > 20
    assert all(8 <= x <= 32 and 8 <= y <= 32 for x, y in places)
    assert inked(glyph, Qt.GlobalColor.white) == []
