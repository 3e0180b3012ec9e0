"""Batches drawn on other machines: handed out, taken back, and handed out again where a machine is lost.

Which machines there are and what runs on them is the cluster's business (see `Workers`). Here is only the queue in
front of it: every worker holds an engine and has two batches at most, one that it draws and one that waits there.
"""

import contextlib
import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol

from sana_desktop.domain.events import (
    Emit,
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobQueued,
    JobStarted,
    LastEvent,
    Notice,
    PictureDrawn,
    PictureSaved,
)
from sana_desktop.domain.job import JobState, Order, next_state
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import BugError, KnownError, MachineError, OutputError
from sana_desktop.services.batch.jobs import Save

BATCHES_OF_A_WORKER = 2
# A batch that took so many machines with it is not given to the next.
MOST_LOSSES = 3
SECONDS_BETWEEN_LOOKS = 0.5
MOST_HELD = 4

_log = logging.getLogger(__name__)
_ENDED: dict[type[LastEvent], JobState] = {
    JobFinished: JobState.FINISHED,
    JobFailed: JobState.FAILED,
    JobCancelled: JobState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A worker is through with a batch; `error` instead of `pictures` if it could not be drawn."""

    ticket: int
    pictures: tuple[Picture, ...] = ()
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """A batch will not come back because its worker is gone."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Said:
    """Something to tell the user."""

    text: str


class Workers(Protocol):
    """Engines on other machines; used by one thread."""

    def free(self) -> int:
        """How many batches would begin, or wait for one other at most, if they were handed out now."""
        ...

    def hand_out(self, ticket: int, recipes: tuple[Recipe, ...]) -> None:
        """Let a worker draw a batch; only while some are free."""
        ...

    def news(self, seconds: float) -> Sequence[Drawn | Lost | Said]:
        """What happened; waits for something so long at most. Looks for machines that came or went."""
        ...

    def close(self) -> None:
        """Let all workers go."""
        ...


@dataclass(slots=True, eq=False)
class _Job:
    number: int
    order: Order
    done: int
    state: JobState = JobState.QUEUED
    losses: int = 0
    cancelled: bool = False
    recipes: tuple[Recipe, ...] = field(default=())


class ClusterJobs:
    """The jobs of a run on a cluster, in front of `Workers`, which `open_workers` makes on the thread that uses them.

    As `BatchJobs` says. Pictures are saved, and the listener is told, on that one thread. Jobs that wait are handed
    out in order and come back in any. `around` is entered by the thread for all that it does.
    """

    def __init__(
        self,
        open_workers: Callable[[], Workers],
        save: Save,
        listener: Emit,
        around: Callable[[], AbstractContextManager[object]] = contextlib.nullcontext,
    ) -> None:
        self._open_workers = open_workers
        self._save = save
        self._listener = listener
        self._around = around
        self._changed = threading.Condition()
        # Guarded by it.
        self._jobs: dict[int, _Job] = {}
        self._waiting: deque[_Job] = deque()
        self._next = 1
        self._closed = False
        # Used by the thread alone.
        self._flying: dict[int, _Job] = {}
        self._unsaved: dict[tuple[Recipe, ...], tuple[Picture, ...]] = {}
        self._thread: threading.Thread | None = None

    def submit_batch(
        self, recipes: Sequence[Recipe], *, done: int = 0, ahead: Sequence[tuple[Recipe, ...]] = ()
    ) -> int:
        """Let the recipes be drawn together on some machine; every one reads the words of its own batches."""
        del ahead
        order = Order.together(recipes)
        with self._changed:
            if self._closed:
                raise BugError("A job was submitted to closed jobs.")
            job = _Job(self._next, order, done, recipes=tuple(recipes))
            self._next += 1
            self._jobs[job.number] = job
        self._emit(JobQueued(job.number, order, done))
        with self._changed:
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="cluster")
                self._thread.start()
            self._changed.notify_all()
        return job.number

    def state(self, job: int) -> JobState:
        """Where a job stands."""
        with self._changed:
            return self._jobs[job].state

    def cancel(self, job: int) -> None:
        """End a job that waits; one that was handed out is drawn to its end."""
        with self._changed:
            found = self._jobs[job]
            found.cancelled = True
            self._changed.notify_all()

    def wait(self, job: int) -> bool:
        """Wait until a job has ended and the listener has heard so."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs[job].state.ended)
            return True

    def forget(self, job: int) -> None:
        """Keep nothing more of a job that has ended."""
        with self._changed:
            if not self._jobs[job].state.ended:
                raise BugError(f"Job {job} has not ended and cannot be forgotten.")
            del self._jobs[job]

    def __enter__(self) -> "ClusterJobs":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        with self._around():
            try:
                workers = self._open_workers()
            except KnownError as error:
                self._fail_all(error)
                return
            except Exception as error:  # noqa: BLE001 - the outer edge of the thread
                self._fail_all(_bug(error))
                return
            try:
                while self._take_stock():
                    self._step(workers)
            except Exception as error:  # noqa: BLE001 - the outer edge of the thread
                self._fail_all(_bug(error))
            finally:
                workers.close()

    def _take_stock(self) -> bool:
        """Wait for something to do; False when there will be nothing more. Ends what was cancelled."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._waiting or self._flying)
            closed = self._closed
            ended = [job for job in self._waiting if closed or job.cancelled]
            self._waiting = deque(job for job in self._waiting if job not in ended)
        for job in ended:
            self._end(job, JobCancelled(job.number, 0.0))
        return not closed

    def _step(self, workers: Workers) -> None:
        while (job := self._next_waiting(workers.free())) is not None:
            kept = self._unsaved.get(job.recipes)
            if kept is not None:
                self._keep(job, kept)
                continue
            self._flying[job.number] = job
            workers.hand_out(job.number, job.recipes)
        for one in workers.news(SECONDS_BETWEEN_LOOKS):
            match one:
                case Said(text=text):
                    self._emit(Notice(next(iter(self._flying), 0), text))
                case Lost(ticket=ticket):
                    self._lost(self._flying.pop(ticket))
                case Drawn(ticket=ticket, error=None, pictures=pictures):
                    self._keep(self._flying.pop(ticket), pictures)
                case Drawn(ticket=ticket, error=error):
                    job = self._flying.pop(ticket)
                    known = error if isinstance(error, KnownError | BugError) else _bug(error)
                    self._end(job, JobFailed(job.number, known))

    def _next_waiting(self, free: int) -> _Job | None:
        with self._changed:
            if not self._waiting or (free < 1 and self._waiting[0].recipes not in self._unsaved):
                return None
            job = self._waiting.popleft()
            if job.state is JobState.QUEUED:
                job.state = next_state(job.state, JobState.RUNNING)
        self._emit(JobStarted(job.number, job.order.recipe))
        return job

    def _lost(self, job: _Job) -> None:
        job.losses += 1
        if job.losses >= MOST_LOSSES:
            error = MachineError(
                f"{MOST_LOSSES} machines were lost while they drew this.", hint="Draw it alone, or smaller."
            )
            self._end(job, JobFailed(job.number, error))
            return
        self._emit(Notice(job.number, "A machine was lost; its pictures are drawn on another one."))
        with self._changed:
            self._waiting.appendleft(job)

    def _keep(self, job: _Job, pictures: tuple[Picture, ...]) -> None:
        try:
            for place, picture in enumerate(pictures):
                if place >= job.done:
                    self._emit(PictureDrawn(job.number, picture))
                    path = self._save(job.number, picture)
                    job.done += 1
                    self._emit(PictureSaved(job.number, path, picture))
        except OutputError as error:
            # Trying the same batch again only saves it.
            self._unsaved[job.recipes] = pictures
            while len(self._unsaved) > MOST_HELD:
                del self._unsaved[next(iter(self._unsaved))]
            self._end(job, JobFailed(job.number, error))
            return
        self._unsaved.pop(job.recipes, None)
        self._end(job, JobFinished(job.number))

    def _end(self, job: _Job, event: LastEvent) -> None:
        self._emit(event)
        with self._changed:
            job.state = next_state(job.state, _ENDED[type(event)])
            self._changed.notify_all()

    def _fail_all(self, error: KnownError | BugError) -> None:
        """Nothing can be drawn at all: what comes fails alike until the jobs are closed."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._waiting or self._flying)
                if self._closed:
                    return
                waiting, self._waiting = [*self._flying.values(), *self._waiting], deque()
                self._flying.clear()
                for job in waiting:
                    if job.state is JobState.QUEUED:
                        job.state = next_state(job.state, JobState.RUNNING)
            for job in waiting:
                self._end(job, JobFailed(job.number, error))

    def _emit(self, event: Event) -> None:
        try:
            self._listener(event)
        except Exception:  # noqa: BLE001 - somebody else's code must not end this thread
            _log.exception("the listener failed on %s", type(event).__name__)


def _bug(error: Exception | None) -> BugError:
    details = "" if error is None else "".join(traceback.format_exception(error))
    return BugError(f"{type(error).__name__}: {error}", details=details)
