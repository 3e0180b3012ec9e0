"""`sana-desktop self-test`: does everything that a person will do first, and says for each step whether it works.

It works in a folder of its own that goes away again, with the starter pack alone: it says something about the
installation and the machine, and nothing about the user's settings, packs or pictures.
"""

import logging
import os
import queue
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import typer

from sana_desktop.cli.boundary import one_line, reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.drawing import until_last
from sana_desktop.cli.exit_codes import ExitCode
from sana_desktop.cli.gui import open_window
from sana_desktop.cli.order import Wishes, order_for, pack_for
from sana_desktop.domain.events import Event, JobFailed, Phase, PhaseStarted, PictureSaved
from sana_desktop.domain.picture import Timings
from sana_desktop.errors import BugError, KnownError, OutputError, SanaError
from sana_desktop.gallery.files import check_folder
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.saving import OutputPlan, PictureSaver
from sana_desktop.system.bundle import Bundle
from sana_desktop.system.log import log_file
from sana_desktop.system.packs import choose_pack
from sana_desktop.system.paths import AppPaths
from sana_desktop.system.settings_file import FILE_NAME

PROMPT = "a red apple on a blue background"
SEED = 7
# Where windows go that nobody sees.
PLATFORM_VARIABLE = "QT_QPA_PLATFORM"
# The window is tried by itself: the engine would begin to load in it.
_SETTINGS = "[drawing]\nwarm_up = false\n"

_log = logging.getLogger(__name__)

