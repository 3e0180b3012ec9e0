import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.domain.job import JobState, Order
from sana_desktop.ui.queue.job_item import JobItem
from sana_desktop.ui.queue.queue_model import QueueModel
from sana_desktop.ui.queue.queue_view import QueueView
from support.recipes import recipe

BOTH = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(qtbot: QtBot) -> QueueView:
    """Job 1 is drawn, 2 to 4 wait, 5 has ended."""
    items = {job: JobItem(job, Order(recipe=recipe(seed=job))) for job in range(1, 6)}
    items[1].state, items[5].state = JobState.RUNNING, JobState.FINISHED
    model = QueueModel(items.__getitem__)
    model.show_jobs(list(items))
    made = QueueView(model)
    # As long as the view, which does not own it.
    made.setProperty("model", model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(300, 500)
    made.show()
    return made


def choose(view: QueueView, *rows: int) -> None:
    view.clearSelection()
    for row in rows:
        index = view.model().index(row, 0)
        view.selectionModel().setCurrentIndex(index, view.selectionModel().SelectionFlag.Select)


@pytest.mark.parametrize(
    ("rows", "before", "asked"),
    [
        ((3,), 1, ([4], 2)),
        ((3,), 0, ([4], 1)),
        ((1,), 3, ([2], 4)),
        ((1,), 4, ([2], None)),
        ((1,), 5, ([2], None)),
        ((1, 3), 2, ([2, 4], 3)),
        ((1, 2), 1, ([2, 3], 4)),
        ((0, 2, 4), 1, ([3], 2)),
    ],
)
def test_chosen_rows_that_wait_are_dropped_between_others(
    view: QueueView, rows: tuple[int, ...], before: int, asked: tuple[list[int], int | None], qtbot: QtBot
):
    choose(view, *rows)
    with qtbot.waitSignal(view.moveRequested) as moved:
        view.drop_before(before)

    assert moved.args == list(asked)


def test_what_does_not_wait_cannot_be_dropped(view: QueueView, qtbot: QtBot):
    choose(view, 0, 4)
    with qtbot.assertNotEmitted(view.moveRequested):
        view.drop_before(2)


class FromView(QDropEvent):
    """A drop whose drag began in a certain widget."""

    def __init__(self, place: QPoint, source: QWidget | None) -> None:
        self.data = QMimeData()
        nothing = Qt.KeyboardModifier.NoModifier
        super().__init__(QPointF(place), Qt.DropAction.MoveAction, self.data, Qt.MouseButton.LeftButton, nothing)
        self._source = source

    def source(self) -> QWidget | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # it may be None
        return self._source


@pytest.mark.parametrize(("part", "before"), [(0.25, 3), (0.75, 4)])
def test_the_half_of_a_row_says_on_which_side_of_it(view: QueueView, part: float, before: int, qtbot: QtBot):
    choose(view, 1)
    rect = view.visualRect(view.model().index(2, 0))
    place = QPoint(rect.center().x(), rect.top() + round(part * rect.height()))
    event = FromView(place, view)
    with qtbot.waitSignal(view.moveRequested) as moved:
        view.dropEvent(event)

    assert moved.args == [[2], before]
    assert event.isAccepted()


def test_a_drag_that_ends_leaves_the_rows_to_the_queue(view: QueueView):
    assert not view.model().removeRows(1, 1)
    assert view.model().rowCount() == 5


def test_below_the_last_row_is_the_end(view: QueueView, qtbot: QtBot):
    choose(view, 1)
    with qtbot.waitSignal(view.moveRequested) as moved:
        view.dropEvent(FromView(QPoint(50, 490), view))

    assert moved.args == [[2], None]


def test_what_comes_from_elsewhere_is_refused(view: QueueView, qtbot: QtBot):
    choose(view, 1)
    event = FromView(QPoint(50, 50), None)
    with qtbot.assertNotEmitted(view.moveRequested):
        view.dropEvent(event)

    assert not event.isAccepted()


@pytest.mark.parametrize(("key", "down"), [(Qt.Key.Key_Up, False), (Qt.Key.Key_Down, True)])
def test_the_keyboard_moves_the_current_row(view: QueueView, key: Qt.Key, down: bool, qtbot: QtBot):
    choose(view, 2)
    with qtbot.waitSignal(view.nudgeRequested) as nudged:
        qtbot.keyClick(view, key, BOTH)

    assert nudged.args == [3, down]
    assert view.currentIndex().row() == 2


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_throws_out_what_is_chosen(view: QueueView, key: Qt.Key, qtbot: QtBot):
    view.clearSelection()
    with qtbot.assertNotEmitted(view.cancelRequested):
        qtbot.keyClick(view, key)
    choose(view, 3, 1)
    with qtbot.waitSignal(view.cancelRequested) as cancelled:
        qtbot.keyClick(view, key)

    assert cancelled.args == [[2, 4]]


def test_enter_and_a_double_click_open(view: QueueView, qtbot: QtBot):
    choose(view, 4)
    with qtbot.waitSignal(view.openRequested) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [5]

    with qtbot.waitSignal(view.openRequested) as opened:
        view.doubleClicked.emit(view.model().index(0, 0))
    assert opened.args == [1]


def test_other_keys_do_what_they_do_in_lists(view: QueueView, qtbot: QtBot):
    choose(view, 1)
    qtbot.keyClick(view, Qt.Key.Key_Down)

    assert view.currentIndex().row() == 2


@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_a_menu_is_asked_for(view: QueueView, reason: QContextMenuEvent.Reason, qtbot: QtBot):
    choose(view, 1)
    place = view.visualRect(view.model().index(1, 0)).center()
    with qtbot.waitSignal(view.menuRequested):
        view.contextMenuEvent(QContextMenuEvent(reason, place, view.viewport().mapToGlobal(place)))
    with qtbot.assertNotEmitted(view.menuRequested):
        beside = QPoint(50, 490)
        view.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, beside, beside))
