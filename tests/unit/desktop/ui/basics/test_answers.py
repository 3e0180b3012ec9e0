import logging
import threading
from concurrent.futures import Future

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.errors import JobCancelledError, KnownError
from sana_desktop.ui.basics.answers import Answers


def from_a_thread(future: "Future[int]", outcome: int | Exception) -> None:
    def give() -> None:
        future.set_exception(outcome) if isinstance(outcome, Exception) else future.set_result(outcome)

    thread = threading.Thread(target=give)
    thread.start()
    thread.join()


def test_a_result_comes_later_and_on_the_windows_thread(qtbot: QtBot) -> None:
    answers, future = Answers(), Future[int]()
    got: list[tuple[int, threading.Thread]] = []
    answers.watch(future, lambda result: got.append((result, threading.current_thread())))
    from_a_thread(future, 7)
    assert got == []
    qtbot.waitUntil(lambda: bool(got))
    assert got == [(7, threading.main_thread())]


def test_an_error_goes_to_who_asked_or_to_everybody(qtbot: QtBot) -> None:
    answers = Answers()
    asked: list[KnownError] = []
    everybody: list[KnownError] = []
    answers.failed.connect(everybody.append)
    mine, theirs = KnownError("mine"), KnownError("theirs")
    for error, failed in ((mine, asked.append), (theirs, None)):
        future = Future[int]()
        answers.watch(future, failed=failed)
        from_a_thread(future, error)
    qtbot.waitUntil(lambda: bool(asked and everybody))
    assert (asked, everybody) == ([mine], [theirs])


def test_what_was_stopped_says_nothing_and_a_mistake_of_ours_is_logged(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    answers, order = Answers(), list[str]()
    answers.failed.connect(lambda error: order.append(str(error)))
    for outcome in (JobCancelledError("stopped"), ValueError("odd"), KnownError("last")):
        future = Future[int]()
        answers.watch(future)
        with caplog.at_level(logging.ERROR):
            from_a_thread(future, outcome)
    dropped = Future[int]()
    answers.watch(dropped)
    dropped.cancel()
    with caplog.at_level(logging.ERROR):
        qtbot.waitUntil(lambda: bool(order))
    assert order == ["last"]
    assert [record.exc_info[1].args for record in caplog.records if record.exc_info and record.exc_info[1]] == [
        ("odd",)
    ]


def test_nothing_is_heard_after_the_end(qtbot: QtBot) -> None:
    answers = Answers()
    early, late, got = Future[int](), Future[int](), list[int]()
    answers.watch(early, got.append)
    answers.watch(late, got.append)
    from_a_thread(early, 1)
    answers.close()
    from_a_thread(late, 2)
    other = Answers()
    last = Future[int]()
    other.watch(last, lambda result: got.append(result))
    from_a_thread(last, 3)
    qtbot.waitUntil(lambda: bool(got))
    assert got == [3]
