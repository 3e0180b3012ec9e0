"""The queue of jobs and the one thread that draws them."""

import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import (
    Emit,
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobStarted,
    LastEvent,
    Phase,
    PhaseStarted,
    PictureDrawn,
    PictureSaved,
)
from sana_desktop.domain.job import JobState, Order, next_state
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import BugError, JobCancelledError, KnownError, MachineError

_log = logging.getLogger(__name__)

_MEMORY_HINT = "Close other programs, or draw a smaller picture or fewer at once."

_END_STATES: dict[type[LastEvent], JobState] = {
    JobFinished: JobState.FINISHED,
    JobFailed: JobState.FAILED,
    JobCancelled: JobState.CANCELLED,
}


@dataclass(slots=True, eq=False)
class _Entry:
    job: int
    order: Order
    cancel: CancelToken = field(default_factory=CancelToken)
    state: JobState = JobState.QUEUED


class GenerationQueue:
    """Draws jobs one after the other on a thread of its own, and tells `listener` what happens.

    The engine is made by that thread at the first job, so whoever makes the queue pays nothing. For each
    job the listener hears `JobStarted`, what the engine emits, `PictureDrawn`, `PhaseStarted(SAVE)` and
    `PictureSaved` for every picture, and one `LastEvent`; a job that is cancelled while it waits has only
    the last one. It is called on the engine's thread, for waiting jobs on the thread that cancels.
    What it raises is written to the log and does not disturb the job.
    """

    def __init__(
        self,
        engine_factory: Callable[[], PictureEngine],
        save: Callable[[int, Picture], Path],
        listener: Emit,
    ) -> None:
        self._engine_factory = engine_factory
        self._save = save
        self._listener = listener
        # Made, used and closed by the engine's thread alone.
        self._engine: PictureEngine | None = None
        # Guards the four fields below. Never held while the listener, the engine or `save` is called.
        self._changed = threading.Condition()
        self._entries: dict[int, _Entry] = {}
        self._waiting: deque[_Entry] = deque()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, recipe: Recipe, count: int = 1, batch: int = 1, latents: Path | None = None) -> int:
        """Put a job at the end and return its number; raises `RecipeError` for what cannot be drawn."""
        with self._changed:
            if self._closed:
                raise BugError("A job was submitted to a closed queue.")
            number = len(self._entries) + 1
            entry = _Entry(number, Order(recipe=recipe, count=count, batch=batch, latents=latents))
            self._entries[number] = entry
            self._waiting.append(entry)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="engine")
                self._thread.start()
            self._changed.notify_all()
        return number

    def state(self, job: int) -> JobState:
        """Where the job stands now."""
        with self._changed:
            return self._entries[job].state

    def cancel(self, job: int) -> None:
        """Ask a job to stop; one that has ended stays as it is. Pictures already saved remain."""
        with self._changed:
            entry = self._entries[job]
            entry.cancel.cancel()
            if entry not in self._waiting:
                return
            self._waiting.remove(entry)
        self._end(entry, JobCancelled(job, entry.cancel.seconds_since_asked))

    def cancel_all(self) -> None:
        """Ask every job to stop: those that wait first, so that none of them starts meanwhile."""
        with self._changed:
            jobs = [number for number, entry in self._entries.items() if not entry.state.ended]
        for job in reversed(jobs):
            self.cancel(job)

    def wait(self, job: int, timeout: float | None = None) -> bool:
        """Wait until the listener has heard the last event of a job; False if `timeout` seconds passed first."""
        with self._changed:
            return self._changed.wait_for(lambda: self._entries[job].state.ended, timeout)

    def wait_all(self, timeout: float | None = None) -> bool:
        """Wait until every job has ended; False if `timeout` seconds passed first."""
        with self._changed:
            return self._changed.wait_for(lambda: all(e.state.ended for e in self._entries.values()), timeout)

    def close(self) -> None:
        """Cancel everything, wait for the thread, and close the engine. Safe to call twice.

        Not to be called by the listener: the thread would wait for itself.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self.cancel_all()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> "GenerationQueue":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _work(self) -> None:
        while (entry := self._take()) is not None:
            self._end(entry, self._run(entry))
        if self._engine is not None:
            self._engine.close()

    def _run(self, entry: _Entry) -> LastEvent:
        """Draw a job and turn whatever it raises into its last event."""
        job = entry.job
        try:
            self._draw(entry)
        except JobCancelledError:
            return JobCancelled(job, entry.cancel.seconds_since_asked)
        except (KnownError, BugError) as error:
            return JobFailed(job, error)
        except MemoryError:
            return JobFailed(job, MachineError("The memory of this machine is full.", hint=_MEMORY_HINT))
        except Exception as error:  # noqa: BLE001 - the outer edge of the thread: errors leave it as events
            message = f"{type(error).__name__}: {error}"
            return JobFailed(job, BugError(message, details="".join(traceback.format_exception(error))))
        return JobFinished(job)

    def _take(self) -> _Entry | None:
        """Wait for the next job and mark it as running; None when the queue closes."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            entry = self._waiting.popleft()
            entry.state = next_state(entry.state, JobState.RUNNING)
            return entry

    def _draw(self, entry: _Entry) -> None:
        job, order = entry.job, entry.order
        self._emit(JobStarted(job, order.recipe))
        if self._engine is None:
            self._engine = self._engine_factory()
        for recipes in order.rounds():
            entry.cancel.check()
            pictures = self._engine.generate(job, recipes, self._emit, entry.cancel, order.latents)
            # Pictures that exist are kept, also when somebody cancels now.
            for _, picture in zip(recipes, pictures, strict=True):
                self._keep(job, picture)

    def _keep(self, job: int, picture: Picture) -> None:
        self._emit(PictureDrawn(job, picture))
        self._emit(PhaseStarted(job, Phase.SAVE))
        self._emit(PictureSaved(job, self._save(job, picture), picture))

    def _end(self, entry: _Entry, event: LastEvent) -> None:
        # The event goes first, so that whoever waited for the end has heard everything.
        self._emit(event)
        with self._changed:
            entry.state = next_state(entry.state, _END_STATES[type(event)])
            self._changed.notify_all()

    def _emit(self, event: Event) -> None:
        try:
            self._listener(event)
        except Exception:  # noqa: BLE001 - somebody else's code must not end this thread
            _log.exception("the listener failed on %s", type(event).__name__)
