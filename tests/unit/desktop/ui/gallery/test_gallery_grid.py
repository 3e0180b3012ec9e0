from array import array

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.ui.gallery.gallery_grid import GAP, LARGEST_SIDE, SMALLEST_SIDE, USUAL_SIDE, GalleryGrid
from sana_desktop.ui.gallery.gallery_model import GalleryModel
from support.gallery_rows import row_of
from support.window_stage import heard

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
Key = Qt.Key
COUNT = 100_000
COLUMNS = 4


@pytest.fixture
def model(qtbot: QtBot) -> GalleryModel:
    """Pictures 100,000 to 1."""
    made = GalleryModel(read_now=lambda pictures: [row_of(picture) for picture in pictures])
    made.set_pictures(array("q", range(COUNT, 0, -1)))
    return made


@pytest.fixture
def grid(qtbot: QtBot, model: GalleryModel) -> GalleryGrid:
    made = GalleryGrid(model)
    qtbot.addWidget(made)
    made.resize(COLUMNS * (USUAL_SIDE + GAP) + 60, 600)
    made.show()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    made.go_to(0)
    return made


def click(grid: GalleryGrid, place: int, qtbot: QtBot, modifiers: Qt.KeyboardModifier = NONE) -> None:
    at = grid.visualRect(grid.model().index(place, 0)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, modifiers, pos=at)


def place(grid: GalleryGrid) -> int:
    return grid.currentIndex().row()


def test_only_what_is_seen_is_looked_at(grid: GalleryGrid) -> None:
    assert 0 < len(grid.seen()) < 30
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    assert grid.seen().stop == COUNT
    assert len(grid.seen(1)) > len(grid.seen())


def test_keys_move_through_rows_and_pages_to_both_ends(grid: GalleryGrid, qtbot: QtBot) -> None:
    steps = [
        (Key.Key_Right, 1), (Key.Key_Down, 1 + COLUMNS), (Key.Key_Left, COLUMNS), (Key.Key_Up, 0), (Key.Key_Up, 0),
        (Key.Key_End, COUNT - 1), (Key.Key_Right, COUNT - 1), (Key.Key_Down, COUNT - 1), (Key.Key_Home, 0),
    ]  # fmt: skip
    for key, expected in steps:
        qtbot.keyClick(grid, key)
        assert place(grid) == expected, key
        assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))
    qtbot.keyClick(grid, Key.Key_PageDown)
    assert place(grid) % COLUMNS == 0
    assert place(grid) > COLUMNS
    qtbot.keyClick(grid, Key.Key_PageUp)
    assert place(grid) == 0


def test_from_the_last_full_row_down_leads_to_the_last_picture(
    grid: GalleryGrid, model: GalleryModel, qtbot: QtBot
) -> None:
    model.set_pictures(array("q", range(COLUMNS + 1, 0, -1)))
    grid.go_to(2)
    qtbot.keyClick(grid, Key.Key_Down)
    assert place(grid) == COLUMNS


def test_pictures_are_selected_in_reading_order_with_shift_and_one_by_one_with_ctrl(
    grid: GalleryGrid, qtbot: QtBot
) -> None:
    click(grid, 1, qtbot)
    click(grid, 6, qtbot, SHIFT)
    assert list(grid.chosen()) == [COUNT - at for at in range(1, 7)]
    click(grid, 3, qtbot, CTRL)
    assert grid.chosen_count() == 5
    click(grid, 9, qtbot)
    qtbot.keyClick(grid, Key.Key_Right, SHIFT)
    assert list(grid.chosen()) == [COUNT - 9, COUNT - 10]


def test_all_are_selected_at_once_and_a_click_between_lets_them_go(grid: GalleryGrid, qtbot: QtBot) -> None:
    qtbot.keyClick(grid, Key.Key_A, CTRL)
    assert grid.chosen_count() == COUNT
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert grid.chosen_count() == 0


def test_the_mouse_draws_a_frame_around_pictures(grid: GalleryGrid, qtbot: QtBot) -> None:
    viewport = grid.viewport()
    end = grid.visualRect(grid.model().index(COLUMNS + 1, 0)).center()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    for at in (QPoint(40, 40), end, end):
        qtbot.mouseMove(viewport, at)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    assert list(grid.chosen()) == [COUNT, COUNT - 1, COUNT - COLUMNS, COUNT - COLUMNS - 1]


