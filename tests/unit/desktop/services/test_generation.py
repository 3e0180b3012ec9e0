import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import (
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobStarted,
    Phase,
    PictureSaved,
    StepDone,
)
from sana_desktop.domain.job import JobState
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import BugError, MachineError, OutputError, RecipeError
from sana_desktop.services.generation import GenerationQueue
from support.fake_engine import FakeEngine
from support.recording_listener import RecordingListener

RECIPE = Recipe(prompt="a", size=Size(32, 32), steps=2, guidance=1.0, seed=7, solver=Solver.FLOW_DPM, pack="paper")
SECONDS = 30.0


def keep_nothing(job: int, picture: Picture) -> Path:
    return Path(f"{job}-{picture.recipe.seed}.png")


def queue_with(
    engine: PictureEngine,
    listener: Callable[[Event], None],
    save: Callable[[int, Picture], Path] = keep_nothing,
) -> GenerationQueue:
    return GenerationQueue(lambda: engine, save, listener)


def raise_in(moment: Phase, error: BaseException) -> Callable[[Phase], None]:
    def on_phase(phase: Phase) -> None:
        if phase is moment:
            raise error

    return on_phase


def test_a_job_tells_its_whole_story_in_order():
    listener = RecordingListener()
    with queue_with(FakeEngine(), listener) as queue:
        job = queue.submit(RECIPE)
        assert queue.wait(job, SECONDS)
        assert queue.state(job) is JobState.FINISHED

    assert listener.story() == [
        "JobStarted", "load", "encode", "sample", "1/2", "2/2", "decode", "PictureDrawn", "save", "PictureSaved",
        "JobFinished",
    ]  # fmt: skip
    assert listener.of(JobStarted)[0].recipe == RECIPE


def test_many_pictures_are_drawn_in_batches_with_seeds_that_count_up():
    engine, listener = FakeEngine(), RecordingListener()
    with queue_with(engine, listener) as queue:
        assert queue.wait(queue.submit(RECIPE, count=5, batch=2), SECONDS)

    assert [[recipe.seed for recipe in batch] for batch in engine.batches] == [[7, 8], [9, 10], [11]]
    assert [event.path.name for event in listener.of(PictureSaved)] == [f"1-{seed}.png" for seed in range(7, 12)]


def test_jobs_run_one_after_the_other_on_one_engine_made_on_its_own_thread():
    threads: list[threading.Thread] = []
    engine, listener = FakeEngine(), RecordingListener()

    def make() -> FakeEngine:
        threads.append(threading.current_thread())
        return engine

    with GenerationQueue(make, keep_nothing, listener) as queue:
        assert not threads
        first, second = queue.submit(RECIPE), queue.submit(RECIPE)
        assert queue.wait_all(SECONDS)

    assert [thread.name for thread in threads] == ["engine"]
    assert engine.closed
    assert [event.job for event in listener.events] == sorted(event.job for event in listener.events)
    assert (first, second) == (1, 2)


def test_an_unused_queue_makes_neither_thread_nor_engine():
    def refuse() -> FakeEngine:
        raise AssertionError("nobody asked for a picture")

    before = threading.active_count()
    with GenerationQueue(refuse, keep_nothing, RecordingListener()):
        assert threading.active_count() == before


def test_a_running_job_stops_at_the_next_check_and_saves_nothing():
    listener = RecordingListener()
    queue = queue_with(FakeEngine(on_step=lambda step: queue.cancel(1)), listener)
    with queue:
        job = queue.submit(RECIPE, count=3)
        assert queue.wait(job, SECONDS)
        assert queue.state(job) is JobState.CANCELLED

    assert listener.story() == ["JobStarted", "load", "encode", "sample", "JobCancelled"]
    assert listener.of(JobCancelled)[0].latency > 0


