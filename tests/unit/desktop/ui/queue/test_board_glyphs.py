import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPalette
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.glyphs import Glyph
from sana_desktop.ui.queue.board_glyphs import (
    draw_clear,
    draw_cross,
    draw_keep,
    draw_pause,
    draw_play,
    draw_search,
    glyph_icon,
)
from support.ui_pictures import plain

GLYPHS = (draw_clear, draw_cross, draw_keep, draw_pause, draw_play, draw_search)


def drawn(glyph: Glyph, colour: str = "black") -> QImage:
    image = plain(32, 32, "white")
    painter = QPainter(image)
    painter.setPen(QColor(colour))
    glyph(painter, QRectF(4, 4, 24, 24))
    painter.end()
    return image


@pytest.mark.parametrize("glyph", GLYPHS)
def test_a_sign_wears_the_colour_of_the_pen_and_stays_in_its_box(glyph: Glyph, qtbot: QtBot):
    image = drawn(glyph, "red")
    marked = [(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y) == QColor("red")]

    assert len(marked) > 20
    assert all(3 <= x <= 28 and 3 <= y <= 28 for x, y in marked)


def test_no_two_signs_are_alike(qtbot: QtBot):
    pictures = [drawn(glyph) for glyph in GLYPHS]

    assert all(one != other for number, one in enumerate(pictures) for other in pictures[:number])


@pytest.mark.parametrize(
    ("mode", "group"),
    [(QIcon.Mode.Normal, QPalette.ColorGroup.Active), (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled)],
)
def test_an_icon_follows_the_palette(mode: QIcon.Mode, group: QPalette.ColorGroup, qtbot: QtBot):
    icon = glyph_icon(draw_pause)
    before = QGuiApplication.palette()
    changed = QPalette(before)
    changed.setColor(group, QPalette.ColorRole.ButtonText, QColor("lime"))
    QGuiApplication.setPalette(changed)
    try:
        image = QIcon(icon).pixmap(QSize(16, 16), mode).toImage()
    finally:
        QGuiApplication.setPalette(before)

    colours = {
        image.pixelColor(x, y).name() for x in range(16) for y in range(16) if image.pixelColor(x, y).alpha() == 255
    }
    assert colours == {QColor("lime").name()}
