from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas.canvas_view import CanvasView
from support.ui_pictures import plain


@pytest.fixture
def canvas(qtbot: QtBot) -> CanvasView:
    made = CanvasView(animated=False)
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


@pytest.fixture
def fading(qtbot: QtBot) -> CanvasView:
    """A canvas whose fades stand still at their beginning until they are moved."""
    made = CanvasView(animated=True)
    qtbot.addWidget(made)
    made.resize(532, 432)
    made.show()
    return made


def move_fade(canvas: CanvasView, ms: int) -> None:
    canvas._fade._animation.pause()
    canvas._fade._animation.setCurrentTime(ms)


def test_a_preview_passes_softly_into_the_next_and_into_the_picture(fading: CanvasView):
    fading.show_preview(plain(8, 8, "black"))
    assert not fading.is_fading

    fading.show_preview(plain(8, 8, "white"))
    move_fade(fading, 60)
    middle = colour_at(fading, 266, 216).red()
    assert 100 < middle < 160

    # In the middle of a fade the next one begins with what is seen.
    fading.show_picture(plain(256, 256, "white"), Path("fox.png"))
    move_fade(fading, 0)
    assert abs(colour_at(fading, 266, 216).red() - middle) <= 2
    move_fade(fading, 119)
    assert colour_at(fading, 266, 216).red() > 250


def test_pictures_that_have_nothing_to_do_with_each_other_do_not_mix(fading: CanvasView):
    fading.show_picture(plain(256, 256, "black"), Path("fox.png"))
    fading.show_preview(plain(8, 8, "white"))
    assert not fading.is_fading

    fading.show_preview(plain(16, 8, "white"))
    assert not fading.is_fading


def test_a_fade_ends_with_the_size_it_was_made_for(fading: CanvasView):
    fading.show_preview(plain(8, 8, "black"))
    fading.show_preview(plain(8, 8, "white"))
    assert fading.is_fading

    fading.resize(600, 500)

    assert not fading.is_fading
    assert colour_at(fading, 300, 250) == QColor("white")


def test_words_come_at_once(fading: CanvasView):
    fading.show_preview(plain(8, 8, "black"))

    fading.show_hint("Describe a picture.")

    assert not fading.is_fading


def dragged(canvas: CanvasView, far: int) -> list[None]:
    """Press in the middle, move, let go; how often a drag was asked for."""
    asked: list[None] = []
    canvas.dragRequested.connect(lambda: asked.append(None))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(260, 210))
    QTest.mouseMove(canvas, QPoint(260 + far, 210))
    QTest.mouseMove(canvas, QPoint(260 + 2 * far, 210))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(260 + 2 * far, 210))
    return asked


def test_a_picture_that_is_shown_whole_is_dragged_away(canvas: CanvasView):
    canvas.show_picture(plain(400, 400), Path("fox.png"))

    assert len(dragged(canvas, 40)) == 1


def test_a_small_movement_is_no_drag(canvas: CanvasView):
    canvas.show_picture(plain(400, 400), Path("fox.png"))

    assert dragged(canvas, 1) == []


def test_previews_and_zoomed_pictures_are_not_dragged_away(canvas: CanvasView):
    canvas.show_preview(plain(8, 8))
    assert dragged(canvas, 40) == []

    canvas.show_picture(plain(400, 400), Path("fox.png"))
    canvas.zoom_in()
    assert dragged(canvas, 40) == []


def test_ctrl_c_asks_for_a_copy(canvas: CanvasView, qtbot: QtBot):
    with qtbot.waitSignal(canvas.copyRequested):
        QTest.keyClick(canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_the_menu_is_asked_for_where_the_pointer_is_or_in_the_middle(
    canvas: CanvasView, qtbot: QtBot, reason: QContextMenuEvent.Reason
):
    where = canvas.mapToGlobal(QPoint(5, 6))

    with qtbot.waitSignal(canvas.menuRequested) as asked:
        canvas.contextMenuEvent(QContextMenuEvent(reason, QPoint(5, 6), where))

    by_mouse = reason is QContextMenuEvent.Reason.Mouse
    assert asked.args == [where if by_mouse else canvas.mapToGlobal(canvas.rect().center())]