def test_pictures_that_exist_are_saved_before_a_cancelled_job_ends():
    listener = RecordingListener()

    def save(job: int, picture: Picture) -> Path:
        queue.cancel(job)
        return keep_nothing(job, picture)

    engine = FakeEngine()
    queue = queue_with(engine, listener, save)
    with queue:
        assert queue.wait(queue.submit(RECIPE, count=3, batch=2), SECONDS)

    assert [event.picture.recipe.seed for event in listener.of(PictureSaved)] == [7, 8]
    # The engine is not even asked for the rest.
    assert len(engine.batches) == 1
    assert listener.story()[-1] == "JobCancelled"


def test_a_waiting_job_is_cancelled_at_once_and_never_starts():
    listener = RecordingListener()
    started, go_on = threading.Event(), threading.Event()

    def on_step(step: int) -> None:
        started.set()
        assert go_on.wait(SECONDS)

    with queue_with(FakeEngine(on_step=on_step), listener) as queue:
        first, second = queue.submit(RECIPE), queue.submit(RECIPE)
        assert started.wait(SECONDS)
        queue.cancel(second)
        assert queue.state(second) is JobState.CANCELLED
        assert queue.state(first) is JobState.RUNNING
        go_on.set()
        assert queue.wait(first, SECONDS)

    assert listener.story(second) == ["JobCancelled"]
    assert listener.story(first)[-1] == "JobFinished"


def test_cancelling_what_has_ended_changes_nothing():
    listener = RecordingListener()
    with queue_with(FakeEngine(), listener) as queue:
        job = queue.submit(RECIPE)
        assert queue.wait(job, SECONDS)
        queue.cancel(job)
        assert queue.state(job) is JobState.FINISHED

    assert not listener.of(JobCancelled)


def test_closing_cancels_everything_and_leaves_no_thread():
    listener = RecordingListener()
    started, go_on = threading.Event(), threading.Event()

    def on_step(step: int) -> None:
        started.set()
        assert go_on.wait(SECONDS)

    engine = FakeEngine(on_step=on_step)
    queue = queue_with(engine, listener)
    jobs = [queue.submit(RECIPE) for _ in range(3)]
    assert started.wait(SECONDS)
    closing = threading.Thread(target=queue.close)
    closing.start()
    assert queue.wait(jobs[2], SECONDS)
    go_on.set()
    closing.join(SECONDS)

    assert not closing.is_alive()
    assert engine.closed
    assert [queue.state(job) for job in jobs] == [JobState.CANCELLED] * 3
    assert sorted(event.job for event in listener.of(JobCancelled)) == jobs
    assert not [thread for thread in threading.enumerate() if thread.name == "engine"]
    queue.close()
    with pytest.raises(BugError, match="closed queue"):
        queue.submit(RECIPE)


def test_waiting_gives_up_after_its_timeout():
    go_on = threading.Event()

    def on_phase(phase: Phase) -> None:
        assert go_on.wait(SECONDS)

    with queue_with(FakeEngine(on_phase=on_phase), RecordingListener()) as queue:
        job = queue.submit(RECIPE)
        assert not queue.wait(job, 0)
        assert not queue.wait_all(0)
        go_on.set()
        assert queue.wait(job, SECONDS)


@pytest.mark.parametrize("moment", [Phase.LOAD, Phase.SAMPLE, Phase.DECODE])
def test_an_error_of_the_user_reaches_the_listener_as_it_is(moment: Phase):
    error = RecipeError("Width 1.", hint="Draw more.")
    listener = RecordingListener()
    with queue_with(FakeEngine(on_phase=raise_in(moment, error)), listener) as queue:
        job = queue.submit(RECIPE)
        assert queue.wait(job, SECONDS)
        assert queue.state(job) is JobState.FAILED

    assert listener.of(JobFailed)[0].error is error
    assert listener.events[-1] == JobFailed(job, error)


def test_an_unexpected_error_becomes_a_bug_with_its_traceback():
    listener = RecordingListener()
    engine = FakeEngine(on_phase=raise_in(Phase.SAMPLE, ZeroDivisionError("division by zero")))
    with queue_with(engine, listener) as queue:
        assert queue.wait(queue.submit(RECIPE), SECONDS)

    error = listener.of(JobFailed)[0].error
    assert isinstance(error, BugError)
    assert str(error) == "ZeroDivisionError: division by zero"
    assert "in on_phase" in error.details


