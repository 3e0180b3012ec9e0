import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.message_bar import MessageBar
from sana_desktop.ui.window.journal_watch import JournalWatch


class Journal:
    """Has something to say, or has not."""

    def __init__(self, notice: str = "") -> None:
        self.notice = notice
        self.trouble: str | None = None

    def take_trouble(self) -> str | None:
        trouble, self.trouble = self.trouble, None
        return trouble


class Board(QObject):
    changed = Signal()


@pytest.fixture
def messages(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def watch(journal: Journal, messages: MessageBar) -> tuple[JournalWatch, Board]:
    board = Board(messages)
    return JournalWatch(journal, board, messages, messages), board  # pyright: ignore[reportArgumentType]


def test_a_disk_that_refuses_is_told_once_after_the_queue_has_changed(qtbot: QtBot, messages: MessageBar) -> None:
    journal = Journal()
    _, board = watch(journal, messages)
    journal.trouble = "The disk is full."
    board.changed.emit()
    qtbot.waitUntil(lambda: messages.text == "The disk is full.")
    messages.clear()
    board.changed.emit()
    assert messages.text == ""


def test_what_was_said_at_the_start_is_not_said_again(messages: MessageBar) -> None:
    journal = Journal("The old queue was set aside.")
    watcher, _ = watch(journal, messages)
    watcher.look()
    assert messages.text == ""
    journal.notice = "Three orders could not be read."
    watcher.look()
    assert messages.text == "Three orders could not be read."
    messages.clear()
    watcher.look()
    assert messages.text == ""
