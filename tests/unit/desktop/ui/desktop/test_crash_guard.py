import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.errors import BugError
from sana_desktop.system.crash import Private
from sana_desktop.system.last_run import BadEnd
from sana_desktop.ui.desktop.crash_dialog import CrashDialog
from sana_desktop.ui.desktop.crash_guard import CrashGuard

SECRET = "a fox in the snow at night"


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the hooks that were there before heard; without them, every mistake would fail the test."""
    heard: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: heard.append(kind.__name__))
    monkeypatch.setattr(threading, "excepthook", lambda args: heard.append(args.exc_type.__name__))
    return heard


@pytest.fixture
def guard(qtbot: QtBot, tmp_path: Path, seen: list[str]) -> Iterator[CrashGuard]:
    window = QWidget()
    qtbot.addWidget(window)
    with CrashGuard(tmp_path, None, lambda: (("Python", "3.11"),)) as guard:
        guard.watch(window, lambda: Private(prompts=(SECRET,), job=f"prompt: {SECRET}"))
        yield guard


def fail(kind: type[BaseException] = ValueError, text: str = "no") -> None:
    """Let an error reach the hook, as Qt does with one in a slot."""
    with pytest.raises(kind) as caught:
        raise kind(text)
    sys.excepthook(caught.type, caught.value, caught.tb)


def fail_elsewhere() -> None:
    raise KeyError("other")


def opened(qtbot: QtBot, guard: CrashGuard) -> CrashDialog:
    qtbot.waitUntil(lambda: guard.dialog is not None)
    assert guard.dialog is not None
    return guard.dialog


def settled(qtbot: QtBot) -> None:
    """Everything that was queued before has arrived."""
    arrived: list[bool] = []
    QTimer.singleShot(0, lambda: arrived.append(True))
    qtbot.waitUntil(lambda: bool(arrived))


def test_an_error_that_nobody_handled_opens_a_dialog(qtbot: QtBot, guard: CrashGuard, seen: list[str]) -> None:
    fail()
    dialog = opened(qtbot, guard)
    assert dialog.isVisible()
    assert "ValueError: no" in dialog.report_text
    assert "Python: 3.11" in dialog.report_text
    assert seen == ["ValueError"]


def test_an_error_in_a_slot_is_one_of_them(qtbot: QtBot, guard: CrashGuard) -> None:
    QTimer.singleShot(0, fail_elsewhere)
    assert "in fail_elsewhere" in opened(qtbot, guard).report_text


def test_so_is_an_error_on_another_thread(qtbot: QtBot, guard: CrashGuard, seen: list[str]) -> None:
    thread = threading.Thread(target=fail_elsewhere)
    thread.start()
    thread.join()
    assert "KeyError: 'other'" in opened(qtbot, guard).report_text
    assert seen == ["KeyError"]


def test_a_mistake_that_was_caught_can_be_reported(qtbot: QtBot, guard: CrashGuard) -> None:
    guard.report(BugError("KeyError: 'x'", details="Traceback of the engine"))
    assert "Traceback of the engine" in opened(qtbot, guard).report_text


def test_prompts_are_in_neither_report_nor_log(
    qtbot: QtBot, guard: CrashGuard, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        fail(text=f"cannot draw {SECRET}")
        dialog = opened(qtbot, guard)
    assert "ValueError at test_crash_guard.py" in caplog.text
    assert "cannot draw" in caplog.text
    assert "fox" not in caplog.text
    assert "fox" not in dialog.report_text


def test_a_storm_opens_one_dialog(qtbot: QtBot, guard: CrashGuard) -> None:
    fail()
    dialog = opened(qtbot, guard)
    for _ in range(20):
        fail()
    fail(KeyError)
    settled(qtbot)
    assert guard.dialog is dialog
    assert "21 more mistakes" in dialog._more.text()


def test_a_mistake_that_was_shown_is_not_shown_again(qtbot: QtBot, guard: CrashGuard) -> None:
    fail()
    opened(qtbot, guard).close()
    assert guard.dialog is None
    fail()
    settled(qtbot)
    assert guard.dialog is None
    fail(KeyError)
    assert "KeyError" in opened(qtbot, guard).report_text


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_leaving_is_no_mistake(qtbot: QtBot, guard: CrashGuard, seen: list[str], kind: type[BaseException]) -> None:
    fail(kind)
    settled(qtbot)
    assert guard.dialog is None
    assert seen == [kind.__name__]


def test_a_mistake_while_reporting_does_not_go_round_in_circles(
    qtbot: QtBot, guard: CrashGuard, seen: list[str]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)

    def broken() -> Private:
        raise RuntimeError("the panel is gone")

    guard.watch(window, broken)
    fail()
    qtbot.waitUntil(lambda: "RuntimeError" in seen)
    settled(qtbot)
    assert seen == ["ValueError", "RuntimeError"]
    assert guard.dialog is None


def test_how_the_last_run_ended_can_be_read(qtbot: QtBot, guard: CrashGuard) -> None:
    guard.show_bad_end(BadEnd("2026-11-24 01:02:03", "Fatal Python error: Segmentation fault"))
    assert "Segmentation fault" in opened(qtbot, guard).report_text
    assert "2026-11-24 01:02:03" in opened(qtbot, guard).report_text


def test_a_run_that_was_killed_is_told_from_one_that_crashed(qtbot: QtBot, guard: CrashGuard) -> None:
    guard.show_bad_end(BadEnd("2026-11-24 01:02:03", ""))
    assert "memory or power" in opened(qtbot, guard).report_text


def test_afterwards_the_hooks_are_as_before(qtbot: QtBot, tmp_path: Path, seen: list[str]) -> None:
    hooks: tuple[Callable[..., object], Callable[..., object]] = (sys.excepthook, threading.excepthook)
    with CrashGuard(tmp_path, None, tuple):
        assert sys.excepthook is not hooks[0]
    assert (sys.excepthook, threading.excepthook) == hooks
