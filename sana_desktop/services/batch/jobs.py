"""What a run of a list needs of whoever draws it: a queue on this machine, or a cluster."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from sana_desktop.domain.events import Emit
from sana_desktop.domain.job import JobState
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe

Save = Callable[[int, Picture], Path]


class BatchJobs(Protocol):
    """Draws batches and tells of them in the events of `GenerationQueue`; closed at the end of its `with`."""

    def submit_batch(
        self, recipes: Sequence[Recipe], *, done: int = 0, ahead: Sequence[tuple[Recipe, ...]] = ()
    ) -> int:
        """As `GenerationQueue.submit_batch`."""
        ...

    def state(self, job: int) -> JobState:
        """Where a job stands."""
        ...

    def cancel(self, job: int) -> None:
        """Ask a job to stop; used for those that wait."""
        ...

    def wait(self, job: int) -> bool:
        """Wait until the listener has heard the last event of a job that has ended."""
        ...

    def forget(self, job: int) -> None:
        """Keep nothing more of a job that has ended."""
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop what runs, and give back what was taken."""
        ...


# Given what saves a picture and what hears of everything, both called on one thread of the jobs.
OpenJobs = Callable[[Save, Emit], BatchJobs]
