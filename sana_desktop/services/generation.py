"""The queue of jobs and the one thread that draws them."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from sana_desktop.domain.cancel import CancelToken, Stop
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import (
    Emit,
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobQueued,
    LastEvent,
    QueueChanged,
)
from sana_desktop.domain.job import JobState, Order, next_state
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import BugError
from sana_desktop.services.engine_loan import EngineLoan
from sana_desktop.services.job_drawing import JobDrawing
from sana_desktop.services.queued_job import QueuedJob, restored_job

if TYPE_CHECKING:
    # The terminal remembers nothing and does without SQLite.
    from sana_desktop.services.queue_journal import QueueJournal

_log = logging.getLogger(__name__)

_END_STATES: dict[type[LastEvent], JobState] = {
    JobFinished: JobState.FINISHED,
    JobFailed: JobState.FAILED,
    JobCancelled: JobState.CANCELLED,
}


_Result = TypeVar("_Result")


@dataclass(slots=True, eq=False)
class _WarmUp:
    recipe: Recipe
    cancel: CancelToken = field(default_factory=CancelToken)


class GenerationQueue:
    """Draws jobs one after the other on a thread of its own, and tells `listener` what happens.

    The engine is made by that thread at the first job, so whoever makes the queue pays nothing. For each
    job the listener hears `JobQueued`, `JobStarted`, what the engine emits, `PictureDrawn`,
    `PhaseStarted(SAVE)` and `PictureSaved` for every picture, and one `LastEvent`; a job that is cancelled
    while it waits has only the first and the last. `QueueChanged` comes after every change of what waits:
    after `JobQueued`, before `JobStarted`, after the last event of a job that waited. A job that is stopped
    to be kept finishes with the pictures that it has, or is cancelled if it has none.

    Whoever changes the queue tells the listener before the call returns, on the same thread and in the order
    of the changes; all else is told on the engine's thread. The listener may call the queue, but while it is
    told of `JobQueued`, `QueueChanged` or the end of a waiting job it must not wait for a thread that does.
    What it raises is written to the log and does not disturb the job.

    With a `journal`, jobs outlive the program: `restore` brings back those that had not ended. A job is safe
    from a kill a few milliseconds after `submit` has returned; nothing here waits for the disk but the
    engine's thread and `restore`. The journal is to be closed after the queue.
    """

    def __init__(
        self,
        engine_factory: Callable[[], PictureEngine],
        save: Callable[[int, Picture], Path],
        listener: Emit,
        journal: "QueueJournal | None" = None,
    ) -> None:
        self._listener = listener
        self._journal = journal
        # Used by the engine's thread alone.
        self._drawing = JobDrawing(engine_factory, save, self._emit, self._wait_for_turn, journal)
        # Held while the order of the queue changes and the listener hears of it, always before the next one.
        self._telling = threading.RLock()
        # Guards the fields below. Never held while the listener, the engine or `save` is called.
        self._changed = threading.Condition()
        self._entries: dict[int, QueuedJob] = {}
        self._waiting: list[QueuedJob] = []
        self._running: QueuedJob | None = None
        # What to load while nothing is drawn: the wish, then what the engine is at.
        self._wish: _WarmUp | None = None
        self._warming: _WarmUp | None = None
        # Who wants to use the engine, and who does.
        self._loans: deque[EngineLoan[Any]] = deque()
        self._lent: EngineLoan[Any] | None = None
        self._next_job = 1 if journal is None else journal.next_job
        self._thread: threading.Thread | None = None
        self._paused = False
        self._closed = False
        self._over = False

    @property
    def paused(self) -> bool:
        """Whether nothing new begins until `resume`."""
        with self._changed:
            return self._paused

    def submit(
        self, recipe: Recipe, count: int = 1, batch: int = 1, latents: Path | None = None, *, first: bool = False
    ) -> int:
        """Put a job behind all that wait, or before them, and return its number.

        Raises `RecipeError` for what cannot be drawn.
        """
        return self._enqueue(Order(recipe=recipe, count=count, batch=batch, latents=latents), first)

    def submit_batch(
        self, recipes: Sequence[Recipe], *, done: int = 0, ahead: Sequence[tuple[Recipe, ...]] = ()
    ) -> int:
        """Put recipes that are drawn as one batch behind all that wait, and return the number of the job.

        They may differ in their words and seeds. The first `done` pictures exist. The words of the batches in
        `ahead`, this one among them, are read first, and then the text encoder is put away. The journal does not
        keep such a job: whoever has a list of them keeps book of it. Raises `RecipeError` for what cannot be drawn.
        """
        return self._enqueue(Order.together(recipes), done=done, ahead=ahead, kept=False)

    def retry(self, job: int) -> int:
        """Put the pictures that a failed or cancelled job lacks into a new one, at the end; returns its number."""
        with self._changed:
            entry = self._entries[job]
            if entry.state not in (JobState.FAILED, JobState.CANCELLED):
                raise BugError(f"Job {job} is {entry.state} and cannot be tried again.")
            order = entry.order.without(entry.done)
        return self._enqueue(order)

    def restore(self) -> tuple[int, ...]:
        """Let the jobs wait again that the last run left, in their old order, and return their numbers.

        They come before what waits already, and if there are any the queue is paused, so that nothing heavy
        starts by itself. Takes a tenth of a millisecond for each job; any thread may call it. Raises
        `KnownError` if the journal cannot be read.
        """
        if self._journal is None:
            return ()
        found = [restored_job(one, self._journal) for one in self._journal.load()]
        with self._telling:
            with self._changed:
                self._require_open()
                found = [entry for entry in found if entry.number not in self._entries]
                entries = [entry for entry in found if entry.done < entry.order.count]
                # The others ended between their last picture and the note that they have ended.
                self._journal.remove(entry.number for entry in found if entry not in entries)
                if not entries:
                    return ()
                self._entries.update((entry.number, entry) for entry in entries)
                self._waiting[:0] = entries
                self._remember_order(self._journal)
                self._paused = True
            for entry in entries:
                self._emit(JobQueued(entry.number, entry.order, entry.done))
            self._tell_order()
        return tuple(entry.number for entry in entries)

    def state(self, job: int) -> JobState:
        """Where the job stands now."""
        with self._changed:
            return self._entries[job].state

    def forget(self, job: int) -> None:
        """Keep nothing more of a job that has ended: whoever draws a million of them would run out of memory."""
        with self._changed:
            if not self._entries[job].state.ended:
                raise BugError(f"Job {job} has not ended and cannot be forgotten.")
            del self._entries[job]

    def pause(self) -> None:
        """Let nothing new begin, not even the next batch of the job that runs; the running batch is finished."""
        self._set_paused(True)

    def resume(self) -> None:
        """Go on after `pause` or `restore`, with the next batch of the job that runs if there is one."""
        self._set_paused(False)

    def move(self, job: int, before: int | None) -> None:
        """Let a waiting job be drawn before another one, or, with None, after all that wait now.

        Nothing happens if `job` waits no longer; if `before` does not, the job goes to the front.
        """
        with self._telling:
            with self._changed:
                entry, other = self._entries[job], None if before is None else self._entries[before]
                if entry not in self._waiting or entry is other:
                    return
                self._waiting.remove(entry)
                if other is None:
                    place = len(self._waiting)
                else:
                    place = self._waiting.index(other) if other in self._waiting else 0
                self._waiting.insert(place, entry)
                if self._journal is not None:
                    self._remember_order(self._journal)
            self._tell_order()

    def cancel(self, job: int, stop: Stop = Stop.DISCARD) -> None:
        """Ask a job to stop; one that has ended stays as it is. Pictures already saved remain.

        With `Stop.KEEP` a running job ends with its pictures as they stand. `Stop.SUSPEND` is for `close`.
        """
        if stop is Stop.SUSPEND:
            raise BugError("Only the end of the program suspends a job.")
        with self._telling:
            with self._changed:
                entry = self._entries[job]
                entry.cancel.cancel(stop)
                # It may be paused between two batches.
                self._changed.notify_all()
                if entry not in self._waiting:
                    return
                self._waiting.remove(entry)
            self._end_waiting([entry])

    def cancel_all(self) -> None:
        """Ask every job to stop: those that wait first, so that none of them starts meanwhile."""
        with self._telling:
            with self._changed:
                waiting, self._waiting = self._waiting, []
                for entry in waiting:
                    entry.cancel.cancel()
                if self._running is not None:
                    self._running.cancel.cancel()
                self._changed.notify_all()
            if waiting:
                self._end_waiting(waiting)

    def prepare(self, recipe: Recipe) -> None:
        """Load what `recipe` will need while there is nothing to draw; a job that comes takes over at once.

        Nobody is told, not even of errors: the job that meets them tells.
        """
        with self._changed:
            if self._closed or self._running is not None or self._can_begin():
                return
            if self._warming is not None:
                self._warming.cancel.cancel()
            self._wish = _WarmUp(recipe)
            self._wake()

    def lend(
        self, work: Callable[[PictureEngine, CancelToken], _Result], cancel: CancelToken | None = None
    ) -> "Future[_Result]":
        """Let `work` use the engine on its thread, once no job wants it; jobs that come then wait until it is done.

        The future gives what `work` returns or raises. It is cancelled if the queue is closed before its turn; if that
        happens during it, `cancel` is set.
        """
        loan = EngineLoan(work, cancel)
        with self._changed:
            self._require_open()
            self._loans.append(loan)
            self._wake()
        return loan.future

    def wait(self, job: int, timeout: float | None = None) -> bool:
        """Wait until the listener has heard the last event of a job; False if `timeout` seconds passed first.

        False, too, if the queue was closed and keeps the job for the next start.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._entries[job].state.ended or self._over, timeout)
            return self._entries[job].state.ended

    def wait_all(self, timeout: float | None = None) -> bool:
        """Wait until every job has ended; False as for `wait`."""

        def ended() -> bool:
            return all(entry.state.ended for entry in self._entries.values())

        with self._changed:
            self._changed.wait_for(lambda: ended() or self._over, timeout)
            return ended()

    def close(self) -> None:
        """Stop what runs, wait for the thread, and close the engine. Safe to call twice.

        Without a journal every job is cancelled. With one, the running job is suspended and the waiting ones
        are left alone: they have not ended, so the listener hears nothing of them, and `restore` brings them
        back. Not to be called by the listener: the thread would wait for itself.
        """
        with self._changed:
            self._closed = True
            if self._warming is not None:
                self._warming.cancel.cancel()
            if self._lent is not None:
                self._lent.cancel.cancel()
            for loan in self._loans:
                loan.give_up()
            self._loans.clear()
            if self._journal is not None and self._running is not None:
                self._running.cancel.cancel(Stop.SUSPEND)
            self._changed.notify_all()
        if self._journal is None:
            self.cancel_all()
        if self._thread is not None:
            self._thread.join()
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def __enter__(self) -> "GenerationQueue":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _require_open(self) -> None:
        if self._closed:
            raise BugError("A job was submitted to a closed queue.")

    def _enqueue(
        self,
        order: Order,
        first: bool = False,
        *,
        done: int = 0,
        ahead: Sequence[tuple[Recipe, ...]] = (),
        kept: bool = True,
    ) -> int:
        with self._telling:
            with self._changed:
                self._require_open()
                entry = QueuedJob(self._next_job, order, done, kept=kept, ahead=ahead)
                self._next_job += 1
                self._entries[entry.number] = entry
                self._waiting.insert(0 if first else len(self._waiting), entry)
                if self._journal is not None and kept:
                    self._journal.add(entry.number, order, first=first)
                self._wake()
            self._emit(JobQueued(entry.number, order, done))
            self._tell_order()
        return entry.number

    def _set_paused(self, paused: bool) -> None:
        with self._telling:
            with self._changed:
                if self._paused is paused:
                    return
                self._paused = paused
                self._wake()
            self._tell_order()

    def _can_begin(self) -> bool:
        return bool(self._waiting) and not self._paused

    def _wake(self) -> None:
        """Let the engine's thread look what there is to do."""
        if self._can_begin():
            self._wish = None
            if self._warming is not None:
                self._warming.cancel.cancel()
        if self._thread is None and self._has_work():
            self._thread = threading.Thread(target=self._work, name="engine")
            self._thread.start()
        self._changed.notify_all()

    def _end_waiting(self, entries: list[QueuedJob]) -> None:
        for entry in entries:
            self._end(entry, JobCancelled(entry.number, entry.cancel.seconds_since_asked))
        self._tell_order()

    def _remember_order(self, journal: "QueueJournal") -> None:
        journal.reorder([entry.number for entry in self._waiting])

    def _tell_order(self) -> None:
        with self._changed:
            event = QueueChanged(tuple(entry.number for entry in self._waiting), self._paused)
        self._emit(event)

    def _work(self) -> None:
        while (task := self._take()) is not None:
            if isinstance(task, _WarmUp):
                self._drawing.prepare(task.recipe, task.cancel)
                with self._changed:
                    self._warming = None
                continue
            if isinstance(task, EngineLoan):
                self._drawing.lend(task)
                with self._changed:
                    self._lent = None
                continue
            event = self._drawing.draw(task)
            if task.cancel.stop is Stop.SUSPEND and not isinstance(event, JobFinished):
                self._put_back(task, event)
            else:
                self._end(task, event)
        self._drawing.close()

    def _has_work(self) -> bool:
        return self._can_begin() or self._wish is not None or bool(self._loans)

    def _take(self) -> QueuedJob | _WarmUp | EngineLoan[Any] | None:
        """Wait for something to do: the next job, marked as running, or something small; None at the end."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._has_work())
            # Whoever changes the queue has told of it before a job starts.
            with self._telling:
                with self._changed:
                    if self._closed:
                        return None
                    if not self._can_begin() and self._loans:
                        self._lent = self._loans.popleft()
                        return self._lent
                    if not self._can_begin():
                        self._warming, self._wish = self._wish, None
                        if self._warming is not None:
                            return self._warming
                        continue
                    entry = self._running = self._waiting.pop(0)
                    entry.state = next_state(entry.state, JobState.RUNNING)
                    if self._journal is not None:
                        self._journal.started(entry.number)
                self._tell_order()
                return entry

    def _wait_for_turn(self, entry: QueuedJob) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._paused or entry.cancel.cancelled)

    def _put_back(self, entry: QueuedJob, event: LastEvent) -> None:
        """Let a suspended job wait for the next start, whatever it met on its way to the end."""
        if isinstance(event, JobFailed):
            _log.error("job %d failed while the program ended: %s", entry.number, event.error)
        with self._changed:
            self._running = None
            entry.state = next_state(entry.state, JobState.QUEUED)

    def _end(self, entry: QueuedJob, event: LastEvent) -> None:
        if self._journal is not None:
            self._journal.remove([entry.number])
        if entry.restored and isinstance(event, JobCancelled):
            # The last run may have begun this batch, and none of those after it.
            self._drawing.drop(next(entry.order.rounds(entry.done)))
        # The event goes first, so that whoever waited for the end has heard everything.
        self._emit(event)
        with self._changed:
            if entry is self._running:
                self._running = None
            entry.state = next_state(entry.state, _END_STATES[type(event)])
            self._changed.notify_all()

    def _emit(self, event: Event) -> None:
        try:
            self._listener(event)
        except Exception:  # noqa: BLE001 - somebody else's code must not end this thread
            _log.exception("the listener failed on %s", type(event).__name__)
