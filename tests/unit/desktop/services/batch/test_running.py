import errno
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import Event, Phase
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import BugError, KnownError, MachineError, OutputError, RecipeError
from sana_desktop.gallery.metadata import PictureKind, read_recipe
from sana_desktop.services.batch import running
from sana_desktop.services.batch.manifest import ItemState, Manifest, RunHead, read_items
from sana_desktop.services.batch.prompt_list import Item
from sana_desktop.services.batch.running import (
    MOST_ALIKE,
    BatchRun,
    ItemFailed,
    ItemSaved,
    RunEvent,
    RunPaused,
    RunResumed,
    Tally,
    jobs_here,
    reason_of,
)
from sana_desktop.services.generation import GenerationQueue
from support.fake_engine import FakeEngine
from support.recipes import recipe


def item(index: int, **changes: object) -> Item:
    changes = {"seed": index, "steps": 2, "prompt": f"fox {index}", "pack": "toy", **changes}
    return Item(index, index + 1, recipe(**changes), "fox")


ITEMS = [item(index) for index in range(5)]


class Failing(FakeEngine):
    """Raises what `fails` gives for the recipes of a batch, None to draw them."""

    def __init__(self, fails: Callable[[tuple[Recipe, ...]], Exception | None]) -> None:
        super().__init__()
        self.fails = fails

    def generate(self, job: int, recipes: tuple[Recipe, ...], *rest, **named) -> tuple[Picture, ...]:
        error = self.fails(recipes)
        if error is not None:
            self.batches.append(recipes)
            raise error
        return super().generate(job, recipes, *rest, **named)


