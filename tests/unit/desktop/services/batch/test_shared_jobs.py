from pathlib import Path

from sana_desktop.domain.events import Event, JobCancelled, JobFinished, PictureSaved
from sana_desktop.domain.picture import Picture
from sana_desktop.services.batch.shared_jobs import SharedJobs
from sana_desktop.services.generation import GenerationQueue
from support.fake_engine import FakeEngine
from support.recipes import recipe


class Bench:
    def __init__(self) -> None:
        self.saved: list[str] = []
        self.heard: list[Event] = []
        self.own: list[Event] = []
        self.shared = SharedJobs(self.saver("window"), self.heard.append)
        self.queue = GenerationQueue(FakeEngine, self.shared.save, self.shared.hear)
        self.shared.use(self.queue)
        self.list = self.shared.open(self.saver("list"), self.own.append)

    def saver(self, name: str):
        def save(job: int, picture: Picture) -> Path:
            self.saved.append(f"{name} {picture.recipe.seed}")
            return Path(f"{name}-{job}")

        return save


def test_pictures_of_a_list_are_saved_by_the_list_and_others_as_ever():
    bench = Bench()
    with bench.queue as queue, bench.list as jobs:
        listed = jobs.submit_batch([recipe(seed=1), recipe(seed=2, prompt="other")])
        other = queue.submit(recipe(seed=9))
        assert jobs.wait(listed)
        assert queue.wait(other)
        assert jobs.state(listed).ended
        jobs.forget(listed)
    assert bench.saved == ["list 1", "list 2", "window 9"]
    assert {event.job for event in bench.own if isinstance(event, PictureSaved)} == {listed}
    # The window sees everything.
    assert {event.job for event in bench.heard if isinstance(event, JobFinished)} == {listed, other}


def test_a_list_that_waits_for_a_closed_queue_is_told():
    bench = Bench()
    bench.queue.pause()
    job = bench.list.submit_batch([recipe()])
    bench.shared.abandon()
    assert [event.job for event in bench.own if isinstance(event, JobCancelled)] == [job]
    bench.list.cancel(job)
    bench.list.forget(job)
    bench.queue.close()
