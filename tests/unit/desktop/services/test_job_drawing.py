import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from sana_desktop.domain.cancel import CancelToken, Stop
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import JobCancelled, JobFailed, JobFinished, LastEvent, Notice, Phase, PictureSaved
from sana_desktop.domain.job import Order
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import BugError, MachineError, OutputError, RecipeError
from sana_desktop.services.job_drawing import MOST_HELD, JobDrawing
from sana_desktop.services.queued_job import QueuedJob
from support.fake_engine import FakeEngine
from support.recording_listener import RecordingListener

RECIPE = Recipe(prompt="a", size=Size(32, 32), steps=3, guidance=1.0, seed=7, solver=Solver.FLOW_DPM, pack="paper")


def keep_nothing(job: int, picture: Picture) -> Path:
    return Path(f"{job}-{picture.recipe.seed}.png")


class Desk:
    """One job drawn on this thread, and what came of it."""

    def __init__(self, engine: PictureEngine, save: Callable[[int, Picture], Path] = keep_nothing) -> None:
        self.listener = RecordingListener()
        self.turns = 0
        self.drawing = JobDrawing(lambda: engine, save, self.listener, self._on_turn, None)

    def _on_turn(self, job: QueuedJob) -> None:
        self.turns += 1

    def draw(self, *, count: int = 1, batch: int = 1, done: int = 0, job: QueuedJob | None = None) -> LastEvent:
        self.job = job or QueuedJob(1, Order(recipe=RECIPE, count=count, batch=batch), done)
        return self.drawing.draw(self.job)

    def saved(self) -> list[int]:
        return [event.picture.recipe.seed for event in self.listener.of(PictureSaved)]


def raise_in(moment: Phase, error: BaseException) -> Callable[[Phase], None]:
    def on_phase(phase: Phase) -> None:
        if phase is moment:
            raise error

    return on_phase


def test_a_job_tells_its_whole_story_and_returns_its_end():
    desk = Desk(FakeEngine())

    assert desk.draw() == JobFinished(1)
    assert desk.listener.story() == [
        "JobStarted", "load", "encode", "sample", "1/3", "2/3", "3/3", "decode", "PictureDrawn", "save",
        "PictureSaved",
    ]  # fmt: skip


def test_many_pictures_are_drawn_in_batches_that_each_wait_for_their_turn():
    engine = FakeEngine()
    desk = Desk(engine)
    desk.draw(count=5, batch=2)

    assert [[recipe.seed for recipe in batch] for batch in engine.batches] == [[7, 8], [9, 10], [11]]
    assert desk.saved() == [7, 8, 9, 10, 11]
    assert desk.turns == 3
    assert desk.job.done == 5


def test_what_is_on_the_disk_already_is_not_saved_again():
    engine = FakeEngine()
    desk = Desk(engine)

    assert desk.draw(count=5, batch=2, done=3) == JobFinished(1)
    # The interrupted batch is drawn as a whole: the engine finds its work only so.
    assert [[recipe.seed for recipe in batch] for batch in engine.batches] == [[9, 10], [11]]
    assert desk.saved() == [10, 11]


def test_the_engine_may_forget_a_batch_when_all_its_pictures_are_on_the_disk():
    engine = FakeEngine()
    forgotten_before_saving: list[int] = []

    def save(job: int, picture: Picture) -> Path:
        forgotten_before_saving.append(len(engine.forgotten))
        return keep_nothing(job, picture)

    Desk(engine, save).draw(count=3, batch=2)

    assert engine.forgotten == engine.batches
    assert forgotten_before_saving == [0, 0, 1]


def test_a_batch_that_was_not_saved_whole_is_not_forgotten():
    def save(job: int, picture: Picture) -> Path:
        if picture.recipe.seed == 8:
            raise OutputError("The disk is full.")
        return keep_nothing(job, picture)

    engine = FakeEngine()
    desk = Desk(engine, save)

    assert isinstance(desk.draw(count=2, batch=2), JobFailed)
    assert (desk.saved(), desk.job.done, engine.forgotten) == ([7], 1, [])


