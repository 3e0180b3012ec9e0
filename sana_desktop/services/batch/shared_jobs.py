"""Batches of a list in a queue that others use too, as the window's."""

import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from sana_desktop.domain.events import Emit, Event, JobCancelled, JobQueued, LastEvent
from sana_desktop.domain.job import JobState
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.services.batch.jobs import Save
from sana_desktop.services.generation import GenerationQueue


class SharedJobs:
    """Stands between a queue and those who save and listen: a list's pictures are saved by the list.

    The queue is made with `save` and `hear`, and is then given to `use`. Everybody's events go to `listener` too.
    """

    def __init__(self, save: Save, listener: Emit) -> None:
        self._save = save
        self._listener = listener
        self._queue: GenerationQueue | None = None
        # By job; written before the queue may start it, read by the engine's thread.
        self._routes: dict[int, tuple[Save, Emit]] = {}
        self._submitting = threading.local()

    def use(self, queue: GenerationQueue) -> None:
        """This is the queue."""
        self._queue = queue

    def save(self, job: int, picture: Picture) -> Path:
        """Save a picture of whomever it is for."""
        route = self._routes.get(job)
        return (self._save if route is None else route[0])(job, picture)

    def hear(self, event: Event) -> None:
        """Pass an event on."""
        route = getattr(self._submitting, "route", None)
        # Told on the thread that submits, before the job can begin.
        if isinstance(event, JobQueued) and route is not None:
            self._routes[event.job] = route
        self._listener(event)
        job = getattr(event, "job", None)
        if isinstance(job, int) and (found := self._routes.get(job)) is not None:
            found[1](event)
            if isinstance(event, LastEvent):
                self._routes.pop(job, None)

    def open(self, save: Save, hear: Emit) -> "ListJobs":
        """A list's way into the queue; its pictures are saved by `save`, and it hears of its own jobs."""
        assert self._queue is not None
        return ListJobs(self._queue, self._submitting, (save, hear))

    def abandon(self) -> None:
        """The queue is closed: whoever waits for a job waits in vain, and is told so."""
        for job, (_, hear) in list(self._routes.items()):
            hear(JobCancelled(job, 0.0))
        self._routes.clear()


class ListJobs:
    """As `BatchJobs` says, for one list; the queue stays open behind it."""

    def __init__(self, queue: GenerationQueue, submitting: threading.local, route: tuple[Save, Emit]) -> None:
        self._queue = queue
        self._submitting = submitting
        self._route = route

    def submit_batch(
        self, recipes: Sequence[Recipe], *, done: int = 0, ahead: Sequence[tuple[Recipe, ...]] = ()
    ) -> int:
        """As `GenerationQueue.submit_batch`."""
        self._submitting.route = self._route
        try:
            return self._queue.submit_batch(recipes, done=done, ahead=ahead)
        finally:
            self._submitting.route = None

    def state(self, job: int) -> JobState:
        """Where a job stands."""
        return self._queue.state(job)

    def cancel(self, job: int) -> None:
        """Ask a job to stop."""
        self._queue.cancel(job)

    def wait(self, job: int) -> bool:
        """Wait until a job has ended; False if the queue was closed before."""
        return self._queue.wait(job)

    def forget(self, job: int) -> None:
        """Keep nothing more of a job, unless a closed queue keeps it."""
        if self._queue.state(job).ended:
            self._queue.forget(job)

    def __enter__(self) -> "ListJobs":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The queue is not ours to close."""
