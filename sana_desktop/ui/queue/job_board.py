"""Everything that the window knows about the queue: one place that listens, and one that acts."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from sana_desktop.domain.cancel import Stop
from sana_desktop.domain.events import Phase, PhaseStarted, StepDone
from sana_desktop.domain.job import JobState, Order
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import SanaError
from sana_desktop.services.forecast import SpeedBook
from sana_desktop.services.time_left import TimeLeft
from sana_desktop.ui.basics.small_copy import small_copy
from sana_desktop.ui.basics.throttle import Throttle
from sana_desktop.ui.queue.job_item import JobItem
from sana_desktop.ui.queue.queue_model import QueueModel
from sana_desktop.ui.window.bridge import MILLISECONDS_BETWEEN_UPDATES, EventBridge

# Jobs that have ended, the newest ones, and the longest side of what is shown of each: twice its place.
MOST_ENDED = 200
THUMBNAIL_SIDE = 128
MOST_FORECAST = 1000


class Drawer(Protocol):
    """What the board asks of a `GenerationQueue`."""

    def cancel(self, job: int, stop: Stop = Stop.DISCARD) -> None: ...
    def cancel_all(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def move(self, job: int, before: int | None) -> None: ...
    def retry(self, job: int) -> int: ...
    def restore(self) -> tuple[int, ...]: ...


class JobBoard(QObject):
    """Knows every job of the session that waits or is drawn, and the last ones that ended.

    Its `model` has the running job first, then those that wait in their order, then those that ended, the
    newest first. Rows are brought up to date at most 20 times a second, so ten thousand jobs at once cost
    one change. What the user wants goes to `queue`, and is seen here when the queue tells of it.

    Signals:
        changed(): anything that `active`, `waiting`, `ended` or `paused` tell of.
        busyChanged(bool): drawing begins, or there is nothing more to draw.
        activeJobChanged(object): the `JobItem` that is drawn now, or None.
    """

    changed = Signal()
    busyChanged = Signal(bool)
    activeJobChanged = Signal(object)

    def __init__(
        self,
        queue: Drawer,
        bridge: EventBridge,
        speeds: SpeedBook | None = None,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        interval_ms: int = MILLISECONDS_BETWEEN_UPDATES,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._speeds = speeds or SpeedBook()
        self._clock = clock
        self._items: dict[int, JobItem] = {}
        self._waiting: list[int] = []
        self._ended: list[int] = []
        self._active: JobItem | None = None
        self._time_left: TimeLeft | None = None
        # When the running job should be done, as far as pictures drawn before tell, and what it had at its start.
        self._expected: float | None = None
        self._before = 0
        self._waiting_seconds: float | None = 0.0
        self._from_last_time: set[int] = set()
        self._paused = False
        self._busy = False
        self.model = QueueModel(self._items.__getitem__, self)
        self._news = Throttle(interval_ms, self)
        self._news.passed.connect(self._on_news)
        bridge.jobQueued.connect(self._on_queued)
        bridge.queueChanged.connect(self._on_queue)
        bridge.jobStarted.connect(self._on_started)
        bridge.phaseStarted.connect(self._on_phase)
        bridge.stepDone.connect(self._on_step)
        bridge.previewReady.connect(self._on_preview)
        bridge.pictureSaved.connect(self._on_saved)
        bridge.jobFinished.connect(self._on_finished)
        bridge.jobFailed.connect(self._on_failed)
        bridge.jobCancelled.connect(self._on_cancelled)

    # What is known.

    @property
    def active(self) -> JobItem | None:
        """The job that is drawn now."""
        return self._active

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    @property
    def restored(self) -> int:
        """How many of the waiting jobs were left by the last run of the program."""
        return sum(self._items[job].restored for job in self._waiting)

    @property
    def ended(self) -> int:
        """How many jobs that have ended are shown."""
        return len(self._ended)

    @property
    def paused(self) -> bool:
        """Whether nothing new begins."""
        return self._paused

    @property
    def busy(self) -> bool:
        """Whether something is drawn, or about to be."""
        return self._active is not None or (bool(self._waiting) and not self._paused)

    def item(self, job: int) -> JobItem | None:
        """What is known about a job; None for one that was forgotten."""
        return self._items.get(job)

    @property
    def job_seconds(self) -> float | None:
        """Seconds until the running job is done, None where nobody can know."""
        if self._time_left is None:
            return None
        seconds = self._time_left.seconds
        if seconds is None and self._expected is not None:
            # Nothing measured yet: what such jobs took before.
            return max(0.0, self._expected - self._clock())
        return seconds

    @property
    def queue_seconds(self) -> float | None:
        """Seconds until the running job and all that wait are done, None where nobody can know."""
        running = 0.0 if self._active is None else self.job_seconds
        if running is None:
            return None
        return None if self._waiting_seconds is None else running + self._waiting_seconds

    # What the user wants.

    def cancel(self, jobs: Sequence[int]) -> None:
        """Stop jobs, or take them from the queue; those that ended are no longer shown."""
        ended = [job for job in jobs if job in self._items and self._items[job].state.ended]
        # From the end, so that none of them begins meanwhile.
        for job in reversed([job for job in jobs if job in self._items and job not in ended]):
            self._stop(job, Stop.DISCARD)
        self._forget(ended)

    def cancel_active(self) -> None:
        """Stop the job that is drawn; without one, take the next from the queue."""
        if self._active is not None:
            self._stop(self._active.job, Stop.DISCARD)
        elif self._waiting:
            self._stop(self._waiting[0], Stop.DISCARD)

    def keep_active(self) -> None:
        """End the job that is drawn with its picture as it stands now."""
        if self._active is not None:
            self._stop(self._active.job, Stop.KEEP)

    def cancel_all(self) -> None:
        """Stop everything."""
        if self._active is not None:
            self._active.stopping = Stop.DISCARD
            self._touch(self._active)
        self._queue.cancel_all()

    def set_paused(self, paused: bool) -> None:
        """Begin nothing new, or go on."""
        if paused:
            self._queue.pause()
        else:
            self._queue.resume()

    def move(self, jobs: Sequence[int], before: int | None) -> None:
        """Put waiting jobs, in the order given, before another, or at the end."""
        if before is not None and before not in self._waiting:
            # Dropped on what is drawn now: it cannot be overtaken, but nobody else stays in between.
            before = next((job for job in self._waiting if job not in jobs), None)
        for job in jobs:
            if job in self._waiting and job != before:
                self._queue.move(job, before)

    def nudge(self, job: int, down: bool) -> None:
        """Let a waiting job change places with its neighbour."""
        if job not in self._waiting:
            return
        place = self._waiting.index(job)
        if down and place + 1 < len(self._waiting):
            after = place + 2
            self._queue.move(job, self._waiting[after] if after < len(self._waiting) else None)
        elif not down and place:
            self._queue.move(job, self._waiting[place - 1])

    def move_first(self, job: int) -> None:
        """Let a waiting job be the next."""
        if job in self._waiting and self._waiting[0] != job:
            self._queue.move(job, self._waiting[0])

    def retry(self, job: int) -> None:
        """Draw what a job that ended still lacks, as a new job in its place."""
        item = self._items.get(job)
        if item is not None and item.state in (JobState.FAILED, JobState.CANCELLED):
            self._queue.retry(job)
            self._forget([job])

    def clear_ended(self) -> None:
        """Show no longer what has ended."""
        self._forget(self._ended)

    def restore(self) -> int:
        """Put what the last run of the program left into the queue again, which waits then; how many jobs."""
        self._from_last_time.update(self._queue.restore())
        return len(self._from_last_time)

    # What the queue tells.

    @Slot(int, object, int)
    def _on_queued(self, job: int, order: Order, done: int) -> None:
        self._items[job] = JobItem(job, order, done=done, restored=job in self._from_last_time)
        self._waiting.append(job)
        self._tell_soon()

    @Slot(object, bool)
    def _on_queue(self, waiting: tuple[int, ...], paused: bool) -> None:
        self._waiting = [job for job in waiting if self._waits(job)]
        self._paused = paused
        if self._active is not None and not paused:
            self._active.resting = False
            self._touch(self._active)
        self._tell_soon()

    @Slot(int, object)
    def _on_started(self, job: int, recipe: Recipe) -> None:
        item = self._items.get(job) or JobItem(job, Order(recipe=recipe))
        self._items[job] = item
        item.state = JobState.RUNNING
        order = item.order
        self._before = item.done
        expected = self._speeds.forecast(order, item.done).seconds
        self._expected = None if expected is None else self._clock() + expected
        self._time_left = TimeLeft(
            steps=recipe.stop_after or recipe.steps,
            count=max(1, order.count - item.done),
            batch=order.batch,
            clock=self._clock,
        )
        self._set_active(item)

    @Slot(int, object)
    def _on_phase(self, job: int, phase: Phase) -> None:
        if (item := self._running(job)) is not None:
            item.phase = phase
            item.resting = False
            if phase not in (Phase.DECODE, Phase.SAVE):
                item.step = 0
            self._advance(item, PhaseStarted(job, phase))

    @Slot(int, int, int)
    def _on_step(self, job: int, step: int, steps: int) -> None:
        if (item := self._running(job)) is not None:
            item.step = step
            self._advance(item, StepDone(job, step, steps))

    @Slot(int, int, QImage)
    def _on_preview(self, job: int, step: int, image: QImage) -> None:
        if (item := self._running(job)) is not None:
            item.thumbnail = small_copy(image, THUMBNAIL_SIDE)
            self._touch(item)

    @Slot(int, QImage, object, object)
    def _on_saved(self, job: int, image: QImage, path: Path, picture: Picture) -> None:
        if (item := self._items.get(job)) is not None:
            item.done += 1
            item.resting = self._paused and self._between_batches(item)
            item.path = path
            item.thumbnail = small_copy(image, THUMBNAIL_SIDE)
            self._touch(item)
            self._tell_soon()

    @Slot(int)
    def _on_finished(self, job: int) -> None:
        self._end(job, JobState.FINISHED)

    @Slot(int, object)
    def _on_failed(self, job: int, error: SanaError) -> None:
        if (item := self._items.get(job)) is not None:
            item.error = error
        self._end(job, JobState.FAILED)

    @Slot(int, float)
    def _on_cancelled(self, job: int, latency: float) -> None:
        if (item := self._items.get(job)) is not None:
            item.latency = latency
        self._end(job, JobState.CANCELLED)

    def _end(self, job: int, state: JobState) -> None:
        item = self._items.get(job)
        if item is None:
            return
        item.state = state
        self._ended.insert(0, job)
        if item is self._active:
            self._time_left = self._expected = None
            self._set_active(None)
        self._tell_soon()

    def _set_active(self, item: JobItem | None) -> None:
        self._active = item
        self.activeJobChanged.emit(item)
        self._tell_soon()

    def _between_batches(self, item: JobItem) -> bool:
        return item.done < item.order.count and (item.done - self._before) % item.order.batch == 0

    def _waits(self, job: int) -> bool:
        return job in self._items and self._items[job].state is JobState.QUEUED

    def _running(self, job: int) -> JobItem | None:
        return self._active if self._active is not None and self._active.job == job else None

    def _advance(self, item: JobItem, event: PhaseStarted | StepDone) -> None:
        if self._time_left is not None:
            self._time_left.saw(event)
            share = self._time_left.fraction * (item.order.count - self._before)
            item.fraction = min(1.0, (self._before + share) / item.order.count)
        self._touch(item)

    def _touch(self, item: JobItem) -> None:
        # The running job stands in the first row, or will when the rows are brought up to date.
        if item is self._active:
            self.model.touch(0)

    def _stop(self, job: int, stop: Stop) -> None:
        item = self._items[job]
        if item is self._active:
            item.stopping = stop
            self._touch(item)
        self._queue.cancel(job, stop)

    def _forget(self, jobs: Sequence[int]) -> None:
        gone = set(jobs)
        self._ended = [job for job in self._ended if job not in gone]
        self._tell_soon()

    def _tell_soon(self) -> None:
        self._news.put(None)

    @Slot(object)
    def _on_news(self, _: object) -> None:
        """Bring the rows up to date, and everybody who looks at the board."""
        del self._ended[MOST_ENDED:]
        self._waiting = [job for job in self._waiting if self._waits(job)]
        active = [] if self._active is None else [self._active.job]
        rows = [*active, *self._waiting, *self._ended]
        self.model.show_jobs(rows)
        for job in self._items.keys() - set(rows):
            del self._items[job]
        self._waiting_seconds = self._forecast_waiting()
        if self.busy is not self._busy:
            self._busy = self.busy
            self.busyChanged.emit(self._busy)
        self.changed.emit()

    def _forecast_waiting(self) -> float | None:
        if not self._waiting:
            return 0.0
        # The others are taken to be like these: nobody waits for a sum of ten thousand.
        first = [self._items[job] for job in self._waiting[:MOST_FORECAST]]
        seconds = self._speeds.forecast_all((item.order, item.done) for item in first).seconds
        return None if seconds is None else seconds * len(self._waiting) / len(first)
