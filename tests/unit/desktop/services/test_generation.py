import logging
import queue as queues
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sana_desktop.domain.cancel import CancelToken, Stop
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import (
    Event,
    JobCancelled,
    JobFinished,
    JobQueued,
    JobStarted,
    Phase,
    PictureSaved,
    QueueChanged,
    StepDone,
)
from sana_desktop.domain.job import JobState
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import BugError, OutputError, RecipeError
from sana_desktop.services.generation import GenerationQueue
from support.fake_engine import FakeEngine
from support.held_engine import Held
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


@contextmanager
def held_queue(listener: RecordingListener) -> Generator[tuple[GenerationQueue, Held]]:
    """A queue whose job 1 is being drawn until `let_go`, which happens at the end at the latest."""
    held = Held()
    with queue_with(held.engine, listener) as queue:
        try:
            queue.submit(RECIPE)
            held.until_held()
            yield queue, held
        finally:
            held.let_go()
        assert queue.wait_all(SECONDS)


def test_a_job_tells_its_whole_story_in_order():
    listener = RecordingListener()
    with queue_with(FakeEngine(), listener) as queue:
        job = queue.submit(RECIPE)
        assert queue.wait(job, SECONDS)
        assert queue.state(job) is JobState.FINISHED

    assert listener.story() == [
        "JobQueued", "JobStarted", "load", "encode", "sample", "1/2", "2/2", "decode", "PictureDrawn", "save",
        "PictureSaved", "JobFinished",
    ]  # fmt: skip
    assert listener.of(JobStarted)[0].recipe == RECIPE


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
    assert [event.job for event in listener.of(PictureSaved)] == [1, 2]
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

    assert listener.story() == ["JobQueued", "JobStarted", "load", "encode", "sample", "JobCancelled"]
    assert listener.of(JobCancelled)[0].latency > 0


def test_a_waiting_job_is_cancelled_at_once_and_never_starts():
    listener = RecordingListener()
    with held_queue(listener) as (queue, _):
        second = queue.submit(RECIPE)
        queue.cancel(second)
        assert queue.state(second) is JobState.CANCELLED
        assert queue.state(1) is JobState.RUNNING

    assert listener.story(second) == ["JobQueued", "JobCancelled"]
    assert listener.story(1)[-1] == "JobFinished"


def test_cancelling_what_has_ended_changes_nothing():
    listener = RecordingListener()
    with queue_with(FakeEngine(), listener) as queue:
        job = queue.submit(RECIPE)
        assert queue.wait(job, SECONDS)
        queue.cancel(job)
        assert queue.state(job) is JobState.FINISHED

    assert not listener.of(JobCancelled)


def test_closing_cancels_everything_and_leaves_no_thread():
    listener, held = RecordingListener(), Held()
    queue = queue_with(held.engine, listener)
    jobs = [queue.submit(RECIPE) for _ in range(3)]
    held.until_held()
    closing = threading.Thread(target=queue.close)
    closing.start()
    assert queue.wait(jobs[2], SECONDS)
    held.let_go()
    closing.join(SECONDS)

    assert not closing.is_alive()
    assert held.engine.closed
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


def test_the_queue_tells_of_every_change_before_it_takes_effect():
    listener = RecordingListener()
    with held_queue(listener) as (queue, _):
        second = queue.submit(RECIPE)
        third = queue.submit(RECIPE, first=True)
        queue.cancel(second)

    assert third == 3
    assert listener.changes() == [
        "queued 1", "waiting (1,)", "waiting ()", "started 1",
        "queued 2", "waiting (2,)",
        "queued 3", "waiting (3, 2)",
        "ended 2", "waiting (3,)",
        "ended 1", "waiting ()", "started 3", "ended 3",
    ]  # fmt: skip


def test_jobs_that_are_cancelled_together_are_one_change():
    listener = RecordingListener()
    with held_queue(listener) as (queue, _):
        queue.submit(RECIPE)
        queue.submit(RECIPE)
        queue.cancel_all()
        assert listener.changes()[-3:] == ["ended 2", "ended 3", "waiting ()"]

    assert listener.changes()[-1] == "ended 1"


