"""A list being drawn: through the queue like everything else, and so that nothing that happens costs the rest."""

import errno
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import Event, JobFailed, LastEvent
from sana_desktop.domain.job import JobState
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import BugError, KnownError, OutputError, SanaError
from sana_desktop.gallery.files import is_taken, numbered, write_new
from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.services.batch.groups import Group, groups
from sana_desktop.services.batch.jobs import BatchJobs, OpenJobs
from sana_desktop.services.batch.manifest import Manifest
from sana_desktop.services.batch.prompt_list import Item
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.saving import holds_picture

# One is drawn, one waits, so that the engine never does.
JOBS_AHEAD = 2
# Not one of them came out, and all for the same reason: so will the rest.
MOST_ALIKE = 25
SECONDS_BETWEEN_LOOKS = 5.0
_SECONDS_BETWEEN_SIGNALS = 0.5
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SPACE_TO_GO_ON = 2 * 2**20


@dataclass(frozen=True, slots=True)
class ItemSaved:
    """A picture of the list is on the disk; `picture` is None where an earlier run had put it there."""

    item: Item
    path: Path
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class ItemFailed:
    """A picture of the list was given up."""

    item: Item
    error: SanaError


@dataclass(frozen=True, slots=True)
class RunPaused:
    """The disk is full; the run waits for space and goes on by itself."""

    error: OutputError


@dataclass(frozen=True, slots=True)
class RunResumed:
    """There is space again."""


RunEvent = ItemSaved | ItemFailed | RunPaused | RunResumed | Event


@dataclass(slots=True)
class Tally:
    """Pictures of a run: drawn now, there before, given up. `stopped` if somebody stopped it."""

    saved: int = 0
    there: int = 0
    failed: int = 0
    stopped: bool = False


def jobs_here(make_engine: Callable[[], PictureEngine]) -> OpenJobs:
    """Draw on this machine, with a queue and an engine of the run's own."""
    return lambda save, hear: GenerationQueue(make_engine, save, hear)


