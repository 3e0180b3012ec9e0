from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sana_desktop.domain.events import Event, JobCancelled, JobFailed, JobFinished, Notice, PictureSaved
from sana_desktop.domain.job import JobState
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import BugError, KnownError, MachineError, OutputError, RecipeError
from sana_desktop.gallery.metadata import PictureKind
from sana_desktop.services.batch.cluster import MOST_LOSSES, ClusterJobs, Drawn, Lost, Said
from sana_desktop.services.batch.manifest import Manifest, RunHead, read_items
from sana_desktop.services.batch.prompt_list import Item
from sana_desktop.services.batch.running import BatchRun, RunEvent, Tally
from support.fake_engine import fake_picture
from support.recipes import recipe

Answer = Callable[[int, tuple[Recipe, ...]], Drawn | Lost]


def drawn(ticket: int, recipes: tuple[Recipe, ...]) -> Drawn:
    return Drawn(ticket, tuple(fake_picture(one) for one in recipes))


class PaperWorkers:
    """Draws paper; `answer` decides what becomes of a batch, `room` how many are taken, the last comes back first."""

    def __init__(self, answer: Answer = drawn, room: int = 4) -> None:
        self.answer = answer
        self.room = room
        self.taken: list[tuple[Recipe, ...]] = []
        self.held: deque[tuple[int, tuple[Recipe, ...]]] = deque()
        self.sayings: list[str] = []
        self.closed = False

    def free(self) -> int:
        return self.room - len(self.held)

    def hand_out(self, ticket: int, recipes: tuple[Recipe, ...]) -> None:
        assert self.free() > 0
        self.taken.append(recipes)
        self.held.append((ticket, recipes))

    def news(self, seconds: float) -> Sequence[Drawn | Lost | Said]:
        found: list[Drawn | Lost | Said] = [Said(text) for text in self.sayings]
        self.sayings.clear()
        if self.held:
            found.append(self.answer(*self.held.pop()))
        return found

    def close(self) -> None:
        self.closed = True


class Bench:
    def __init__(self, workers: PaperWorkers) -> None:
        self.workers = workers
        self.heard: list[Event] = []
        self.saved: list[Recipe] = []
        self.jobs = ClusterJobs(lambda: workers, self.save, self.heard.append)

    def save(self, job: int, picture: Picture) -> Path:
        self.saved.append(picture.recipe)
        return Path(f"{job}-{picture.recipe.seed}.png")

    def last(self, job: int) -> Event:
        assert self.jobs.wait(job)
        (found,) = [
            one for one in self.heard if isinstance(one, (JobFinished, JobFailed, JobCancelled)) and one.job == job
        ]
        return found


def batch(*seeds: int) -> list[Recipe]:
    return [recipe(seed=seed, prompt=f"fox {seed}") for seed in seeds]


def test_batches_come_back_in_any_order_and_are_saved_here():
    bench = Bench(PaperWorkers())
    with bench.jobs as jobs:
        numbers = [jobs.submit_batch(batch(seed, seed + 1)) for seed in (10, 20, 30)]
        assert all(isinstance(bench.last(number), JobFinished) for number in numbers)
    assert sorted(one.seed for one in bench.saved) == [10, 11, 20, 21, 30, 31]
    assert bench.workers.closed
    assert len([one for one in bench.heard if isinstance(one, PictureSaved)]) == 6


def test_pictures_that_exist_are_not_saved_again():
    bench = Bench(PaperWorkers())
    with bench.jobs as jobs:
        bench.last(jobs.submit_batch(batch(1, 2, 3), done=2))
    assert [one.seed for one in bench.saved] == [3]


def test_what_a_lost_machine_had_is_drawn_on_another_one():
    losses = [1]

    def answer(ticket: int, recipes: tuple[Recipe, ...]) -> Drawn | Lost:
        return Lost(ticket) if losses and losses.pop() else drawn(ticket, recipes)

    bench = Bench(PaperWorkers(answer))
    with bench.jobs as jobs:
        assert isinstance(bench.last(jobs.submit_batch(batch(1, 2))), JobFinished)
    assert bench.workers.taken == [tuple(batch(1, 2))] * 2
    assert any("lost" in one.text for one in bench.heard if isinstance(one, Notice))


def test_a_batch_that_takes_machine_after_machine_with_it_is_given_up():
    bench = Bench(PaperWorkers(lambda ticket, recipes: Lost(ticket)))
    with bench.jobs as jobs:
        event = bench.last(jobs.submit_batch(batch(1)))
    assert isinstance(event, JobFailed)
    assert isinstance(event.error, MachineError)
    assert len(bench.workers.taken) == MOST_LOSSES