@pytest.mark.parametrize(
    ("job", "before", "order"),
    [
        (4, 2, "(4, 2, 3)"),
        (2, None, "(3, 4, 2)"),
        (2, 4, "(3, 2, 4)"),
        (3, 2, "(3, 2, 4)"),
        # The first one is being drawn: before it means next.
        (4, 1, "(4, 2, 3)"),
    ],
)
def test_a_waiting_job_is_moved(job: int, before: int | None, order: str):
    listener = RecordingListener()
    with held_queue(listener) as (queue, _):
        for _ in range(3):
            queue.submit(RECIPE)
        queue.move(job, before)
        assert listener.changes()[-1] == f"waiting {order}"

    started = [event.job for event in listener.of(JobStarted)]
    assert str(tuple(started[1:])) == order


def test_a_job_that_does_not_wait_is_not_moved():
    listener = RecordingListener()
    with held_queue(listener) as (queue, _):
        second = queue.submit(RECIPE)
        before = listener.changes()
        queue.move(1, None)
        queue.move(second, second)
        assert listener.changes() == before
        with pytest.raises(KeyError):
            queue.move(second, 99)


def test_a_pause_lets_the_running_batch_finish_and_nothing_begin_until_it_ends():
    listener = RecordingListener()
    first_saved = threading.Event()
    begun_while_paused: list[bool] = []

    def on_phase(phase: Phase) -> None:
        if phase is Phase.LOAD:
            begun_while_paused.append(queue.paused)

    def save(job: int, picture: Picture) -> Path:
        first_saved.set()
        return keep_nothing(job, picture)

    held = Held()
    queue = queue_with(FakeEngine(on_phase=on_phase, on_step=held.on_step), listener, save)
    with queue:
        job = queue.submit(RECIPE, count=3)
        other = queue.submit(RECIPE)
        held.until_held()
        queue.pause()
        held.let_go()
        assert first_saved.wait(SECONDS)
        assert queue.state(job) is JobState.RUNNING
        queue.resume()
        assert queue.wait_all(SECONDS)

    assert begun_while_paused == [False] * 4
    # The interrupted job went on before the other one began.
    assert [event.job for event in listener.of(PictureSaved)] == [job, job, job, other]
    assert [event for event in listener.changes() if "paused" in event] == ["paused (2,)"]


def test_nothing_begins_in_a_paused_queue_and_no_thread_either():
    listener = RecordingListener()
    before = threading.active_count()
    with queue_with(FakeEngine(), listener) as queue:
        queue.pause()
        queue.pause()
        job = queue.submit(RECIPE)
        assert threading.active_count() == before
        assert queue.paused
        queue.resume()
        assert queue.wait(job, SECONDS)

    assert listener.changes() == [
        "paused ()", "queued 1", "paused (1,)", "waiting (1,)", "waiting ()", "started 1", "ended 1",
    ]  # fmt: skip


@pytest.mark.parametrize(("stop", "end"), [(Stop.DISCARD, JobState.CANCELLED), (Stop.KEEP, JobState.FINISHED)])
def test_a_job_that_is_paused_between_two_batches_can_be_stopped(stop: Stop, end: JobState):
    saved = threading.Event()

    def save(job: int, picture: Picture) -> Path:
        queue.pause()
        saved.set()
        return keep_nothing(job, picture)

    queue = queue_with(FakeEngine(), RecordingListener(), save)
    with queue:
        job = queue.submit(RECIPE, count=2)
        assert saved.wait(SECONDS)
        queue.cancel(job, stop)
        assert queue.wait(job, SECONDS)
        assert queue.state(job) is end


def test_a_running_job_may_be_kept_as_it_stands_and_a_waiting_one_has_nothing_to_keep():
    listener = RecordingListener()
    engine = FakeEngine(on_step=lambda step: queue.cancel(1, Stop.KEEP) if step == 2 else None)
    queue = queue_with(engine, listener)
    with queue:
        queue.pause()
        queue.submit(RECIPE)
        waiting = queue.submit(RECIPE)
        queue.cancel(waiting, Stop.KEEP)
        assert queue.state(waiting) is JobState.CANCELLED
        queue.resume()
        assert queue.wait(1, SECONDS)
        assert queue.state(1) is JobState.FINISHED

    assert [event.picture.recipe.stop_after for event in listener.of(PictureSaved)] == [1]


