"""What a run of a list shows: results on standard output, the rest on standard error, and little of it in a pipe."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import typer

from sana_desktop.cli.boundary import one_line, say
from sana_desktop.cli.results import show_json
from sana_desktop.domain.batch.problem import Problem
from sana_desktop.domain.codec import recipe_to_plain
from sana_desktop.domain.events import Notice, PictureSaved, StepDone
from sana_desktop.engine.memory_needs import try_shape
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.running import (
    ItemFailed,
    ItemSaved,
    RunEvent,
    RunPaused,
    RunResumed,
    Tally,
    reason_of,
)
from sana_desktop.services.batch.survey import Survey
from sana_desktop.services.forecast import SpeedBook
from sana_desktop.services.pack_fit import fit_of
from sana_desktop.services.time_left import rough_text, seconds_text
from sana_desktop.system.hardware import read_hardware
from sana_desktop.system.pack_manifest import PackManifest

MOST_SHOWN = 20
_REDRAW = "\r\x1b[K"


def show_survey(found: Survey, pack: PackManifest, speeds: SpeedBook, free: int, *, as_json: bool) -> None:
    """Everything that is known before any work: to standard output, as lines or as one JSON object."""
    seconds, needed = found.seconds(speeds), _memory(found, pack)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "pictures": found.pictures,
                    "lines": found.lines,
                    "prompts": found.prompts,
                    "errors": found.errors,
                    "warnings": found.warnings,
                    "seconds": seconds,
                    "most_bytes": found.most_bytes,
                    "free_bytes": free,
                    "memory_bytes": needed,
                    "first": [recipe_to_plain(item.recipe) for item in found.first],
                    "problems": [
                        {
                            "line": one.line,
                            "column": one.column,
                            "weight": one.weight,
                            "message": one.message,
                            "hint": one.hint,
                        }
                        for one in found.problems
                    ],
                }
            )
        )
        return
    typer.echo(f"{found.pictures:,} pictures of {found.lines:,} lines, {found.prompts:,} different prompts")
    for item in found.first:
        recipe = item.recipe
        typer.echo(f"  {item.stem}: {recipe.size}, {recipe.steps} steps: {one_line(recipe.prompt)[:100]}")
    if found.pictures > len(found.first) > 0:
        typer.echo("  ...")
    typer.echo(f"time: {_time(seconds)}")
    typer.echo(f"disk: at most {_size(found.most_bytes)}, {_size(free)} free")
    typer.echo(f"memory: about {_size(needed)}")
    for problem in found.problems:
        typer.echo(one_line(str(problem)))
    if (more := found.errors + found.warnings - len(found.problems)) > 0:
        typer.echo(f"... and {more:,} more")
    if found.errors:
        typer.echo(f"lines that are wrong and would be left out: {found.errors:,}")


class Reporter:
    """Shows a run of `total` pictures into `folder`; used by one thread. A bar appears only where people look."""

    def __init__(
        self,
        total: int,
        folder: Path,
        *,
        as_json: bool,
        clock: Callable[[], float] = time.monotonic,
        bar: bool | None = None,
    ) -> None:
        self._total = total
        self._folder = folder
        self._as_json = as_json
        self._clock = clock
        self._bar = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" if bar is None else bar
        self._done = 0
        self._began: float | None = None
        self._drawn = 0
        self._problems = 0
        self._step = ""
        self._shown = False

    def begin(self, found: Survey, pack: PackManifest, speeds: SpeedBook) -> None:
        """Say what is about to be done, and what is wrong with the list."""
        if pack.notice:
            say(f"note: {pack.notice}")
        say(
            f"{self._total:,} pictures of {found.lines:,} lines; {_time(found.seconds(speeds))}, "
            f"at most {_size(found.most_bytes)}"
        )
        for problem in found.problems:
            self.problem(problem)
        hidden = found.errors + found.warnings - min(len(found.problems), MOST_SHOWN)
        if hidden > 0:
            say(f"... and {hidden:,} more problems; --dry-run lists them")

    def problem(self, problem: Problem) -> None:
        """Name something that is wrong with the list, up to a bound."""
        self._problems += 1
        if self._problems <= MOST_SHOWN:
            self.clear()
            say(str(problem))

    def show(self, event: RunEvent) -> None:
        """Take note of an event, and show what it changes."""
        match event:
            case ItemSaved():
                self._saved(event)
            case ItemFailed(item=item, error=error):
                self._done += 1
                hint = f" {error.hint}" if isinstance(error, KnownError) and error.hint else ""
                self._say(f"error: picture {item.index + 1} (line {item.line}): {reason_of(error)}{hint}")
            case RunPaused(error=error):
                self._say(f"paused: {error} The run goes on by itself when there is space.")
            case RunResumed():
                self._say("there is space again; going on")
            case Notice(text=text):
                self._say(f"note: {text}")
            case StepDone(step=step, steps=steps):
                self._step = f", step {step} of {steps}"
                self._redraw()
            case _:
                pass

    def stopping(self) -> None:
        """Say that the first Ctrl+C was heard. Called by a signal handler."""
        self._say("stopping after the picture that is being drawn; press Ctrl+C again to stop now")

    def end(self, tally: Tally) -> None:
        """Say what came of it, and how to go on if there is more."""
        self.clear()
        parts = [f"{tally.saved:,} pictures saved"]
        if tally.there:
            parts.append(f"{tally.there:,} were there before")
        if tally.failed:
            parts.append(f"{tally.failed:,} failed")
        if self._began is not None and self._drawn > 1:
            parts.append(f"{(self._clock() - self._began) / (self._drawn - 1):.2f} s each")
        say(f"{', '.join(parts)}; in {self._folder}")
        if tally.stopped or tally.failed:
            say("the same command with --resume goes on with the rest")

    def clear(self) -> None:
        """Take the line of progress away; other text follows."""
        if self._shown:
            sys.stderr.write(_REDRAW)
            sys.stderr.flush()
            self._shown = False

    def _saved(self, event: ItemSaved) -> None:
        self._done += 1
        self._step = ""
        if event.picture is not None:
            # From the first one on: before it the engine was started.
            self._began = self._clock() if self._began is None else self._began
            self._drawn += 1
            self.clear()
            if self._as_json:
                show_json(PictureSaved(0, event.path, event.picture))
            else:
                typer.echo(str(event.path))
        self._redraw()

    def _say(self, text: str) -> None:
        self.clear()
        say(text)

    def _redraw(self) -> None:
        if not self._bar:
            return
        left = ""
        if self._began is not None and self._drawn > 1:
            each = (self._clock() - self._began) / (self._drawn - 1)
            left = f", about {seconds_text(each * max(0, self._total - self._done))} left"
        sys.stderr.write(f"{_REDRAW}{self._done:,} of {self._total:,}{self._step}{left}")
        sys.stderr.flush()
        self._shown = True


def _memory(found: Survey, pack: PackManifest) -> int | None:
    if found.largest is None:
        return None
    shape = try_shape(pack)
    return None if shape is None else fit_of(shape, pack.precisions, found.largest, read_hardware()).needed


def _time(seconds: float | None) -> str:
    return "how long is not known before a first picture" if seconds is None else f"about {rough_text(seconds)}"


def _size(count: int | None) -> str:
    if count is None:
        return "unknown"
    if count < 10**9:
        return f"{count / 10**6:,.1f} MB"
    return f"{count / 10**9:,.1f} GB"
