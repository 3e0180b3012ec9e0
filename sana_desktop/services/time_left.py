"""How much of a job is done and how long the rest will take."""

import math
from collections.abc import Callable

from sana_desktop.domain.events import Event, Phase, PhaseStarted, StepDone

# Measured on published models at 1024 px: decoding takes as long as this many steps, saving hardly any.
DECODE_STEPS = 3.7
SAVE_STEPS = 0.3


class TimeLeft:
    """Counts work in solver steps and learns from the events of one job how long a step takes.

    `clock` gives seconds. Loading and encoding are not counted: how long they take says nothing
    about the rest. It may be told of some steps only, as a window is that hears of twenty a second at most.
    """

    def __init__(self, *, steps: int, count: int, batch: int, clock: Callable[[], float]) -> None:
        self._total = math.ceil(count / batch) * (steps + DECODE_STEPS) + count * SAVE_STEPS
        self._clock = clock
        self._done = 0.0
        self._spent = 0.0
        self._step = 0
        # The work that is under way and when it began.
        self._current = 0.0
        self._since = clock()

    def saw(self, event: Event) -> None:
        """Take note of an event."""
        match event:
            case PhaseStarted():
                self._finish()
                self._current = {Phase.DECODE: DECODE_STEPS, Phase.SAVE: SAVE_STEPS}.get(event.phase, 0.0)
                self._step = 0
            case StepDone():
                self._current = float(event.step - self._step)
                self._step = event.step
                self._finish()
            case _:
                pass

    @property
    def fraction(self) -> float:
        """Share of the work that is done, 0 to 1."""
        return min(1.0, self._done / self._total)

    @property
    def seconds(self) -> float | None:
        """Seconds until everything is drawn and saved; None before the first step is done."""
        if not self._done:
            return None
        under_way = self._clock() - self._since
        return max(0.0, (self._total - self._done) * self._spent / self._done - under_way)

    def _finish(self) -> None:
        now = self._clock()
        if self._current:
            self._done += self._current
            self._spent += now - self._since
        self._current = 0.0
        self._since = now


def seconds_text(seconds: float) -> str:
    """A duration as people say it: "4 s", "2 min 5 s", "1 h 3 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