@pytest.mark.parametrize("error", [RecipeError("no"), BugError("oops"), ZeroDivisionError("by zero")])
def test_errors_of_a_machine_are_those_of_the_job(error: Exception):
    bench = Bench(PaperWorkers(lambda ticket, recipes: Drawn(ticket, error=error)))
    with bench.jobs as jobs:
        event = bench.last(jobs.submit_batch(batch(1)))
    assert isinstance(event, JobFailed)
    assert str(error) in str(event.error)
    assert isinstance(event.error, KnownError if isinstance(error, KnownError) else BugError)


def test_a_cluster_that_cannot_be_reached_fails_every_job():
    def nowhere() -> PaperWorkers:
        raise MachineError("no cluster")

    heard: list[Event] = []
    with ClusterJobs(nowhere, lambda job, picture: Path(), heard.append) as jobs:
        for seed in (1, 2):
            assert jobs.wait(jobs.submit_batch(batch(seed)))
    assert [str(one.error) for one in heard if isinstance(one, JobFailed)] == ["no cluster", "no cluster"]


def test_a_cluster_that_breaks_fails_what_it_had_and_all_that_comes():
    class Broken(PaperWorkers):
        def news(self, seconds: float) -> Sequence[Drawn | Lost | Said]:
            raise MachineError("gone")

    bench = Bench(Broken())
    with bench.jobs as jobs:
        assert [type(bench.last(jobs.submit_batch(batch(seed)))) for seed in (1, 2)] == [JobFailed, JobFailed]
    assert bench.workers.closed


def test_a_job_that_waits_can_be_cancelled_and_ended_jobs_forgotten():
    bench = Bench(PaperWorkers(room=0))
    with bench.jobs as jobs:
        waiting = jobs.submit_batch(batch(1))
        assert jobs.state(waiting) is JobState.QUEUED
        with pytest.raises(BugError, match="has not ended"):
            jobs.forget(waiting)
        jobs.cancel(waiting)
        assert isinstance(bench.last(waiting), JobCancelled)
        jobs.forget(waiting)
        with pytest.raises(KeyError):
            jobs.state(waiting)
    with pytest.raises(BugError, match="closed"):
        jobs.submit_batch(batch(2))


def test_what_the_workers_say_is_passed_on():
    bench = Bench(PaperWorkers())
    bench.workers.sayings.append("two machines")
    with bench.jobs as jobs:
        bench.last(jobs.submit_batch(batch(1)))
    assert "two machines" in [one.text for one in bench.heard if isinstance(one, Notice)]


def test_a_picture_that_the_disk_does_not_take_is_kept_and_only_saved_again():
    bench = Bench(PaperWorkers())
    refusals = [OutputError("full")]
    real = bench.save

    def refusing(job: int, picture: Picture) -> Path:
        if picture.recipe.seed == 2 and refusals:
            raise refusals.pop()
        return real(job, picture)

    with ClusterJobs(lambda: bench.workers, refusing, bench.heard.append) as jobs:
        first = jobs.submit_batch(batch(1, 2))
        assert jobs.wait(first)
        assert jobs.wait(jobs.submit_batch(batch(1, 2), done=1))
    assert [one.seed for one in bench.saved] == [1, 2]
    assert len(bench.workers.taken) == 1


def test_a_run_of_a_list_is_the_same_on_a_cluster_that_loses_machines(tmp_path: Path):
    countdown = iter(range(100))

    def answer(ticket: int, recipes: tuple[Recipe, ...]) -> Drawn | Lost:
        return Lost(ticket) if next(countdown) % 5 == 2 else drawn(ticket, recipes)

    heard: list[RunEvent] = []
    items = [Item(index, index + 1, recipe(seed=index, prompt=f"fox {index}"), "fox") for index in range(20)]
    book = Manifest.begin(tmp_path / "manifest.jsonl", RunHead(base_seed=1))
    run = BatchRun(
        lambda save, hear: ClusterJobs(lambda: PaperWorkers(answer), save, hear),
        book,
        tmp_path,
        PictureKind.PNG,
        ".png",
        heard.append,
        free_bytes=lambda folder: 10**9,
        batch=3,
        ahead=50,
    )
    assert run.draw(items) == Tally(saved=20)
    book.close()
    assert sorted(line["index"] for line in read_items(tmp_path / "manifest.jsonl")) == list(range(20))
    assert len(list(tmp_path.glob("*.png"))) == 20
