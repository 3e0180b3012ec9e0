"""A job in the queue: what was ordered and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.job import JobState, Order
from sana_desktop.domain.recipe import Recipe
from sana_desktop.services.saving import holds_picture

if TYPE_CHECKING:
    # The terminal remembers nothing and does without SQLite.
    from sana_desktop.services.queue_journal import QueueJournal
    from sana_desktop.services.queue_rows import StoredJob


@dataclass(slots=True, eq=False)
class QueuedJob:
    """One job; the queue's lock guards what changes.

    `done` of its pictures, the first ones, are on the disk. `restored` says that an earlier run of the program
    accepted it, `kept` that the journal does. The words of the batches in `ahead` are read before it is drawn.
    """

    number: int
    order: Order
    done: int = 0
    restored: bool = False
    kept: bool = True
    ahead: Sequence[tuple[Recipe, ...]] = ()
    cancel: CancelToken = field(default_factory=CancelToken)
    state: JobState = JobState.QUEUED


def restored_job(stored: "StoredJob", journal: "QueueJournal") -> QueuedJob:
    """A job of the last run, with the picture that was being written when that ended if it is there."""
    order, done, path = stored.order, stored.done, stored.announced
    if path is not None:
        recipe = order.recipe_at(done)
        if holds_picture(path, recipe):
            journal.saved(stored.job, recipe.seed, path)
            done += 1
    return QueuedJob(stored.job, order, done, restored=True)