ShowWindow = Callable[[Collaborators], float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one step; `error` is None where it works, `hint` says what to do where it does not."""

    step: str
    text: str
    error: Exception | None = None

    @property
    def line(self) -> str:
        """For people and for scripts: the first word is “ok” or “FAIL”."""
        return f"{'ok' if self.error is None else 'FAIL':<4}  {self.step:<9} {one_line(self.text)}"


def add_self_test(app: typer.Typer, collaborators: Collaborators) -> None:
    """Give `app` the command."""

    @app.command("self-test")
    def self_test() -> None:
        """Try everything once: files, device, starter pack, a picture, its recipe, the window. Takes half a minute.

        One line for each step. Ends with exit code 2 where something does not work, 70 where that is our mistake.
        It works in a temporary folder, which needs 1 GB, and neither sees nor changes what is yours.
        """
        logs = collaborators.paths.logs
        with reporting(logs):
            failures: list[Exception] = []
            for outcome in outcomes(collaborators, Bundle.running(), show_window_unseen):
                typer.echo(outcome.line)
                if outcome.error is not None:
                    failures.append(outcome.error)
                    _explain(outcome.error, logs)
            _note_folders(collaborators.paths)
            if failures:
                ours = any(not isinstance(error, KnownError) for error in failures)
                raise typer.Exit(ExitCode.BUG if ours else ExitCode.BAD_INPUT)


def outcomes(collaborators: Collaborators, bundle: Bundle | None, show_window: ShowWindow) -> Iterator[Outcome]:
    """Take every step that can be taken, in order; a step that fails ends those that build upon it."""
    yield _try("files", lambda: _files(bundle))
    yield _try("machine", lambda: _machine(collaborators))
    with tempfile.TemporaryDirectory(prefix="sana-desktop-self-test-", ignore_cleanup_errors=True) as home:
        paths = AppPaths.below(Path(home))
        paths.config.mkdir(parents=True)
        (paths.config / FILE_NAME).write_text(_SETTINGS, encoding="utf-8")
        alone = replace(collaborators, paths=paths)
        yield from _drawing(alone)
        yield _try("window", lambda: f"painted {show_window(alone):.2f} s after its start, unseen, and closed")


def show_window_unseen(collaborators: Collaborators) -> float:
    """Open the window where nobody sees it and close it again; the seconds until it was painted."""
    report = collaborators.paths.logs / "start.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    began = time.time()
    with ExitStack() as stack:
        stack.callback(_restore, PLATFORM_VARIABLE, os.environ.get(PLATFORM_VARIABLE))
        os.environ[PLATFORM_VARIABLE] = "offscreen"
        code = open_window(collaborators, probe=report)
    if code or not report.is_file():
        raise BugError(f"The window closed with exit code {code} before it was painted.")
    return report.stat().st_mtime - began


def _files(bundle: Bundle | None) -> str:
    if bundle is None:
        return "not a bundle; nothing to compare with"
    return f"all {bundle.check_contents()} are as they were packed"


def _machine(collaborators: Collaborators) -> str:
    lines = dict(collaborators.inspect_machine().lines)
    wanted = ("device", "torch", "memory", "GPU memory")
    return ", ".join(f"{label} {lines[label]}" for label in wanted if label in lines)


def _drawing(collaborators: Collaborators) -> Iterator[Outcome]:
    """The steps from the pack to the file, as the events of a real job tell them."""
    try:
        shipped = collaborators.shipped_packs()
        pack = pack_for(None, (shipped,), shipped)
    except SanaError as error:
        yield Outcome("pack", str(error), error)
        return
    order = order_for(Wishes(prompt=PROMPT, seed=SEED), pack, collaborators.random_seed)
    find_pack = partial(choose_pack, folders=(pack.folder,))
    make_engine = partial(collaborators.make_engine, collaborators.paths, find_pack)
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    phase = Phase.LOAD
    with GenerationQueue(
        make_engine, PictureSaver(OutputPlan(folder=collaborators.paths.pictures)), events.put
    ) as jobs:
        jobs.submit(order.recipe)
        for event in until_last(events):
            match event:
                case PhaseStarted():
                    phase = event.phase
                case PictureSaved():
                    yield from _phases(pack.id, event.picture.timings)
                    yield Outcome("save", f"{event.path.name}, {event.path.stat().st_size} bytes")
                    yield _try("metadata", partial(_read_back, event))
                case JobFailed():
                    yield Outcome(phase, str(event.error), event.error)
                case _:
                    pass


def _phases(pack: str, timings: Timings) -> Iterator[Outcome]:
    yield Outcome(Phase.LOAD, f"pack {pack}, {timings.load:.2f} s")
    yield Outcome(Phase.ENCODE, f"“{PROMPT}”, {timings.encode:.2f} s")
    yield Outcome(Phase.SAMPLE, f"{timings.sample:.2f} s")
    yield Outcome(Phase.DECODE, f"{timings.decode:.2f} s")


def _read_back(saved: PictureSaved) -> str:
    found = read_recipe(saved.path)
    if found != saved.picture.recipe:
        raise OutputError("The recipe inside the picture is another than the one that was drawn.")
    return "the recipe inside the picture is the one that was drawn"


def _try(step: str, work: Callable[[], str]) -> Outcome:
    try:
        return Outcome(step, work())
    # The edge of a step: whatever goes wrong, the others are tried too.
    except Exception as error:  # noqa: BLE001
        return Outcome(step, str(error) or type(error).__name__, error)


def _explain(error: Exception, logs: Path) -> None:
    """Say what to do; what is our mistake goes to the log with everything that is known about it."""
    if isinstance(error, KnownError):
        if error.hint:
            say(f"hint: {error.hint}")
        return
    details = getattr(error, "details", "") or "".join(traceback.format_exception(error))
    with log_file(logs) as log:
        if log is not None:
            _log.error("self-test: %s\n%s", error, details)
            say(f"hint: The details are in {log}; please report them.")
            return
    typer.echo(details, err=True)


def _note_folders(paths: AppPaths) -> None:
    """The self-test does without the user's own folders, but drawing does not."""
    for folder in (paths.pictures, paths.data, paths.cache):
        try:
            check_folder(folder)
        except OutputError as error:
            say(f"note: {error} {error.hint}".rstrip())
            say("note: portable.txt beside the program, or SANA_DESKTOP_HOME=FOLDER, puts everything elsewhere.")
            return


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