def test_a_job_that_is_stopped_to_be_kept_ends_with_its_picture_as_it_stands():
    engine = FakeEngine(on_step=lambda step: engine.cancel.cancel(Stop.KEEP) if step == 3 else None)
    desk = Desk(engine)

    assert desk.draw(count=3) == JobFinished(1)
    (saved,) = desk.listener.of(PictureSaved)
    assert saved.picture.recipe.stop_after == 2
    # The rounds that are left are dropped.
    assert len(engine.batches) == 1


def test_keeping_before_there_is_anything_is_cancelling():
    engine = FakeEngine(on_step=lambda step: engine.cancel.cancel(Stop.KEEP))
    desk = Desk(engine)

    assert isinstance(desk.draw(count=2), JobCancelled)
    assert desk.saved() == []


def test_keeping_early_in_a_later_picture_keeps_those_before():
    engine = FakeEngine(on_step=lambda step: engine.cancel.cancel(Stop.KEEP) if len(engine.batches) == 2 else None)
    desk = Desk(engine)

    assert desk.draw(count=3) == JobFinished(1)
    assert desk.saved() == [7]


def test_pictures_that_exist_are_saved_before_a_cancelled_job_ends():
    job = QueuedJob(1, Order(recipe=RECIPE, count=3, batch=2))

    def save(number: int, picture: Picture) -> Path:
        job.cancel.cancel()
        return keep_nothing(number, picture)

    engine = FakeEngine()
    desk = Desk(engine, save)

    assert isinstance(desk.draw(job=job), JobCancelled)
    assert desk.saved() == [7, 8]
    # The engine is not even asked for the rest.
    assert len(engine.batches) == 1


@pytest.mark.parametrize("moment", [Phase.LOAD, Phase.SAMPLE, Phase.DECODE])
def test_an_error_of_the_user_stays_as_it_is(moment: Phase):
    error = RecipeError("Width 1.", hint="Draw more.")

    assert Desk(FakeEngine(on_phase=raise_in(moment, error))).draw() == JobFailed(1, error)


def test_an_unexpected_error_becomes_a_bug_with_its_traceback():
    end = Desk(FakeEngine(on_phase=raise_in(Phase.SAMPLE, ZeroDivisionError("division by zero")))).draw()

    assert isinstance(end, JobFailed)
    assert isinstance(end.error, BugError)
    assert str(end.error) == "ZeroDivisionError: division by zero"
    assert "in on_phase" in end.error.details


def test_full_memory_is_not_a_bug():
    end = Desk(FakeEngine(on_phase=raise_in(Phase.DECODE, MemoryError()))).draw()

    assert isinstance(end, JobFailed)
    assert isinstance(end.error, MachineError)


def test_an_engine_that_returns_too_few_pictures_is_a_bug():
    class Lazy(FakeEngine):
        def generate(self, *args: object, **options: object) -> tuple[Picture, ...]:
            return ()

    end = Desk(Lazy()).draw()

    assert isinstance(end, JobFailed)
    assert isinstance(end.error, BugError)


def test_an_engine_that_could_not_be_made_is_tried_again_by_the_next_job():
    attempts: list[int] = []

    def make() -> FakeEngine:
        attempts.append(1)
        if len(attempts) == 1:
            raise MachineError("No memory.")
        return FakeEngine()

    drawing = JobDrawing(make, keep_nothing, RecordingListener(), lambda job: None, None)

    assert isinstance(drawing.draw(QueuedJob(1, Order(recipe=RECIPE))), JobFailed)
    assert drawing.draw(QueuedJob(2, Order(recipe=RECIPE))) == JobFinished(2)