class BatchRun:
    """Draws the pictures of a list into `folder` and keeps the book of it. Used once, by one thread.

    `listen` is told what happens, on the thread that calls `draw`; `record` is told of every file, on the engine's,
    and returns at once. `open_jobs` opens what draws. `batch` pictures at most are drawn together, `ahead` batches are
    submitted at a time. `watch` hears all events on the engine's thread.
    `free_bytes` says what is left on the disk, and `wait` takes seconds to wait and may return early.
    """

    def __init__(
        self,
        open_jobs: OpenJobs,
        book: Manifest,
        folder: Path,
        kind: PictureKind,
        suffix: str,
        listen: Callable[[RunEvent], None],
        *,
        free_bytes: Callable[[Path], int],
        batch: int = 1,
        ahead: int = JOBS_AHEAD,
        record: Callable[[Path, Picture], None] | None = None,
        watch: Callable[[Event], None] = lambda event: None,
        wait: Callable[[float], None] | None = None,
    ) -> None:
        self._open_jobs = open_jobs
        self._book = book
        self._folder = folder
        self._kind = kind
        self._suffix = suffix
        self._listen = listen
        self._free_bytes = free_bytes
        self._batch = batch
        self._ahead = ahead
        self._record = record
        self._watch = watch
        self._stopping = threading.Event()
        self._wait = wait or self._wait_for_stop
        self._events: queue.SimpleQueue[Event | ItemSaved] = queue.SimpleQueue()
        self._again: deque[Group] = deque()
        self._retried: set[int] = set()
        self._alike = 0
        self._last_reason = ""
        self._tally = Tally()
        # Held by whoever submits until the engine's thread may know which pictures a job draws.
        self._naming = threading.Lock()
        self._drawn: dict[int, dict[Recipe, deque[Item]]] = {}

    def stop(self) -> None:
        """Begin nothing more; what is being drawn is finished. Any thread, and signal handlers."""
        self._stopping.set()

    def draw(self, items: Iterable[Item]) -> Tally:
        """Draw everything that the book does not hold yet. Raises `KnownError` where nothing comes out at all."""
        waiting = groups(items, self._is_done, self._batch, self._book.was_given_up)
        flying: dict[int, Group] = {}
        with self._open_jobs(self._save, self._hear) as jobs:
            while True:
                while len(flying) < self._ahead and not self._stopping.is_set():
                    group = self._again.popleft() if self._again else next(waiting, None)
                    if group is None:
                        break
                    flying[self._submit(jobs, group)] = group
                if not flying:
                    break
                if self._stopping.is_set():
                    for job in flying:
                        if jobs.state(job) is JobState.QUEUED:
                            jobs.cancel(job)
                self._handle_next(jobs, flying)
        self._tally.stopped = self._stopping.is_set()
        return self._tally

    def _is_done(self, item: Item) -> bool:
        """Whether the picture is there; one that the book does not know is told of and noted."""
        if not self._book.is_done(item):
            found = self._found(item)
            if found is None:
                return False
            self._book.record_saved(item, found, item.recipe, None)
            self._listen(ItemSaved(item, found, None))
        self._tally.there += 1
        return True

    def _found(self, item: Item) -> Path | None:
        """The picture if it was written, and the program ended before the book said so."""
        for path in numbered(self._target(item)):
            if not is_taken(path):
                return None
            if holds_picture(path, item.recipe):
                return path
        return None

    def _target(self, item: Item) -> Path:
        stem = item.stem
        # Not with_suffix: the words of the name may hold dots.
        return self._folder.joinpath(*stem.parts[:-1], f"{stem.name}{self._suffix}")

    def _submit(self, jobs: BatchJobs, group: Group) -> int:
        with self._naming:
            job = jobs.submit_batch(group.recipes, done=group.done, ahead=group.ahead)
            expected: dict[Recipe, deque[Item]] = {}
            for item in group.items[group.done :]:
                expected.setdefault(item.recipe, deque()).append(item)
            self._drawn[job] = expected
        return job

    def _save(self, job: int, picture: Picture) -> Path:
        """Write a picture and then the book; on the engine's thread."""
        with self._naming:
            item = self._drawn[job][picture.recipe][0]
        path = write_new(self._target(item), lambda file: write_picture(picture, self._kind, file))
        try:
            self._book.record_saved(item, path, picture.recipe, picture.timings)
        except OutputError:
            # It will be drawn, or found, again; two files of one picture there must not be.
            path.unlink(missing_ok=True)
            raise
        with self._naming:
            self._drawn[job][picture.recipe].popleft()
        if self._record is not None:
            self._record(path, picture)
        self._events.put(ItemSaved(item, path, picture))
        return path

    def _hear(self, event: Event) -> None:
        self._watch(event)
        self._events.put(event)

    def _handle_next(self, jobs: BatchJobs, flying: dict[int, Group]) -> None:
        try:
            # With a timeout so that a stop is noticed, and Ctrl+C on Windows at all.
            event = self._events.get(timeout=_SECONDS_BETWEEN_SIGNALS)
        except queue.Empty:
            return
        if isinstance(event, ItemSaved):
            self._tally.saved += 1
            self._alike = 0
            self._retried.discard(event.item.index)
        self._listen(event)
        if not isinstance(event, LastEvent) or event.job not in flying:
            return
        group = flying.pop(event.job)
        jobs.wait(event.job)
        jobs.forget(event.job)
        with self._naming:
            left = {item.index for items in self._drawn.pop(event.job).values() for item in items}
        if isinstance(event, JobFailed):
            self._failed(group, tuple(item for item in group.items if item.index in left), event.error)

    def _failed(self, group: Group, left: tuple[Item, ...], error: SanaError) -> None:
        """Try again what is left of a group, or give it up."""
        if not left:
            return
        if isinstance(error, OutputError) and _is_full(error):
            self._wait_for_space(error, left[0].recipe)
            # As it was: what was drawn of it already is kept under the whole batch.
            self._again.appendleft(Group(group.items, len(group.items) - len(left)))
        elif len(group.items) > 1:
            # The smaller plan: one at a time.
            self._again.extendleft(Group((item,)) for item in reversed(left))
        elif left[0].index not in self._retried and not isinstance(error, KnownError):
            self._retried.add(left[0].index)
            self._again.append(Group(left))
        else:
            self._give_up(left[0], error)

    def _give_up(self, item: Item, error: SanaError) -> None:
        self._retried.discard(item.index)
        self._note_failed(item, error)
        self._tally.failed += 1
        self._listen(ItemFailed(item, error))
        self._alike = self._alike + 1 if str(error) == self._last_reason else 1
        self._last_reason = str(error)
        if self._alike >= MOST_ALIKE and not self._tally.saved:
            hint = error.hint if isinstance(error, KnownError) else ""
            raise KnownError(f"The first {MOST_ALIKE} pictures failed alike: {error}", hint=hint) from error

    def _note_failed(self, item: Item, error: SanaError) -> None:
        while True:
            try:
                self._book.record_failed(item, str(error))
            except OutputError as full:
                if not _is_full(full) or self._stopping.is_set():
                    raise
                self._wait_for_space(full, item.recipe)
            else:
                return

    def _wait_for_space(self, error: OutputError, recipe: Recipe) -> None:
        self._listen(RunPaused(error))
        needed = 2 * 3 * recipe.size.width * recipe.size.height + _SPACE_TO_GO_ON
        while not self._stopping.is_set():
            self._wait(SECONDS_BETWEEN_LOOKS)
            if self._free_bytes(self._folder) >= needed:
                self._listen(RunResumed())
                return

    def _wait_for_stop(self, seconds: float) -> None:
        self._stopping.wait(seconds)


def _is_full(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        # Whoever passes it on may add what becomes of the picture.
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return True
        cause = cause.__cause__
    return False


def reason_of(error: SanaError) -> str:
    """What to say of a picture that was given up."""
    return f"{error} (a mistake of this program)" if isinstance(error, BugError) else str(error)
