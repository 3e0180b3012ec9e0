"""What a queue has accepted outlives the program: jobs, their order, and which of their pictures exist."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.domain.cancel import Stop
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import JobQueued, JobStarted, PictureSaved
from sana_desktop.domain.job import JobState
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import BugError, OutputError
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.queue_journal import QueueJournal
from sana_desktop.services.saving import PictureSaver, plan_output
from support.fake_engine import FakeEngine, fake_picture
from support.held_engine import Held
from support.recipes import recipe
from support.recording_listener import RecordingListener

RECIPE = recipe(size=Size(32, 32), steps=2, seed=7)
SECONDS = 30.0

Save = Callable[[int, Picture], Path]


class Program:
    """One run of the program in a folder, from its start to its end."""

    def __init__(
        self, queue: GenerationQueue, listener: RecordingListener, engine: FakeEngine, journal: QueueJournal
    ) -> None:
        self.queue = queue
        self.listener = listener
        self.engine = engine
        self.journal = journal

    def saved(self) -> list[int]:
        return [event.picture.recipe.seed for event in self.listener.of(PictureSaved)]


@contextmanager
def program(folder: Path, engine: FakeEngine | None = None, save: Save | None = None) -> Generator[Program]:
    fake, listener = engine or FakeEngine(), RecordingListener()

    def make() -> PictureEngine:
        return fake

    with QueueJournal(folder / "queue.sqlite") as journal:
        saver = save or PictureSaver(plan_output(None, folder / "pictures"), announce=journal.announce)
        with GenerationQueue(make, saver, listener, journal) as queue:
            yield Program(queue, listener, fake, journal)


def let_go_when_asked_to_stop(held: Held, engine: FakeEngine) -> None:
    assert engine.cancel._event.wait(SECONDS)
    held.let_go()


def seeds_on_disk(folder: Path) -> list[int]:
    return sorted(read_recipe(path).seed for path in (folder / "pictures").rglob("*.png"))


def test_waiting_jobs_come_back_in_their_order_and_wait_for_a_word(tmp_path: Path) -> None:
    with program(tmp_path) as first:
        first.queue.pause()
        for prompt in ("one", "two", "three"):
            first.queue.submit(replace(RECIPE, prompt=prompt), count=2)
        first.queue.move(3, 1)
        first.queue.cancel(2)

    with program(tmp_path) as second:
        assert second.queue.restore() == (3, 1)
        assert second.queue.paused
        assert second.listener.changes() == ["queued 3", "queued 1", "paused (3, 1)"]
        assert [event.order.recipe.prompt for event in second.listener.of(JobQueued)] == ["three", "one"]
        # Numbers are not given twice.
        assert second.queue.submit(RECIPE) == 4
        assert not second.engine.batches
        second.queue.resume()
        assert second.queue.wait_all(SECONDS)

    assert [event.job for event in second.listener.of(JobStarted)] == [3, 1, 4]
    with program(tmp_path) as third:
        assert third.queue.restore() == ()
        assert not third.queue.paused
        assert third.listener.events == []


def test_the_running_job_is_suspended_with_what_it_has_and_goes_on_first(tmp_path: Path) -> None:
    held = Held()
    engine = FakeEngine(on_step=lambda step: held.on_step(step) if len(engine.batches) == 2 else None)
    with program(tmp_path, engine) as first:
        running = first.queue.submit(RECIPE, count=5, batch=2)
        waiting = first.queue.submit(RECIPE.with_seed(50))
        held.until_held()
        first.queue.submit(RECIPE.with_seed(60), first=True)
        # `close` asks the job to stop before it waits for the thread.
        letting_go = threading.Thread(target=let_go_when_asked_to_stop, args=(held, engine))
        letting_go.start()
        first.queue.close()
        letting_go.join()
        assert first.queue.state(running) is JobState.QUEUED
        # It has not ended, and whoever waits for that is not kept waiting.
        assert not first.queue.wait(running, SECONDS)
        assert not first.queue.wait_all(SECONDS)

    assert [[one.seed for one in batch] for batch in engine.suspended] == [[9, 10]]
    assert not [change for change in first.listener.changes() if change.startswith("ended")]
    assert first.saved() == [7, 8]

    with program(tmp_path) as second:
        assert second.queue.restore() == (running, 3, waiting)
        assert [event.done for event in second.listener.of(JobQueued)] == [2, 0, 0]
        second.queue.resume()
        assert second.queue.wait_all(SECONDS)

    assert second.saved() == [9, 10, 11, 60, 50]
    assert seeds_on_disk(tmp_path) == [7, 8, 9, 10, 11, 50, 60]


def test_a_picture_that_was_written_but_not_noted_is_not_drawn_again(tmp_path: Path) -> None:
    with program(tmp_path) as first:
        first.queue.pause()
        job = first.queue.submit(RECIPE, count=3)
        save = PictureSaver(plan_output(None, tmp_path / "pictures"), announce=first.journal.announce)
        # What happens up to the moment between the second file and its row.
        first.journal.saved(job, 7, save(job, fake_picture(RECIPE)))
        save(job, fake_picture(RECIPE.with_seed(8)))

    for _ in range(2):
        with program(tmp_path) as again:
            again.queue.restore()
            assert [event.done for event in again.listener.of(JobQueued)] == [2]
    with program(tmp_path) as last:
        last.queue.restore()
        last.queue.resume()
        assert last.queue.wait_all(SECONDS)

    assert last.saved() == [9]
    assert seeds_on_disk(tmp_path) == [7, 8, 9]


def test_a_job_that_has_all_its_pictures_does_not_come_back(tmp_path: Path) -> None:
    with program(tmp_path) as first:
        first.queue.pause()
        job = first.queue.submit(RECIPE)
        first.journal.saved(job, 7, tmp_path / "a.png")

    for _ in range(2):
        with program(tmp_path) as second:
            assert second.queue.restore() == ()
            assert not second.queue.paused
            # Its row is gone, too.
            assert second.journal.load() == ()


@pytest.mark.parametrize("stop", [Stop.DISCARD, Stop.KEEP])
def test_jobs_that_ended_do_not_come_back(tmp_path: Path, stop: Stop) -> None:
    def save(job: int, picture: Picture) -> Path:
        if job == 2:
            raise OutputError("The disk is full.")
        return tmp_path / "a.png"

    engine = FakeEngine(on_step=lambda step: first.queue.cancel(3, stop) if len(engine.batches) == 3 else None)
    with program(tmp_path, engine, save) as first:
        first.queue.pause()
        for _ in range(4):
            first.queue.submit(RECIPE)
        first.queue.cancel(4)
        first.queue.resume()
        assert first.queue.wait_all(SECONDS)
        assert [first.queue.state(job) for job in (1, 2)] == [JobState.FINISHED, JobState.FAILED]

    with program(tmp_path) as second:
        assert second.queue.restore() == ()


def test_a_retried_job_comes_back_with_the_pictures_that_it_lacks(tmp_path: Path) -> None:
    def save(job: int, picture: Picture) -> Path:
        if picture.recipe.seed == 8:
            raise OutputError("The disk is full.")
        return tmp_path / "a.png"

    with program(tmp_path, save=save) as first:
        job = first.queue.submit(RECIPE, count=3)
        assert first.queue.wait(job, SECONDS)
        first.queue.pause()
        again = first.queue.retry(job)

    with program(tmp_path) as second:
        assert second.queue.restore() == (again,)
        (queued,) = second.listener.of(JobQueued)
    assert (queued.order.recipe.seed, queued.order.count, queued.done) == (8, 2, 0)


def test_what_fails_while_the_program_ends_is_tried_again_at_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    held = Held()

    def fail(step: int) -> None:
        held.on_step(step)
        raise OutputError("The disk is full.")

    with program(tmp_path, FakeEngine(on_step=fail)) as first:
        job = first.queue.submit(RECIPE)
        held.until_held()
        letting_go = threading.Thread(target=let_go_when_asked_to_stop, args=(held, first.engine))
        letting_go.start()
        first.queue.close()
        letting_go.join()

    assert "The disk is full." in caplog.text
    with program(tmp_path) as second:
        assert second.queue.restore() == (job,)


def test_what_the_engine_kept_of_a_job_that_came_back_is_forgotten_when_it_is_cancelled(tmp_path: Path) -> None:
    with program(tmp_path) as first:
        first.queue.pause()
        first.queue.submit(RECIPE, count=5, batch=2)
        first.queue.submit(RECIPE.with_seed(50))
        for seed in (7, 8):
            first.journal.saved(1, seed, tmp_path / "a.png")

    with program(tmp_path) as second:
        second.queue.restore()
        second.queue.cancel(1)
        second.queue.resume()
        assert second.queue.wait_all(SECONDS)
    assert [[one.seed for one in batch] for batch in second.engine.forgotten] == [[9, 10], [50]]


def test_what_was_submitted_before_the_others_came_back_comes_after_them(tmp_path: Path) -> None:
    with program(tmp_path) as first:
        first.queue.pause()
        first.queue.submit(RECIPE)

    with program(tmp_path) as second:
        second.queue.pause()
        second.queue.submit(RECIPE, first=True)
        second.queue.restore()
        assert second.listener.changes()[-1] == "paused (1, 2)"
    with program(tmp_path) as third:
        assert third.queue.restore() == (1, 2)
        # What is there is not brought back again.
        assert third.queue.restore() == ()
        third.queue.cancel_all()
    with program(tmp_path) as fourth:
        assert fourth.queue.restore() == ()


def test_a_queue_without_a_journal_has_nothing_to_bring_back() -> None:
    listener = RecordingListener()
    with GenerationQueue(FakeEngine, lambda job, picture: Path("a.png"), listener) as queue:
        assert queue.restore() == ()
    assert listener.events == []


def test_nothing_comes_back_to_a_closed_queue(tmp_path: Path) -> None:
    with program(tmp_path) as first:
        first.queue.close()
        with pytest.raises(BugError, match="closed queue"):
            first.queue.restore()
