import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.path_worker import PathWorker, Tell


def heard_from(worker: PathWorker) -> list[object]:
    heard: list[object] = []
    worker.told.connect(heard.append)
    return heard


def test_it_works_on_another_thread_and_tells_on_this_one(qtbot: QtBot):
    threads: list[threading.Thread] = []

    def work(path: Path, tell: Tell) -> None:
        threads.append(threading.current_thread())
        assert tell(path.name)
        assert tell("more")

    worker = PathWorker(work)
    heard: list[tuple[object, threading.Thread]] = []
    worker.told.connect(lambda news: heard.append((news, threading.current_thread())))
    with qtbot.waitSignals([worker.told, worker.told]):
        worker.ask(Path("a.png"))
    worker.close()

    assert heard == [("a.png", threading.current_thread()), ("more", threading.current_thread())]
    assert threads[0] is not threading.current_thread()


def test_of_older_paths_nothing_is_heard(qtbot: QtBot):
    began, go_on = threading.Event(), threading.Event()
    answers: list[bool] = []

    def work(path: Path, tell: Tell) -> None:
        began.set()
        go_on.wait(10)
        answers.append(tell(path.name))

    worker = PathWorker(work)
    heard = heard_from(worker)
    worker.ask(Path("first"))
    assert began.wait(10)
    for name in ("second", "third"):
        worker.ask(Path(name))
    with qtbot.waitSignal(worker.told):
        go_on.set()
    worker.close()

    assert heard == ["third"]
    assert answers == [False, True]


def test_what_is_on_its_way_when_it_is_forgotten_is_not_heard(qtbot: QtBot):
    said = threading.Event()

    def work(path: Path, tell: Tell) -> None:
        tell(path.name)
        said.set()

    worker = PathWorker(work)
    heard = heard_from(worker)
    worker.ask(Path("old"))
    assert said.wait(10)
    worker.close()

    with qtbot.waitSignal(worker.told):
        worker.ask(Path("new"))
    worker.close()

    assert heard == ["new"]


def test_nothing_is_sent_once_it_is_closed(qtbot: QtBot):
    began, go_on = threading.Event(), threading.Event()

    def work(path: Path, tell: Tell) -> None:
        began.set()
        go_on.wait(10)
        tell(path.name)

    worker = PathWorker(work)
    sent: list[int] = []
    worker._arrived.connect(lambda number, news: sent.append(number), Qt.ConnectionType.DirectConnection)
    worker.ask(Path("late"))
    assert began.wait(10)
    worker.forget()
    go_on.set()
    worker.close()

    assert sent == []


def test_a_path_that_breaks_the_work_is_logged_and_the_next_one_is_worked_on(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
):
    def work(path: Path, tell: Tell) -> None:
        if path.name == "bad":
            raise ValueError("broken")
        tell(path.name)

    worker = PathWorker(work)
    worker.ask(Path("bad"))
    worker._thread.join() if worker._thread else None
    with qtbot.waitSignal(worker.told) as told:
        worker.ask(Path("good"))
    worker.close()

    assert told.args == ["good"]
    assert "bad could not be worked on" in caplog.text


def test_closing_twice_or_unused_is_safe(qtbot: QtBot):
    worker = PathWorker(lambda path, tell: None)
    worker.close()
    worker.close()