def test_loading_ahead_tells_nobody_and_its_errors_go_to_the_log(caplog: pytest.LogCaptureFixture):
    def refuse(cancel: CancelToken) -> None:
        raise MachineError("No memory.")

    engine = FakeEngine(on_prepare=refuse)
    desk = Desk(engine)
    with caplog.at_level(logging.WARNING):
        desk.drawing.prepare(RECIPE, CancelToken())

    assert engine.prepared == [RECIPE]
    assert desk.listener.events == []
    assert "No memory." in caplog.text


def test_loading_ahead_that_is_cancelled_is_not_worth_a_word(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        Desk(FakeEngine(on_prepare=CancelToken.cancel)).drawing.prepare(RECIPE, CancelToken())

    assert caplog.text == ""


def test_what_nobody_wants_is_forgotten_when_the_engine_does_something_next():
    engine = FakeEngine()
    desk = Desk(engine)
    desk.drawing.drop((RECIPE,))
    desk.drawing.close()
    # No engine is made for this alone.
    assert (engine.forgotten, engine.closed) == ([], False)

    desk.drawing.prepare(RECIPE, CancelToken())
    assert engine.forgotten == [(RECIPE,)]

    desk.drawing.drop((RECIPE.with_seed(8),))
    desk.drawing.close()
    assert (engine.forgotten[1:], engine.closed) == ([(RECIPE.with_seed(8),)], True)


def test_the_listener_hears_once_that_the_queue_cannot_be_remembered():
    class Full:
        """A journal whose disk is full."""

        def __init__(self) -> None:
            self.troubles = ["The disk is full."]

        def saved(self, job: int, seed: int, path: Path) -> None:
            pass

        def take_trouble(self) -> str | None:
            return self.troubles.pop() if self.troubles else None

    listener = RecordingListener()
    journal = Full()
    drawing = JobDrawing(FakeEngine, keep_nothing, listener, lambda job: None, journal)  # pyright: ignore[reportArgumentType]
    drawing.draw(QueuedJob(1, Order(recipe=RECIPE, count=2)))

    assert listener.of(Notice) == [Notice(1, "The disk is full.")]


def test_pictures_that_the_disk_does_not_take_stay_in_memory_and_are_saved_by_the_next_try():
    engine, full, saved = FakeEngine(), True, list[Picture]()

    def save(job: int, picture: Picture) -> Path:
        if full:
            raise OutputError("No picture can be written: No space left on device.", hint="Free some space.")
        saved.append(picture)
        return keep_nothing(job, picture)

    desk = Desk(engine, save)
    failed = desk.draw(count=2, batch=2)
    assert isinstance(failed, JobFailed)
    assert isinstance(failed.error, OutputError)
    assert failed.error.hint == "Free some space. The picture is kept in memory: try again, and it is only saved."
    assert engine.forgotten == []

    full = False
    assert desk.draw(count=2, batch=2) == JobFinished(1)
    assert [picture.recipe.seed for picture in saved] == [7, 8]
    assert len(engine.batches) == 1
    # Afterwards it is an order like any other.
    desk.draw(count=2, batch=2)
    assert len(engine.batches) == 2


def test_only_some_pictures_are_held_in_memory_and_none_that_nobody_wants():
    engine, full = FakeEngine(), True

    def save(job: int, picture: Picture) -> Path:
        if full:
            raise OutputError("full")
        return keep_nothing(job, picture)

    desk = Desk(engine, save)
    recipes = [RECIPE.with_seed(seed) for seed in range(MOST_HELD + 1)]
    for recipe in recipes:
        desk.draw(job=QueuedJob(1, Order(recipe=recipe)))
    desk.drawing.drop((recipes[-1],))
    full = False
    for recipe in recipes:
        desk.draw(job=QueuedJob(2, Order(recipe=recipe)))

    again = [batch[0].seed for batch in engine.batches[len(recipes) :]]
    assert again == [0, MOST_HELD]