class Bench:
    """A folder in which runs take place, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heard: list[RunEvent] = []
        self.engine: PictureEngine = FakeEngine()
        self.recorded: list[str] = []
        self.wait: Callable[[float], None] = lambda seconds: None
        self.free = 10**9
        self.on_event: Callable[[RunEvent, BatchRun], None] = lambda event, run: None

    def run(self, items: list[Item] = ITEMS, *, resume: bool = False, batch: int = 1) -> Tally:
        path = self.folder / "manifest.jsonl"
        book = Manifest.go_on(path) if resume else Manifest.begin(path, RunHead(base_seed=1))

        def listen(event: RunEvent) -> None:
            self.heard.append(event)
            self.on_event(event, made)

        made = BatchRun(
            jobs_here(lambda: self.engine),
            book,
            self.folder,
            PictureKind.PNG,
            ".png",
            listen,
            batch=batch,
            free_bytes=lambda folder: self.free,
            record=lambda path, picture: self.recorded.append(path.name),
            wait=lambda seconds: self.wait(seconds),
        )
        try:
            return made.draw(items)
        finally:
            book.close()

    def states(self) -> dict[int, str]:
        return {line["index"]: line["status"] for line in read_items(self.folder / "manifest.jsonl")}

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*.png"))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "run")


NAMES = [f"00000{index + 1}-{index}-fox-{index}.png" for index in range(5)]


def test_every_picture_is_drawn_saved_recorded_and_booked(bench: Bench):
    assert bench.run() == Tally(saved=5)
    assert bench.files() == NAMES == bench.recorded
    assert bench.states() == dict.fromkeys(range(5), ItemState.SAVED)
    assert [read_recipe(bench.folder / name).seed for name in NAMES] == list(range(5))
    assert [event.item.index for event in bench.heard if isinstance(event, ItemSaved)] == list(range(5))


def test_a_run_that_is_gone_on_with_draws_what_is_missing(bench: Bench):
    bench.run(ITEMS[:2])
    bench.engine = engine = FakeEngine()

    assert bench.run(resume=True) == Tally(saved=3, there=2)
    assert [batch[0].seed for batch in engine.batches] == [2, 3, 4]
    assert bench.files() == NAMES


def test_a_picture_that_was_written_before_the_book_said_so_is_found(bench: Bench):
    bench.run()
    path = bench.folder / "manifest.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:4]))
    bench.engine = engine = FakeEngine()

    assert bench.run(resume=True) == Tally(there=5)
    assert not engine.batches
    assert bench.files() == NAMES
    assert len(bench.states()) == 5


def test_a_strangers_file_is_left_alone(bench: Bench):
    bench.folder.mkdir()
    (bench.folder / NAMES[1]).write_bytes(b"mine")
    bench.run()
    assert (bench.folder / NAMES[1]).read_bytes() == b"mine"
    assert len(bench.files()) == 6
    assert bench.run(resume=True) == Tally(there=5)


def test_pictures_that_differ_in_their_words_and_seeds_are_drawn_together(bench: Bench):
    bench.engine = engine = FakeEngine()
    assert bench.run(batch=2) == Tally(saved=5)
    assert [[one.seed for one in batch] for batch in engine.batches] == [[0, 1], [2, 3], [4]]
    assert bench.files() == NAMES


def test_all_words_are_read_before_the_first_picture(bench: Bench):
    bench.engine = engine = FakeEngine()
    bench.run(batch=2)
    assert [[[one.prompt for one in batch] for batch in ahead] for ahead in engine.read] == [
        [["fox 0", "fox 1"], ["fox 2", "fox 3"], ["fox 4"]]
    ]


def test_words_that_cannot_be_read_cost_no_other_picture(bench: Bench):
    class Illiterate(FakeEngine):
        def read_ahead(self, batches: Sequence[tuple[Recipe, ...]], cancel: CancelToken) -> None:
            raise MachineError("no room")

    bench.engine = Illiterate()
    assert bench.run() == Tally(saved=5)


def test_a_batch_that_was_half_saved_is_drawn_again_as_it_was_and_saved_to_its_end(bench: Bench):
    bench.run(batch=3)
    path = bench.folder / "manifest.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3]))
    for name in NAMES[2:]:
        (bench.folder / name).unlink()
    bench.engine = engine = FakeEngine()

    assert bench.run(resume=True, batch=3) == Tally(saved=3, there=2)
    assert [[one.seed for one in batch] for batch in engine.batches] == [[0, 1, 2], [3, 4]]
    assert bench.files() == NAMES


def test_a_bad_picture_never_stops_the_rest(bench: Bench):
    bench.engine = Failing(lambda recipes: RecipeError("cursed") if recipes[0].seed == 1 else None)
    assert bench.run() == Tally(saved=4, failed=1)
    assert bench.states()[1] == ItemState.FAILED
    assert [(event.item.index, str(event.error)) for event in bench.heard if isinstance(event, ItemFailed)] == [
        (1, "cursed")
    ]
    # It is tried again when the run is gone on with.
    bench.engine = FakeEngine()
    assert bench.run(resume=True) == Tally(saved=1, there=4)


def test_a_batch_that_fails_is_tried_one_at_a_time(bench: Bench):
    bench.engine = engine = Failing(lambda recipes: MachineError("too large") if len(recipes) > 1 else None)
    assert bench.run(ITEMS[:3], batch=3) == Tally(saved=3)
    assert [len(batch) for batch in engine.batches] == [3, 1, 1, 1]


def test_a_mistake_of_ours_is_given_a_second_chance(bench: Bench):
    failures = [BugError("oops")]
    bench.engine = Failing(lambda recipes: failures.pop() if recipes[0].seed == 1 and failures else None)
    assert bench.run() == Tally(saved=5)


def test_a_list_of_which_nothing_can_be_drawn_ends_early(bench: Bench):
    bench.engine = engine = Failing(lambda recipes: MachineError("no model", hint="Install one."))
    with pytest.raises(KnownError, match="failed alike: no model"):
        bench.run([item(index) for index in range(200)])
    assert len(engine.batches) <= MOST_ALIKE + 2


def test_a_stop_finishes_the_picture_that_is_drawn(bench: Bench):
    def on_event(event: RunEvent, run: BatchRun) -> None:
        if isinstance(event, ItemSaved) and event.item.index == 1:
            run.stop()

    bench.on_event = on_event
    tally = bench.run()
    assert tally.stopped
    assert 2 <= tally.saved < 5
    # Nothing was lost or is half there.
    assert len(bench.files()) == tally.saved == len(bench.states())
    bench.on_event = lambda event, run: None
    assert bench.run(resume=True) == Tally(saved=5 - tally.saved, there=tally.saved)


@pytest.mark.parametrize("refused", ["picture", "book"])
def test_a_full_disk_is_waited_for(bench: Bench, monkeypatch: pytest.MonkeyPatch, refused: str):
    full = [OSError(errno.ENOSPC, "No space left on device")]
    name = "write_new" if refused == "picture" else "record_saved"
    owner = running if refused == "picture" else Manifest
    real = getattr(owner, name)

    def refusing(*arguments, **named):
        if full and len(bench.heard) > 30:
            error = full.pop()
            raise OutputError(f"cannot be written: {error.strerror}") from error
        return real(*arguments, **named)

    monkeypatch.setattr(owner, name, refusing)
    bench.free = 0

    looks: list[float] = []

    def make_space(seconds: float) -> None:
        looks.append(seconds)
        bench.free = 10**9 if len(looks) > 2 else 0

    bench.wait = make_space

    assert bench.run([item(index) for index in range(12)]) == Tally(saved=12)
    assert not full
    kinds = [type(event) for event in bench.heard]
    assert kinds.index(RunPaused) < kinds.index(RunResumed)
    assert len(bench.files()) == 12


def test_jobs_that_ended_are_not_remembered(bench: Bench):
    alive: list[int] = []
    bench.on_event = lambda event, run: alive.append(len(run._drawn))
    bench.run([item(index) for index in range(40)])
    assert max(alive) <= running.JOBS_AHEAD + 1


def test_somebody_may_watch_every_event_on_the_engines_thread(tmp_path: Path):
    seen: list[Event] = []
    book = Manifest.begin(tmp_path / "manifest.jsonl", RunHead(base_seed=1))
    run = BatchRun(
        jobs_here(FakeEngine), book, tmp_path, PictureKind.PNG, ".png", lambda event: None,
        free_bytes=lambda folder: 1, watch=seen.append,
    )  # fmt: skip
    run.draw(ITEMS[:1])
    book.close()
    assert Phase.SAVE in [getattr(event, "phase", None) for event in seen]


def test_reasons_say_whose_mistake_it_was():
    assert reason_of(RecipeError("no")) == "no"
    assert "mistake of this program" in reason_of(BugError("no"))


def test_only_jobs_that_have_ended_can_be_forgotten():
    with GenerationQueue(FakeEngine, lambda job, picture: Path("x"), lambda event: None) as jobs:
        jobs.pause()
        job = jobs.submit(recipe())
        with pytest.raises(BugError, match="has not ended"):
            jobs.forget(job)
        jobs.resume()
        assert jobs.wait(job)
        jobs.forget(job)
        with pytest.raises(KeyError):
            jobs.state(job)
