"""What the queue's thread does: it makes the engine, lets it draw jobs, and saves their pictures."""

import logging
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sana_desktop.domain.cancel import CancelToken, Stop
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import (
    Emit,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobStarted,
    LastEvent,
    Notice,
    Phase,
    PhaseStarted,
    PictureDrawn,
    PictureSaved,
)
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import BugError, JobCancelledError, KnownError, MachineError, OutputError
from sana_desktop.services.engine_loan import EngineLoan
from sana_desktop.services.queued_job import QueuedJob

if TYPE_CHECKING:
    # The terminal remembers nothing and does without SQLite.
    from sana_desktop.services.queue_journal import QueueJournal

_log = logging.getLogger(__name__)

# Batches that were drawn and could not be saved; later ones push them out.
MOST_HELD = 4

_Batch = tuple[tuple[Recipe, ...], Path | None]
_HELD_HINT = "The picture is kept in memory: try again, and it is only saved."
_MEMORY_HINT = "Close other programs, or draw a smaller picture or fewer at once."


class JobDrawing:
    """Draws one job after the other and tells `emit`, which does not raise.

    Everything happens on the thread that calls, which is always the same; only `drop` may be called on any.
    `wait_for_turn` is called before every batch and returns when the queue is not paused, or the job cancelled.
    """

    def __init__(
        self,
        engine_factory: Callable[[], PictureEngine],
        save: Callable[[int, Picture], Path],
        emit: Emit,
        wait_for_turn: Callable[[QueuedJob], None],
        journal: "QueueJournal | None",
    ) -> None:
        self._engine_factory = engine_factory
        self._save = save
        self._emit = emit
        self._wait_for_turn = wait_for_turn
        self._journal = journal
        self._engine: PictureEngine | None = None
        self._unwanted: deque[tuple[Recipe, ...]] = deque()
        self._unsaved: dict[_Batch, tuple[Picture, ...]] = {}

    def draw(self, job: QueuedJob) -> LastEvent:
        """Draw a job and turn whatever is raised into its last event, which is not emitted."""
        try:
            self._draw(job)
        except JobCancelledError:
            if job.cancel.stop is Stop.KEEP and job.done:
                return JobFinished(job.number)
            return JobCancelled(job.number, job.cancel.seconds_since_asked)
        except (KnownError, BugError) as error:
            return JobFailed(job.number, error)
        except MemoryError:
            return JobFailed(job.number, MachineError("The memory of this machine is full.", hint=_MEMORY_HINT))
        except Exception as error:  # noqa: BLE001 - the outer edge of the thread: errors leave it as events
            message = f"{type(error).__name__}: {error}"
            return JobFailed(job.number, BugError(message, details="".join(traceback.format_exception(error))))
        return JobFinished(job.number)

    def prepare(self, recipe: Recipe, cancel: CancelToken) -> None:
        """Load what a recipe needs; an error is written to the log, and met again by the job that needs it."""
        try:
            self._ready_engine().prepare(recipe, cancel)
        except JobCancelledError:
            pass
        except Exception:  # noqa: BLE001 - the outer edge of the thread
            _log.warning("loading ahead of time failed", exc_info=True)

    def lend(self, loan: EngineLoan[Any]) -> None:
        """Let somebody use the engine; where there is none to be had, the next job meets the reason and tells."""
        try:
            engine = self._ready_engine()
        except Exception:  # noqa: BLE001 - the outer edge of the thread
            _log.warning("there is no engine to lend", exc_info=True)
            loan.give_up()
        else:
            loan.use(engine)

    def drop(self, recipes: tuple[Recipe, ...]) -> None:
        """Let the engine forget, when it next does something, what it may have kept of a batch."""
        self._unwanted.append(recipes)

    def close(self) -> None:
        """Close the engine if there is one."""
        if self._engine is not None:
            self._ready_engine().close()

    def _draw(self, job: QueuedJob) -> None:
        order = job.order
        self._emit(JobStarted(job.number, order.recipe))
        self._tell_trouble(job)
        if job.ahead:
            self._read_ahead(job)
        for recipes in order.rounds(job.done):
            self._wait_for_turn(job)
            job.cancel.check()
            engine = self._ready_engine()
            # The first pictures of an interrupted batch may be on the disk since the last run.
            first = job.done - job.done % order.batch
            pictures = self._unsaved.get((recipes, order.latents))
            if pictures is None:
                pictures = engine.generate(job.number, recipes, self._emit, job.cancel, order.latents)
            # Pictures that exist are kept, also when somebody cancels now.
            for place, (_, picture) in enumerate(zip(recipes, pictures, strict=True), first):
                if place >= job.done:
                    try:
                        self._keep(job, picture)
                    except OutputError as error:
                        # One that was stopped is not what the order asks for.
                        if picture.recipe.stop_after is not None:
                            raise
                        self._hold((recipes, order.latents), pictures)
                        raise OutputError(str(error), hint=f"{error.hint} {_HELD_HINT}".strip()) from error
            self._unsaved.pop((recipes, order.latents), None)
            engine.forget(recipes)

    def _read_ahead(self, job: QueuedJob) -> None:
        """Read the words of what comes next; what cannot be read is met again by its own picture."""
        try:
            engine = self._ready_engine()
            self._emit(PhaseStarted(job.number, Phase.ENCODE))
            engine.read_ahead(job.ahead, job.cancel)
        except JobCancelledError:
            raise
        except Exception:  # noqa: BLE001 - one bad prompt must not cost the others their pictures
            _log.warning("reading prompts ahead of time failed", exc_info=True)

    def _hold(self, batch: _Batch, pictures: tuple[Picture, ...]) -> None:
        """Keep pictures that the disk does not take, so that trying the job again only saves them."""
        self._unsaved[batch] = pictures
        while len(self._unsaved) > MOST_HELD:
            del self._unsaved[next(iter(self._unsaved))]

    def _keep(self, job: QueuedJob, picture: Picture) -> None:
        self._emit(PictureDrawn(job.number, picture))
        self._emit(PhaseStarted(job.number, Phase.SAVE))
        path = self._save(job.number, picture)
        job.done += 1
        if self._journal is not None and job.kept:
            self._journal.saved(job.number, picture.recipe.seed, path)
        self._emit(PictureSaved(job.number, path, picture))
        self._tell_trouble(job)

    def _tell_trouble(self, job: QueuedJob) -> None:
        trouble = None if self._journal is None else self._journal.take_trouble()
        if trouble is not None:
            self._emit(Notice(job.number, trouble))

    def _ready_engine(self) -> PictureEngine:
        if self._engine is None:
            self._engine = self._engine_factory()
        while self._unwanted:
            recipes = self._unwanted.popleft()
            self._engine.forget(recipes)
            for batch in [batch for batch in self._unsaved if batch[0] == recipes]:
                del self._unsaved[batch]
        return self._engine
