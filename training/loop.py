"""The loop that every training stage shares: slices that continue each other, progress lines, a log, saves."""

import argparse
import csv
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_REPORT_EVERY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """How far to go: `steps` in the whole run, at most `minutes` in this slice of it."""

    steps: int
    minutes: float
    batch: int
    save_every: int
    out: Path

    def run(self, step: int, do_step: Callable[[int], dict[str, float]], save: Callable[[int], None]) -> int:
        """Do steps from number `step` on and return the number reached; `do_step` returns figures to report.

        Every 20 steps a line with the figures, samples per second and minutes left is printed and added to
        `log.csv`; `save` is called every `save_every` steps and at the end.
        """
        began, first = time.monotonic(), step
        with (self.out / "log.csv").open("a", newline="", encoding="utf-8") as log:
            while step < self.steps and time.monotonic() - began < self.minutes * 60:
                figures = do_step(step)
                step += 1
                if step % _REPORT_EVERY == 0:
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


def add_slice_options(parser: argparse.ArgumentParser, *, steps: int, batch: int) -> None:
    """Declare the options that `slice_from` reads, with the stage's own defaults."""
    parser.add_argument("--steps", type=int, default=steps, help="steps of the whole run")
    parser.add_argument("--minutes", type=float, default=1e9, help="end this slice after so long")
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


def rate_factor(step: int, steps: int, warmup: int, fall: float) -> float:
    """Share of the learning rate at `step`: a short rise, a plateau, a linear fall over the last part."""
    falling = max(1, round(steps * fall))
    return min(1.0, (step + 1) / warmup, max(0.02, (steps - step) / falling))
