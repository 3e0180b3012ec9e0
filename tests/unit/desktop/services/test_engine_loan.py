import threading
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.picture import Picture
from sana_desktop.errors import JobCancelledError, RecipeError
from sana_desktop.services.generation import GenerationQueue
from support.fake_engine import FakeEngine
from support.recipes import recipe
from support.recording_listener import RecordingListener

SECONDS = 30.0
RECIPE = recipe()


def queue_with(engine: FakeEngine) -> GenerationQueue:
    def save(job: int, picture: Picture) -> Path:
        return Path("nowhere")

    return GenerationQueue(lambda: engine, save, RecordingListener())


def test_somebody_uses_the_engine_between_two_jobs_on_its_own_thread():
    engine = FakeEngine()
    with queue_with(engine) as queue:
        first = queue.submit(RECIPE)
        name = queue.lend(lambda lent, cancel: (lent is engine, threading.current_thread().name)).result(SECONDS)
        assert queue.wait(first, SECONDS)
        assert queue.wait(queue.submit(RECIPE.with_seed(9)), SECONDS)
    assert name == (True, "engine")


def test_what_goes_wrong_is_raised_where_it_is_waited_for_and_the_queue_goes_on():
    def fail(engine: PictureEngine, cancel: CancelToken) -> None:
        raise RecipeError("no recipe")

    with queue_with(FakeEngine()) as queue:
        with pytest.raises(RecipeError, match="no recipe"):
            queue.lend(fail).result(SECONDS)
        assert queue.wait(queue.submit(RECIPE), SECONDS)


def test_the_end_stops_who_has_the_engine_and_sends_the_others_away():
    begun = threading.Event()

    def hold(engine: PictureEngine, cancel: CancelToken) -> None:
        begun.set()
        assert cancel._event.wait(SECONDS)
        cancel.check()

    queue = queue_with(FakeEngine())
    held, waiting = queue.lend(hold), queue.lend(hold)
    assert begun.wait(SECONDS)
    queue.close()
    with pytest.raises(JobCancelledError):
        held.result(SECONDS)
    with pytest.raises(CancelledError):
        waiting.result(SECONDS)


def test_without_an_engine_nobody_gets_one():
    def no_engine() -> FakeEngine:
        raise RecipeError("no pack")

    queue = GenerationQueue(no_engine, lambda job, picture: Path("nowhere"), RecordingListener())
    with queue, pytest.raises(CancelledError):
        queue.lend(lambda engine, cancel: None).result(SECONDS)


def test_what_was_cancelled_before_its_turn_is_not_begun():
    cancel = CancelToken()
    cancel.cancel()
    with queue_with(FakeEngine()) as queue, pytest.raises(JobCancelledError):
        queue.lend(lambda engine, token: None, cancel).result(SECONDS)
