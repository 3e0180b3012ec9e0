from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPalette
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas.pill import paint_pill
from support.ui_pictures import plain


def test_words_stand_on_a_ground_of_their_own(qtbot: QtBot):
    screen = plain(200, 100, "lime")
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor("black"))
    palette.setColor(QPalette.ColorRole.WindowText, QColor("white"))
    painter = QPainter(screen)

    left = paint_pill(painter, palette, QPointF(10, 10), "100 %")
    right = paint_pill(painter, palette, QPointF(190, 10), "100 %", right=True)
    painter.end()

    assert (left.left(), right.right(), left.size()) == (10, 190, right.size())
    ground = screen.pixelColor(int(left.center().x()), int(left.top()) + 1)
    assert ground.green() < 60
    assert screen.pixelColor(100, 50) == QColor("lime")
