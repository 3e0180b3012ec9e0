"""How much of a job is done and how long the rest will take."""

import math
from collections.abc import Callable

from sana_desktop.domain.events import Event, Phase, PhaseStarted, StepDone

# Measured on published models at 1024 px: decoding takes as long as this many steps, saving hardly any.
DECODE_STEPS = 3.7
SAVE_STEPS = 0.3
# Nothing draws faster: steps that are told of sooner were done before.
LEAST_STEP_SECONDS = 0.005


class TimeLeft:
    """Counts work in solver steps and learns from the events of one job how long a step takes.

    `steps` is the step that ends a picture; the events correct it. `clock` gives seconds. Loading and encoding
    are not counted: how long they take says nothing about the rest. It may be told of some steps only, as a
    window is that hears of twenty a second at most. Steps that an earlier run did are done, but tell nothing
    about speed: a picture that is gone on from tells of them at once, and finished latents of none at all.
    """

    def __init__(self, *, steps: int, count: int, batch: int, clock: Callable[[], float]) -> None:
        self._steps = steps
        self._rounds = math.ceil(count / batch)
        self._count = count
        self._clock = clock
        self._done = 0.0
        # The part of it that was done before our eyes, and the seconds that it took.
        self._measured = 0.0
        self._spent = 0.0
        # Of the batch that is drawn now: the last step told of, and what was told first, with its seconds.
        self._step = 0
        self._first: tuple[float, float] | None = None
        # The work that is under way and when it began.
        self._current = 0.0
        self._since = clock()

    def saw(self, event: Event) -> None:
        """Take note of an event."""
        match event:
            case PhaseStarted():
                self._finish()
                if event.phase is Phase.DECODE:
                    # Done by an earlier run, or never to be done: the picture is kept as it stands.
                    self._done += self._steps - self._step
                self._current = {Phase.DECODE: DECODE_STEPS, Phase.SAVE: SAVE_STEPS}.get(event.phase, 0.0)
                self._step, self._first = 0, None
            case StepDone():
                self._steps = event.steps
                self._saw_step(event.step)
            case _:
                pass

    @property
    def fraction(self) -> float:
        """Share of the work that is done, 0 to 1."""
        return min(1.0, self._done / self._total)

    @property
    def seconds(self) -> float | None:
        """Seconds until everything is drawn and saved; None before the first step is done."""
        if not self._measured:
            return None
        under_way = self._clock() - self._since
        return max(0.0, (self._total - self._done) * self._spent / self._measured - under_way)

    @property
    def _total(self) -> float:
        return self._rounds * (self._steps + DECODE_STEPS) + self._count * SAVE_STEPS

    def _saw_step(self, step: int) -> None:
        steps, seconds = float(step - self._step), self._clock() - self._since
        if steps <= 0:
            # Told twice: where a drawing goes on, its last step is told of again.
            return
        self._current = steps
        if self._step == 0:
            self._first = (steps, seconds)
            if seconds < steps * LEAST_STEP_SECONDS:
                self._done += steps
                self._current, self._first = 0.0, None
        elif self._first is not None:
            first_steps, first_seconds = self._first
            if first_seconds / first_steps < seconds / steps / 2:
                # Told of too soon: they were done before.
                self._measured -= first_steps
                self._spent -= first_seconds
            self._first = None
        self._step = step
        self._finish()

    def _finish(self) -> None:
        now = self._clock()
        if self._current:
            self._done += self._current
            self._measured += self._current
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


def rough_text(seconds: float) -> str:
    """A guess as people say it, no more precise than it can be: "6 s", "25 s", "3 min", "1 h 10 min"."""
    if seconds < 10:
        return f"{max(1, round(seconds))} s"
    if seconds < 57.5:
        return f"{5 * round(seconds / 5)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(5 * round(seconds / 300), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
