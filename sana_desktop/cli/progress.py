"""Progress on standard error: a bar for people, plain lines for logs."""

import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from sana_desktop.cli.boundary import say
from sana_desktop.domain.events import Event, Phase, PhaseStarted, PictureSaved, StepDone
from sana_desktop.services.time_left import TimeLeft, seconds_text

if TYPE_CHECKING:
    from rich.console import Console

PHASES = {
    Phase.LOAD: "loading the model",
    Phase.ENCODE: "reading the prompt",
    Phase.SAMPLE: "drawing",
    Phase.DECODE: "decoding",
    Phase.SAVE: "saving",
}
SECONDS_BETWEEN_LINES = 1.0


class Display(Protocol):
    """Shows how far a job is; used by one thread."""

    def show(self, event: Event) -> None:
        """Take note of an event and show what it changes."""
        ...

    def clear(self) -> None:
        """Make room: other text follows. The next event brings the progress back."""
        ...


def choose_display(*, steps: int, count: int, batch: int) -> Display:
    """A bar if standard error is a terminal that can draw one, else lines."""
    time_left = TimeLeft(steps=steps, count=count, batch=batch, clock=time.monotonic)
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        # Takes a tenth of a second to import, which a pipe need not pay.
        from rich.console import Console

        return BarDisplay(time_left, count, Console(stderr=True))
    return PlainDisplay(time_left, count, time.monotonic)


class PlainDisplay:
    """One line per phase, and for steps at most one per second."""

    def __init__(self, time_left: TimeLeft, count: int, clock: Callable[[], float]) -> None:
        self._time_left = time_left
        self._text = ProgressText(count)
        self._clock = clock
        self._last_line = -SECONDS_BETWEEN_LINES

    def show(self, event: Event) -> None:
        """Print a line if the event is worth one."""
        self._time_left.saw(event)
        text = self._text.after(event)
        if text is None:
            return
        if isinstance(event, StepDone):
            if event.step < event.steps and self._clock() - self._last_line < SECONDS_BETWEEN_LINES:
                return
            self._last_line = self._clock()
            text += _left(self._time_left, before=", ")
        say(text)

    def clear(self) -> None:
        """Lines need no room."""


class BarDisplay:
    """One line that is drawn over and over, and gone when the job is done."""

    def __init__(self, time_left: TimeLeft, count: int, console: "Console") -> None:
        # Imported here because only terminals pay for it.
        from rich.progress import BarColumn, Progress, TextColumn

        self._time_left = time_left
        self._text = ProgressText(count)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[left]}"),
            console=console,
            transient=True,
        )
        # Without a total the bar only shows that something goes on.
        self._task = self._progress.add_task("starting", total=None, left="")

    def show(self, event: Event) -> None:
        """Redraw the line."""
        self._time_left.saw(event)
        text = self._text.after(event)
        if text is None:
            return
        fraction = self._time_left.fraction
        self._progress.update(
            self._task,
            description=text,
            completed=fraction,
            total=1.0 if fraction else None,
            left=_left(self._time_left),
        )
        self._progress.start()

    def clear(self) -> None:
        """Take the line away."""
        self._progress.stop()


class ProgressText:
    """Words for where a job of `count` pictures stands."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._saved = 0

    def after(self, event: Event) -> str | None:
        """The words after an event, None if it changes nothing that is shown."""
        match event:
            case PhaseStarted():
                return self._which() + PHASES[event.phase]
            case StepDone():
                return f"{self._which()}step {event.step} of {event.steps}"
            case PictureSaved():
                self._saved += 1
                return None
            case _:
                return None

    def _which(self) -> str:
        return f"picture {self._saved + 1} of {self._count}: " if self._count > 1 else ""


def _left(time_left: TimeLeft, before: str = "") -> str:
    seconds = time_left.seconds
    return "" if seconds is None else f"{before}about {seconds_text(seconds)} left"
