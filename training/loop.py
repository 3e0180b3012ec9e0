"""The loop that every training stage shares: slices that continue each other, progress lines, a log, saves."""

import argparse
import csv
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

# What a step tells; tensors are read when they are reported, because reading waits for a GPU.
Figures = Mapping[str, float | Tensor]

_REPORT_EVERY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """How far to go: `steps` in the whole run, at most `minutes` in this slice of it."""

    steps: int
    minutes: float
    batch: int
    save_every: int
    out: Path

    def run(self, step: int, do_step: Callable[[int], Figures], save: Callable[[int], None]) -> int:
        """Do steps from number `step` on and return the number reached; `do_step` returns figures to report.

        Every 20 steps a line with the figures, samples per second and minutes left is printed and added to
        `log.csv`; `save` is called every `save_every` steps and at the end.
        """
        began, first = time.monotonic(), step
        with (self.out / "log.csv").open("a", newline="", encoding="utf-8") as log:
            while step < self.steps and time.monotonic() - began < self.minutes * 60:
                told = do_step(step)
                step += 1
                if step % _REPORT_EVERY == 0:
                    figures = {name: float(value) for name, value in told.items()}
                    seconds = (time.monotonic() - began) / (step - first)
                    self._report(step, figures, seconds)
                    csv.writer(log).writerow([step, *(f"{value:.5f}" for value in figures.values()), f"{seconds:.3f}"])
                    log.flush()
                if step % self.save_every == 0:
                    save(step)
        if step % self.save_every:
            save(step)
        return step

    def _report(self, step: int, figures: dict[str, float], seconds: float) -> None:
        said = " ".join(f"{name} {value:.4f}" for name, value in figures.items())
        left = seconds * (self.steps - step) / 60
        print(
            f"step {step} of {self.steps}: {said}; {self.batch / seconds:.1f} samples/s, {left:.0f} min left",
            flush=True,
        )


class Pace:
    """How far a run has come, as a share: by its steps or, where it ends at a time, by whichever is nearer its end.

    The time begins with the first question.
    """

    def __init__(self, steps: int, minutes: float | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._steps, self._minutes, self._clock = steps, minutes, clock
        self._began: float | None = None

    def share(self, step: int) -> float:
        """Between 0 at the first step and 1 at the end."""
        now = self._clock()
        self._began = now if self._began is None else self._began
        by_clock = (now - self._began) / (self._minutes * 60) if self._minutes else 0.0
        return max(step / self._steps, by_clock)


def add_slice_options(parser: argparse.ArgumentParser, *, steps: int, batch: int) -> None:
    """Declare the options that `slice_from` and `pace_from` read, with the stage's own defaults."""
    parser.add_argument("--steps", type=int, default=steps, help="steps of the whole run")
    parser.add_argument("--minutes", type=float, default=1e9, help="end this slice after so long")
    parser.add_argument("--whole", action="store_true", help="the minutes are those of the whole run")
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--save-every", type=int, default=100)


def slice_from(options: argparse.Namespace) -> Slice:
    """The slice that the command line asks for; makes the output folder."""
    options.out.mkdir(parents=True, exist_ok=True)
    return Slice(
        steps=options.steps,
        minutes=options.minutes,
        batch=options.batch,
        save_every=options.save_every,
        out=options.out,
    )


def pace_from(options: argparse.Namespace) -> Pace:
    """The pace that the command line asks for."""
    return Pace(options.steps, options.minutes if options.whole else None)


def rate_factor(step: int, share: float, warmup: int, fall: float) -> float:
    """Share of the learning rate: a short rise by steps, a plateau, a linear fall over the last part of the run."""
    return min(1.0, (step + 1) / warmup, max(0.02, (1 - share) / fall))