def test_only_the_end_of_the_program_suspends():
    with held_queue(RecordingListener()) as (queue, _), pytest.raises(BugError, match="end of the program"):
        queue.cancel(1, Stop.SUSPEND)


def test_what_a_failed_job_lacks_is_drawn_by_a_new_one():
    listener = RecordingListener()
    full = True

    def save(job: int, picture: Picture) -> Path:
        if full and picture.recipe.seed == 9:
            raise OutputError("The disk is full.")
        return keep_nothing(job, picture)

    engine = FakeEngine()
    with queue_with(engine, listener, save) as queue:
        job = queue.submit(RECIPE, count=5, batch=2)
        assert queue.wait(job, SECONDS)
        full = False
        again = queue.retry(job)
        assert queue.wait(again, SECONDS)

        assert [event.picture.recipe.seed for event in listener.of(PictureSaved)] == [7, 8, 9, 10, 11]
        assert [event.picture.recipe.seed for event in listener.of(PictureSaved, again)] == [9, 10, 11]
        assert listener.of(JobQueued, again)[0].order.count == 3
        # The batch that was drawn and not saved is still in memory.
        assert [[recipe.seed for recipe in batch] for batch in engine.batches] == [[7, 8], [9, 10], [11]]
        for finished in (again, queue.submit(RECIPE)):
            assert queue.wait(finished, SECONDS)
            with pytest.raises(BugError, match="cannot be tried again"):
                queue.retry(finished)


def test_the_listener_may_call_the_queue():
    listener = RecordingListener()

    def listen(event: Event) -> None:
        listener(event)
        if isinstance(event, QueueChanged) and len(listener.of(JobQueued)) < 3:
            queue.submit(RECIPE)

    queue = queue_with(FakeEngine(), listen)
    with queue:
        queue.submit(RECIPE)
        assert queue.wait_all(SECONDS)

    assert [event.job for event in listener.of(JobFinished)] == [1, 2, 3]


def test_an_idle_engine_loads_ahead_without_a_word():
    listener = RecordingListener()
    loaded = threading.Event()
    engine = FakeEngine(on_prepare=lambda cancel: loaded.set())
    with queue_with(engine, listener) as queue:
        queue.prepare(RECIPE)
        assert loaded.wait(SECONDS)

    assert engine.prepared == [RECIPE]
    assert engine.closed
    assert listener.events == []


def test_a_job_takes_over_from_the_loading_at_once():
    loading = threading.Event()
    stopped: list[bool] = []

    def on_prepare(cancel: CancelToken) -> None:
        loading.set()
        stopped.append(cancel._event.wait(SECONDS))

    engine = FakeEngine(on_prepare=on_prepare)
    with queue_with(engine, RecordingListener()) as queue:
        queue.prepare(RECIPE)
        assert loading.wait(SECONDS)
        assert queue.wait(queue.submit(RECIPE), SECONDS)

    assert stopped == [True]
    assert len(engine.batches) == 1


def test_another_wish_or_the_end_stops_the_loading():
    loading: queues.SimpleQueue[int] = queues.SimpleQueue()
    stopped: list[bool] = []

    def on_prepare(cancel: CancelToken) -> None:
        loading.put(len(engine.prepared))
        stopped.append(cancel._event.wait(SECONDS))

    engine = FakeEngine(on_prepare=on_prepare)
    with queue_with(engine, RecordingListener()) as queue:
        queue.prepare(RECIPE)
        assert loading.get(timeout=SECONDS) == 1
        queue.prepare(RECIPE.with_seed(8))
        assert loading.get(timeout=SECONDS) == 2

    assert stopped == [True, True]
    assert [recipe.seed for recipe in engine.prepared] == [7, 8]


def test_nothing_is_loaded_ahead_while_something_is_drawn():
    with held_queue(RecordingListener()) as (queue, held):
        queue.prepare(RECIPE)
        held.let_go()
        assert queue.wait_all(SECONDS)

    assert held.engine.prepared == []
