import threading

from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.background import Background


class Listener(QObject):
    """Keeps what it heard, and whether on the window's thread."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[object, bool]] = []

    @Slot(object)
    def on_done(self, value: object) -> None:
        self.heard.append((value, QThread.currentThread() is self.thread()))


def test_the_work_is_done_elsewhere_and_its_answer_comes_here(qtbot: QtBot) -> None:
    worked_in: list[str] = []

    def work() -> int:
        worked_in.append(threading.current_thread().name)
        return 7

    background, listener = Background(work), Listener()
    background.done.connect(listener.on_done)
    with qtbot.waitSignal(background.done):
        background.start()
    background.wait()
    assert worked_in == ["background"]
    assert listener.heard == [(7, True)]


def test_waiting_for_what_was_not_started_ends_at_once(qtbot: QtBot) -> None:
    Background(lambda: None).wait()