def test_full_memory_is_not_a_bug():
    listener = RecordingListener()
    with queue_with(FakeEngine(on_phase=raise_in(Phase.DECODE, MemoryError())), listener) as queue:
        assert queue.wait(queue.submit(RECIPE), SECONDS)

    assert isinstance(listener.of(JobFailed)[0].error, MachineError)


def test_an_engine_that_returns_too_few_pictures_is_a_bug():
    class Lazy(FakeEngine):
        def generate(self, *args: object, **options: object) -> tuple[Picture, ...]:
            return ()

    listener = RecordingListener()
    with queue_with(Lazy(), listener) as queue:
        assert queue.wait(queue.submit(RECIPE), SECONDS)

    assert isinstance(listener.of(JobFailed)[0].error, BugError)


def test_a_picture_that_cannot_be_saved_ends_its_job_but_not_the_next():
    listener = RecordingListener()

    def save(job: int, picture: Picture) -> Path:
        if job == 1:
            raise OutputError("The disk is full.")
        return keep_nothing(job, picture)

    with queue_with(FakeEngine(), listener, save) as queue:
        queue.submit(RECIPE, count=2)
        queue.submit(RECIPE)
        assert queue.wait_all(SECONDS)

    assert listener.story(1)[-2:] == ["save", "JobFailed"]
    assert listener.story(2)[-1] == "JobFinished"


def test_an_engine_that_could_not_be_made_is_tried_again_by_the_next_job():
    attempts: list[int] = []

    def make() -> FakeEngine:
        attempts.append(1)
        if len(attempts) == 1:
            raise MachineError("No memory.")
        return FakeEngine()

    listener = RecordingListener()
    with GenerationQueue(make, keep_nothing, listener) as queue:
        queue.submit(RECIPE)
        queue.submit(RECIPE)
        assert queue.wait_all(SECONDS)

    assert listener.story(1) == ["JobStarted", "JobFailed"]
    assert listener.story(2)[-1] == "JobFinished"


def test_a_listener_that_fails_is_logged_and_disturbs_nothing(caplog: pytest.LogCaptureFixture):
    heard = RecordingListener()

    def listener(event: Event) -> None:
        heard(event)
        if isinstance(event, StepDone | JobFinished):
            raise RuntimeError("deaf")

    with caplog.at_level(logging.ERROR), queue_with(FakeEngine(), listener) as queue:
        first = queue.submit(RECIPE)
        assert queue.wait(first, SECONDS)
        assert queue.state(first) is JobState.FINISHED
        assert queue.wait(queue.submit(RECIPE), SECONDS)

    assert heard.story(2)[-1] == "JobFinished"
    assert "the listener failed on StepDone" in caplog.text


def test_whoever_waits_for_the_end_has_heard_everything_by_then():
    ended_too_early: list[bool] = []

    def listener(event: Event) -> None:
        if isinstance(event, JobFinished | JobCancelled):
            ended_too_early.append(queue.wait(event.job, 0))

    both_submitted = threading.Event()

    def cancel_the_second(step: int) -> None:
        assert both_submitted.wait(SECONDS)
        queue.cancel(2)

    queue = queue_with(FakeEngine(on_step=cancel_the_second), listener)
    with queue:
        queue.submit(RECIPE)
        queue.submit(RECIPE)
        both_submitted.set()
        assert queue.wait_all(SECONDS)

    assert ended_too_early == [False, False]


def test_what_cannot_be_drawn_is_refused_when_it_is_submitted():
    listener = RecordingListener()
    with queue_with(FakeEngine(), listener) as queue:
        with pytest.raises(RecipeError):
            queue.submit(RECIPE, count=0)
        assert queue.wait_all(0)

    assert not listener.events
