from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.domain.job import Order
from sana_desktop.errors import MachineError
from sana_desktop.services.forecast import SpeedBook
from sana_desktop.ui.queue.job_board import JobBoard
from sana_desktop.ui.queue.queue_menu import QueueMenu
from sana_desktop.ui.queue.queue_panel import QueuePanel
from sana_desktop.ui.window.bridge import EventBridge
from support.fake_engine import fake_picture
from support.fake_queue import FakeQueue
from support.recipes import APPLE, recipe
from support.ui_pictures import plain


class Stage:
    """A panel, and what stands behind it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.bridge = EventBridge(interval_ms=0)
        self.queue = FakeQueue(left=(1, 2))
        self.book = SpeedBook()
        self.board = JobBoard(self.queue, self.bridge, self.book, interval_ms=3_600_000)
        self.panel = QueuePanel(self.board)
        qtbot.addWidget(self.panel)
        self.panel.resize(300, 600)
        self.panel.show()

    def order(self, *jobs: int) -> None:
        for job in jobs:
            self.bridge.jobQueued.emit(job, Order(recipe=recipe(seed=job, prompt=f"fox {job}")), 0)
        self.settle()

    def pause(self, *waiting: int) -> None:
        self.bridge.queueChanged.emit(waiting, True)
        self.settle()

    def start(self, job: int) -> None:
        self.bridge.jobStarted.emit(job, recipe(seed=job))
        self.settle()

    def fail(self, job: int) -> None:
        self.bridge.jobFailed.emit(job, MachineError("Too little memory."))
        self.settle()

    def settle(self) -> None:
        self.board._news.flush()

    def button(self, text: str) -> QPushButton:
        return next(button for button in self.panel.findChildren(QPushButton) if button.text() == text)

    def choose(self, *rows: int) -> None:
        view = self.panel._view
        view.clearSelection()
        for row in rows:
            view.selectionModel().select(view.model().index(row, 0), view.selectionModel().SelectionFlag.Select)

    def menu(self, *jobs: int) -> QueueMenu:
        return self.panel.menu_for([item for job in jobs if (item := self.board.item(job)) is not None])


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot)


def trigger(menu: QueueMenu, name: str) -> None:
    next(action for action in menu.actions() if action.text() == name).trigger()


def test_without_jobs_it_says_what_will_be_here_and_why_nothing_can_be_done(stage: Stage):
    assert stage.panel._empty.isVisible()
    assert stage.panel.summary == ""
    for name in ("Pause", "Cancel all", "Clear ended"):
        button = stage.button(name)
        assert not button.isEnabled()
        assert "othing" in button.toolTip()
        assert button.toolTip() == button.accessibleDescription()


def test_it_says_how_many_wait_and_how_long_it_takes(stage: Stage):
    stage.order(1)
    assert not stage.panel._empty.isVisible()
    assert stage.panel.summary == "1 waiting"

    stage.book.learn(fake_picture(APPLE))
    stage.book.learn(fake_picture(APPLE))
    stage.order(*range(2, 1202))
    # Each has a prompt of its own to be read: 2.75 s.
    assert stage.panel.summary == "1,201 waiting, about 55 min"


def test_it_pauses_and_continues(stage: Stage, qtbot: QtBot):
    stage.order(1, 2)
    qtbot.mouseClick(stage.button("Pause"), Qt.MouseButton.LeftButton)
    stage.pause(1, 2)
    assert stage.panel.summary == "Paused, 2 waiting"
    qtbot.mouseClick(stage.button("Continue"), Qt.MouseButton.LeftButton)

    assert stage.queue.asked == [("pause",), ("resume",)]


def test_an_empty_queue_that_is_paused_can_be_continued(stage: Stage):
    stage.pause()

    assert stage.panel.summary == "Paused"
    assert stage.button("Continue").isEnabled()


def test_orders_from_last_time_are_called_so(stage: Stage):
    stage.board.restore()
    stage.order(1, 2)
    stage.pause(1, 2)

    assert stage.panel.summary == "Paused, 2 waiting from last time"


def test_everything_is_cancelled_and_what_ended_cleared(stage: Stage, qtbot: QtBot):
    stage.order(1, 2)
    stage.start(1)
    stage.fail(1)
    qtbot.mouseClick(stage.button("Cancel all"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(stage.button("Clear ended"), Qt.MouseButton.LeftButton)
    stage.settle()

    assert stage.queue.asked == [("cancel all",)]
    assert stage.board.ended == 0


def test_the_keyboard_cancels_and_moves(stage: Stage, qtbot: QtBot):
    stage.order(1, 2, 3)
    stage.choose(1, 2)
    qtbot.keyClick(stage.panel._view, Qt.Key.Key_Delete)
    stage.panel._view.setCurrentIndex(stage.board.model.index(0))
    both = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(stage.panel._view, Qt.Key.Key_Down, both)

    assert stage.queue.asked == [("cancel", 3, "discard"), ("cancel", 2, "discard"), ("move", 1, 3)]


def test_the_menu_cancels_hurries_and_keeps(stage: Stage):
    stage.order(1, 2, 3)
    stage.start(1)
    stage.bridge.stepDone.emit(1, 1, 20)
    trigger(stage.menu(3), "Draw next")
    trigger(stage.menu(1), "Stop and keep")
    trigger(stage.menu(1, 3), "Cancel")

    assert stage.queue.asked == [
        ("move", 3, 2),
        ("cancel", 1, "keep"),
        ("cancel", 3, "discard"),
        ("cancel", 1, "discard"),
    ]


def test_the_menu_tries_again_and_removes(stage: Stage):
    stage.order(1, 2, 3)
    for job in (1, 2):
        stage.start(job)
        stage.fail(job)
    trigger(stage.menu(2), "Remove from the list")
    stage.settle()
    trigger(stage.menu(1, 3), "Try again")
    stage.settle()

    assert stage.queue.asked == [("retry", 1)]
    assert stage.board.ended == 0


def test_picture_prompt_and_settings_of_a_job_can_be_used(stage: Stage, qtbot: QtBot):
    stage.order(1)
    stage.start(1)
    stage.bridge.pictureSaved.emit(1, plain(8, 8), Path("fox.png"), fake_picture(APPLE))
    asked: list[object] = []
    stage.panel.pictureRequested.connect(asked.append)
    stage.panel.recipeRequested.connect(asked.append)

    for name in ("Show picture", "Copy prompt", "Use its settings"):
        trigger(stage.menu(1), name)
    stage.panel._view.openRequested.emit(1)

    assert asked == [Path("fox.png"), recipe(seed=1, prompt="fox 1"), Path("fox.png")]
    assert QGuiApplication.clipboard().text() == "fox 1"


def test_a_job_without_a_picture_opens_nothing(stage: Stage, qtbot: QtBot):
    stage.order(1)
    with qtbot.assertNotEmitted(stage.panel.pictureRequested):
        stage.panel._view.openRequested.emit(1)
        stage.panel._view.openRequested.emit(77)


# The offscreen platform has no windows to raise.
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_opens_for_what_is_chosen(stage: Stage):
    stage.order(1, 2)
    stage.choose()
    stage.panel._view.menuRequested.emit(QPoint(10, 10))
    assert QApplication.activePopupWidget() is None

    stage.choose(0)
    stage.panel._view.menuRequested.emit(QPoint(10, 10))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QueueMenu)
    menu.close()


def test_everything_has_a_name(stage: Stage):
    assert stage.panel.accessibleName()
    assert stage.panel._view.accessibleName()
    assert stage.panel._count.accessibleName()
