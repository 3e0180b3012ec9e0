import io
import sys
from pathlib import Path

import pytest
from rich.console import Console

from sana_desktop.cli.progress import BarDisplay, PlainDisplay, choose_display
from sana_desktop.domain.events import (
    Event,
    JobQueued,
    JobStarted,
    Phase,
    PhaseStarted,
    PictureSaved,
    PreviewReady,
    QueueChanged,
    StepDone,
)
from sana_desktop.domain.job import Order
from sana_desktop.domain.sizes import Size
from sana_desktop.services.time_left import TimeLeft
from support.fake_engine import fake_picture
from support.recipes import recipe

RECIPE = recipe(size=Size(32, 32))
SAVED = PictureSaved(1, Path("x.png"), fake_picture(RECIPE))


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class TerminalText(io.StringIO):
    """Text that believes to be a terminal."""

    def isatty(self) -> bool:
        return True


def plain(count: int = 1, steps: int = 4) -> tuple[PlainDisplay, Clock]:
    clock = Clock()
    return PlainDisplay(TimeLeft(steps=steps, count=count, batch=1, clock=clock), count, clock), clock


def one_picture(steps: int) -> list[Event]:
    phases: list[Event] = [PhaseStarted(1, Phase.LOAD), PhaseStarted(1, Phase.ENCODE), PhaseStarted(1, Phase.SAMPLE)]
    return [*phases, *(StepDone(1, step, steps) for step in range(1, steps + 1)), PhaseStarted(1, Phase.DECODE)]


def test_lines_tell_phases_steps_and_the_time_left(capsys: pytest.CaptureFixture[str]):
    display, clock = plain()
    for event in one_picture(4):
        clock.now += 2
        display.show(event)

    out, lines = capsys.readouterr()
    assert out == ""
    assert lines.splitlines() == [
        "loading the model",
        "reading the prompt",
        "drawing",
        "step 1 of 4, about 14 s left",
        "step 2 of 4, about 12 s left",
        "step 3 of 4, about 10 s left",
        "step 4 of 4, about 8 s left",
        "decoding",
    ]


def test_quick_steps_do_not_flood_a_log(capsys: pytest.CaptureFixture[str]):
    display, clock = plain(steps=100)
    for event in one_picture(100):
        clock.now += 0.03
        display.show(event)

    steps = [line for line in capsys.readouterr().err.splitlines() if line.startswith("step")]
    assert [line.split(",")[0] for line in steps] == [
        "step 1 of 100", "step 35 of 100", "step 69 of 100", "step 100 of 100",
    ]  # fmt: skip


def test_lines_say_which_of_several_pictures(capsys: pytest.CaptureFixture[str]):
    display, _ = plain(count=2)
    display.show(PhaseStarted(1, Phase.DECODE))
    display.show(SAVED)
    display.show(PhaseStarted(1, Phase.DECODE))

    assert capsys.readouterr().err.splitlines() == ["picture 1 of 2: decoding", "picture 2 of 2: decoding"]


def test_events_without_news_print_nothing(capsys: pytest.CaptureFixture[str]):
    display, _ = plain()
    for event in (JobStarted(1, RECIPE), PreviewReady(1, 1, bytes(3), 1, 1), SAVED):
        display.show(event)
    display.clear()

    assert capsys.readouterr() == ("", "")


def test_the_bar_shows_the_step_and_leaves_no_trace():
    screen = TerminalText()
    console = Console(file=screen, force_terminal=True, width=80, color_system=None, legacy_windows=False)
    clock = Clock()
    display = BarDisplay(TimeLeft(steps=4, count=1, batch=1, clock=clock), 1, console)
    for event in one_picture(4)[:5]:
        clock.now += 2
        display.show(event)
    display.clear()

    assert "loading the model" in screen.getvalue()
    assert "step 2 of 4" in screen.getvalue()
    assert "about 12 s left" in screen.getvalue()
    # The cursor is back and the line is erased.
    assert "\x1b[?25h" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")


def test_the_bar_comes_back_after_other_text():
    screen = TerminalText()
    console = Console(file=screen, force_terminal=True, width=80, color_system=None, legacy_windows=False)
    display = BarDisplay(TimeLeft(steps=4, count=2, batch=1, clock=Clock()), 2, console)
    display.show(PhaseStarted(1, Phase.SAVE))
    display.clear()
    before = len(screen.getvalue())
    display.show(SAVED)
    display.show(PhaseStarted(1, Phase.SAMPLE))
    display.clear()

    assert "picture 2 of 2: drawing" in screen.getvalue()[before:]


def test_clearing_a_bar_that_never_showed_is_fine():
    screen = TerminalText()
    console = Console(file=screen, force_terminal=True, width=80, legacy_windows=False)
    BarDisplay(TimeLeft(steps=4, count=1, batch=1, clock=Clock()), 1, console).clear()


@pytest.mark.parametrize(
    ("stream", "terminal", "kind"),
    [
        (io.StringIO(), "xterm", PlainDisplay),
        (TerminalText(), "xterm", BarDisplay),
        (TerminalText(), "dumb", PlainDisplay),
    ],
)
def test_only_a_capable_terminal_gets_a_bar(
    stream: io.StringIO, terminal: str, kind: type, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", terminal)

    assert isinstance(choose_display(steps=1, count=1, batch=1), kind)


def test_what_changes_the_queue_is_no_progress(capsys: pytest.CaptureFixture[str]):
    display, _ = plain()
    display.show(JobQueued(1, Order(recipe=RECIPE)))
    display.show(QueueChanged((1,), paused=False))
    display.show(JobStarted(1, RECIPE))

    assert capsys.readouterr() == ("", "")
