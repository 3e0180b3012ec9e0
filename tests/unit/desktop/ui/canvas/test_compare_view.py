import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas.compare_view import GAP, CompareMode, CompareView
from support.ui_pictures import plain

WIDTH, HEIGHT = 608, 432


@pytest.fixture
def view(qtbot: QtBot) -> CompareView:
    """A red picture and a blue one of twice the size, with the line in the middle."""
    made = CompareView()
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    made.set_pictures(plain(100, 100, "red"), plain(200, 200, "blue"), ("A", "B"))
    made.show()
    return made


def colours(view: CompareView, *xs: int) -> list[str]:
    """Names of the colours at these places, above the handle of the line."""
    screen = view.grab().toImage()
    names = {QColor(name).name(): name for name in ("red", "blue")}
    return [names.get(screen.pixelColor(x, 130).name(), "ground") for x in xs]


def test_the_line_parts_the_pictures(view: CompareView):
    assert colours(view, 20, 150, 290, 320, 450, 590) == ["ground", "red", "red", "blue", "blue", "ground"]

    view.set_divider(0.75)

    assert colours(view, 290, 320, 440, 470) == ["red", "red", "red", "blue"]


def test_the_line_is_dragged(view: CompareView, qtbot: QtBot):
    before = view.viewport_now.rect

    with qtbot.waitSignal(view.dividerMoved):
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(WIDTH // 2 + 3, 50))
        QTest.mouseMove(view, QPoint(152, 60))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(152, 60))

    assert view.divider == 0.25
    QTest.mouseMove(view, QPoint(400, 60))
    assert view.divider == 0.25
    assert view.viewport_now.rect == before


def test_the_line_stays_in_the_view(view: CompareView):
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(WIDTH // 2, 50))
    QTest.mouseMove(view, QPoint(5000, 60))
    assert view.divider == 1
    QTest.mouseMove(view, QPoint(-5000, 60))
    assert view.divider == 0


def test_a_double_click_on_the_line_puts_it_into_the_middle(view: CompareView):
    view.set_divider(0.25)

    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(152, 60))

    assert view.divider == 0.5
    assert view.viewport_now.fits


def test_the_keyboard_moves_the_line(view: CompareView):
    for key, share in (
        (Qt.Key.Key_Left, 0.48), (Qt.Key.Key_Right, 0.5), (Qt.Key.Key_Home, 0), (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_End, 1), (Qt.Key.Key_Right, 1),
    ):  # fmt: skip
        QTest.keyClick(view, key)
        assert view.divider == pytest.approx(share)


def test_with_ctrl_the_keyboard_moves_the_pictures(view: CompareView):
    for _ in range(6):
        view.zoom_in()
    before = view.viewport_now.rect.left()

    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)

    assert view.viewport_now.rect.left() < before
    assert view.divider == 0.5


def test_side_by_side_each_picture_is_whole_and_they_move_together(view: CompareView):
    view.set_mode(CompareMode.SIDE_BY_SIDE)
    half = (WIDTH - GAP) / 2
    assert colours(view, 150, WIDTH // 2, 450) == ["red", "ground", "blue"]
    assert view.viewport_now.rect.center().x() == pytest.approx(half / 2)

    for _ in range(6):
        view.zoom_in()
    QTest.keyClick(view, Qt.Key.Key_Left)

    assert colours(view, 2, 295, 315, 600) == ["red", "red", "blue", "blue"]
    assert view._second_rect() == view.viewport_now.rect


def test_side_by_side_the_pointer_zooms_what_is_below_it_in_both(view: CompareView):
    view.set_mode(CompareMode.SIDE_BY_SIDE)
    right = (WIDTH + GAP) / 2

    assert view.place_in_viewport(QPointF(right + 10, 5)) == QPointF(10, 5)
    assert view.place_in_viewport(QPointF(10, 5)) == QPointF(10, 5)
    view.set_mode(CompareMode.SLIDER)
    assert view.place_in_viewport(QPointF(right + 10, 5)) == QPointF(right + 10, 5)


def test_a_picture_of_another_shape_is_not_distorted(view: CompareView):
    view.set_pictures(plain(100, 100, "red"), plain(200, 100, "blue"), ("A", "B"))

    place, second = view.viewport_now.rect, view._second_rect()

    assert second.center() == place.center()
    assert second.width() == place.width()
    assert second.height() == pytest.approx(place.height() / 2)


@pytest.mark.parametrize(
    ("key", "name"),
    [(Qt.Key.Key_C, "swapRequested"), (Qt.Key.Key_M, "modeRequested"), (Qt.Key.Key_Escape, "closeRequested")],
)
def test_keys_ask_for_the_rest(view: CompareView, qtbot: QtBot, key: Qt.Key, name: str):
    with qtbot.waitSignal(getattr(view, name)):
        QTest.keyClick(view, key)


def test_esc_is_kept_from_the_window(view: CompareView):
    for key, kept in ((Qt.Key.Key_Escape, True), (Qt.Key.Key_F11, False)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(view, event)
        assert event.isAccepted() is kept


def test_the_pointer_shows_where_the_line_can_be_taken(view: CompareView):
    QTest.mouseMove(view, QPoint(WIDTH // 2, 50))
    assert view.cursor().shape() is Qt.CursorShape.SplitHCursor
    QTest.mouseMove(view, QPoint(100, 50))
    assert view.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_dragging_beside_the_line_moves_zoomed_pictures(view: CompareView):
    for _ in range(6):
        view.zoom_in()
    before = view.viewport_now.rect.topLeft()

    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(view, QPoint(130, 110))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(130, 110))

    moved = view.viewport_now.rect.topLeft() - before
    assert (moved.x(), moved.y()) == (pytest.approx(30), pytest.approx(10))