def test_what_is_chosen_stays_chosen_when_others_come(grid: GalleryGrid, model: GalleryModel, qtbot: QtBot) -> None:
    click(grid, 2, qtbot)
    click(grid, 3, qtbot, CTRL)
    current = grid.current_picture()
    model.set_pictures(array("q", range(COUNT + 5, 0, -1)))
    assert grid.current_picture() == current
    assert list(grid.chosen()) == [COUNT - 2, COUNT - 3]


def test_when_the_chosen_one_goes_the_next_takes_its_place(grid: GalleryGrid, model: GalleryModel) -> None:
    grid.go_to(4)
    model.hide([COUNT - 4])
    assert grid.current_picture() == COUNT - 5
    assert list(grid.chosen()) == [COUNT - 5]
    model.set_pictures(array("q", [7]))
    assert list(grid.chosen()) == [7]
    model.set_pictures(array("q"))
    assert (grid.current_picture(), grid.chosen_count()) == (None, 0)


def test_enter_and_a_double_click_open(grid: GalleryGrid, qtbot: QtBot) -> None:
    opened = heard(grid, "opened")
    qtbot.keyClick(grid, Key.Key_Return)
    at = grid.visualRect(grid.model().index(1, 0)).center()
    click(grid, 1, qtbot)
    qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert len(opened) == 2


def test_letters_and_digits_are_offered_to_who_knows_pictures(grid: GalleryGrid, qtbot: QtBot) -> None:
    keys: list[int] = []
    grid.keyPressed.connect(lambda event: keys.append(event.key()))
    for key in (Key.Key_3, Key.Key_Period, Key.Key_Delete, Key.Key_Escape):
        qtbot.keyClick(grid, key)
    assert keys == [Key.Key_3, Key.Key_Period, Key.Key_Delete, Key.Key_Escape]
    assert place(grid) == 0


def test_escape_belongs_to_the_grid_before_the_window(grid: GalleryGrid) -> None:
    override = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Key.Key_Escape, NONE)
    override.ignore()
    QApplication.sendEvent(grid, override)
    assert override.isAccepted()


def turn(grid: GalleryGrid, delta: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    at = QPointF(50, 50)
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(grid.viewport(), event)


def test_the_wheel_scrolls_and_with_ctrl_changes_the_size(grid: GalleryGrid) -> None:
    turn(grid, -120)
    assert grid.verticalScrollBar().value() > 0
    sides = heard(grid, "sideChanged")
    turn(grid, 120, CTRL)
    turn(grid, -120, CTRL)
    assert [side for (side,) in sides] == [USUAL_SIDE + 16, USUAL_SIDE]


def test_sizes_have_limits_and_what_is_in_the_middle_stays(grid: GalleryGrid) -> None:
    grid.go_to(5000)
    grid.scrollTo(grid.currentIndex(), GalleryGrid.ScrollHint.PositionAtCenter)
    grid.set_side(10_000)
    assert grid.side == LARGEST_SIDE
    grid.set_side(0)
    assert grid.side == SMALLEST_SIDE
    assert any(abs(at - 5000) < 30 for at in grid.seen())


def test_a_narrower_view_keeps_its_first_picture(grid: GalleryGrid) -> None:
    grid.verticalScrollBar().setValue(100 * (USUAL_SIDE + GAP))
    first = grid.seen().start
    grid.resize(2 * (USUAL_SIDE + GAP) + 60, 500)
    assert abs(grid.seen().start - first) <= COLUMNS


def test_a_menu_is_about_what_is_under_the_pointer(grid: GalleryGrid) -> None:
    asked = heard(grid, "menuRequested")
    at = grid.visualRect(grid.model().index(3, 0)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, grid.viewport().mapToGlobal(at))
    QApplication.sendEvent(grid.viewport(), event)
    assert list(grid.chosen()) == [COUNT - 3]
    QApplication.sendEvent(grid, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))
    assert len(asked) == 2


def test_an_empty_grid_says_so(grid: GalleryGrid, model: GalleryModel, qtbot: QtBot) -> None:
    model.set_pictures(array("q"))
    before = grid.grab().toImage()
    grid.set_empty_text("There is nothing.")
    assert grid.grab().toImage() != before
    for key in (Key.Key_Down, Key.Key_End, Key.Key_Return):
        qtbot.keyClick(grid, key)
    assert grid.current_picture() is None
