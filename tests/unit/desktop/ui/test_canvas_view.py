from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas_view import CanvasView
from support.ui_pictures import plain


@pytest.fixture
def canvas(qtbot: QtBot) -> CanvasView:
    made = CanvasView()
    qtbot.addWidget(made)
    made.resize(532, 432)
    made.show()
    return made


def colour_at(canvas: CanvasView, x: int, y: int) -> QColor:
    """What is on the screen at a point."""
    return canvas.grab().toImage().pixelColor(x, y)


def turn_wheel(canvas: CanvasView, notches: int, x: int, y: int) -> None:
    """Turn the mouse wheel above a point."""
    where = QPointF(x, y)
    canvas.wheelEvent(
        QWheelEvent(
            where,
            canvas.mapToGlobal(where),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
    )


def test_a_preview_and_its_picture_take_the_same_place(canvas: CanvasView):
    canvas.show_preview(plain(8, 8, "red"))
    place = canvas.viewport_now.rect
    assert colour_at(canvas, 266, 216) == QColor("red")
    assert canvas.path is None

    canvas.show_picture(plain(200, 200, "lime"), Path("fox.png"))

    assert canvas.viewport_now.rect == place
    assert colour_at(canvas, int(place.left()) + 1, 217) == QColor("lime")
    assert canvas.path == Path("fox.png")


def test_a_picture_larger_than_the_view_is_shown_whole(canvas: CanvasView):
    picture = plain(3000, 3000, "red")
    picture.setPixelColor(0, 0, QColor("blue"))

    canvas.show_picture(picture, Path("fox.png"))

    assert canvas.viewport_now.rect.height() == pytest.approx(400)
    assert colour_at(canvas, 266, 216) == QColor("red")


def test_words_take_the_place_of_a_picture(canvas: CanvasView):
    canvas.show_picture(plain(64, 64, "red"), Path("fox.png"))

    canvas.show_hint("Describe a picture.")

    assert canvas.image.isNull()
    assert canvas.path is None
    assert canvas.accessibleDescription() == "Describe a picture."
    shown = canvas.grab().toImage()
    assert len({shown.pixel(x, y) for x in range(shown.width()) for y in range(200, 232)}) > 1


def test_clearing_leaves_nothing(canvas: CanvasView):
    canvas.show_picture(plain(64, 64, "red"), Path("fox.png"))

    canvas.clear()

    assert colour_at(canvas, 266, 216) == canvas.palette().window().color()


def test_the_wheel_zooms_where_the_pointer_is(canvas: CanvasView):
    canvas.show_picture(plain(100, 100), Path("fox.png"))
    before = canvas.viewport_now.scale

    turn_wheel(canvas, 2, 300, 200)

    assert canvas.viewport_now.scale == pytest.approx(before * 1.25**2)
    turn_wheel(canvas, -9, 300, 200)
    assert canvas.viewport_now.fits


def test_dragging_moves_a_zoomed_picture(canvas: CanvasView):
    canvas.show_picture(plain(400, 400), Path("fox.png"))
    turn_wheel(canvas, 6, 266, 216)
    before = canvas.viewport_now.rect.topLeft()

    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseMove(canvas, QPoint(230, 215))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(230, 215))
    QTest.mouseMove(canvas, QPoint(10, 10))

    moved = canvas.viewport_now.rect.topLeft() - before
    assert (moved.x(), moved.y()) == (pytest.approx(30), pytest.approx(15))


def test_the_keyboard_zooms_and_moves(canvas: CanvasView):
    canvas.show_picture(plain(100, 100), Path("fox.png"))
    fitting = canvas.viewport_now.scale

    QTest.keyClick(canvas, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert canvas.viewport_now.scale == 1
    QTest.keyClick(canvas, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert canvas.viewport_now.scale == fitting

    for _ in range(8):
        QTest.keyClick(canvas, Qt.Key.Key_Plus)
    left = canvas.viewport_now.rect.left()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.viewport_now.rect.left() < left
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.viewport_now.rect.left() == pytest.approx(left)
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.viewport_now.scale == pytest.approx(fitting * 1.25**7)


def test_a_double_click_changes_between_all_and_actual_size(canvas: CanvasView):
    canvas.show_picture(plain(100, 100), Path("fox.png"))

    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton)
    assert canvas.viewport_now.scale == 1
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton)
    assert canvas.viewport_now.fits


def test_zooming_without_a_picture_does_nothing(canvas: CanvasView):
    canvas.zoom_in()
    canvas.actual_size()
    canvas.zoom_out()
    canvas.fit()

    assert canvas.image.isNull()


def test_a_new_preview_is_shown_whole_after_zooming(canvas: CanvasView):
    canvas.show_picture(plain(256, 256), Path("fox.png"))
    canvas.zoom_in()

    canvas.show_preview(plain(4, 4))

    assert canvas.viewport_now.fits
