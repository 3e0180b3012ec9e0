from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from PySide6.QtWidgets import QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import KnownError
from sana_desktop.ui.gallery.errand_strip import ErrandStrip, Progress
from support.widgets import part
from support.window_stage import heard


class Errand:
    """Something that ends when the test wants it to."""

    def __init__(self) -> None:
        self.future: Future[int] = Future()
        self.stop = CancelToken()

    def start(self, progress: Progress, stop: CancelToken) -> "Future[int]":
        self.stop = stop
        progress(3, 12)
        return self.future


@pytest.fixture
def strip(qtbot: QtBot) -> Iterator[ErrandStrip]:
    made = ErrandStrip()
    qtbot.addWidget(made)
    yield made
    made.close_down()


def run(strip: ErrandStrip) -> Errand:
    errand = Errand()
    strip.run("Copying", errand.start, lambda count: f"{count} copies", "Stopped.")
    return errand


def test_it_is_seen_how_far_an_errand_is_and_said_what_came_of_it(strip: ErrandStrip, qtbot: QtBot) -> None:
    ended = heard(strip, "ended")
    errand = run(strip)
    bar = part(strip, QProgressBar)
    qtbot.waitUntil(lambda: (bar.value(), bar.maximum()) == (3, 12))
    assert strip.isVisible()
    errand.future.set_result(12)
    qtbot.waitUntil(lambda: ended == [("12 copies",)])
    assert not strip.isVisible()


def test_another_errand_takes_the_place_of_the_one_before(strip: ErrandStrip, qtbot: QtBot) -> None:
    ended = heard(strip, "ended")
    first, second = run(strip), run(strip)
    assert first.stop.cancelled
    first.future.set_result(1)
    second.future.set_result(2)
    qtbot.waitUntil(lambda: len(ended) == 2)
    assert ended == [("Stopped.",), ("2 copies",)]


def test_a_failure_is_told_and_a_stop_is_none(strip: ErrandStrip, qtbot: QtBot) -> None:
    failed = heard(strip, "failed")
    errand = run(strip)
    part(strip, QPushButton).click()
    assert errand.stop.cancelled
    errand.future.set_exception(KnownError("too late"))
    run(strip).future.set_exception(KnownError("no"))
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert str(failed[0][0]) == "no"
    assert not strip.is_busy
