import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from sana_desktop.errors import BugError, FetchError, JobCancelledError
from sana_desktop.services.fetch_files import FetchPhase
from sana_desktop.services.pack_errands import (
    Errand,
    ErrandDone,
    ErrandEvent,
    ErrandFailed,
    ErrandProgress,
    PackErrands,
)
from sana_desktop.services.pack_hands import PackHands
from support.fetches import MODEL, Fetches, fetches


class Runner:
    """Runs one errand after the other and waits for the end of each."""

    def __init__(self, make_hands: Callable[[], PackHands]) -> None:
        self.events: list[ErrandEvent] = []
        self._ended = threading.Event()
        self.errands = PackErrands(make_hands, self._hear)

    def _hear(self, event: ErrandEvent) -> None:
        self.events.append(event)
        if not isinstance(event, ErrandProgress):
            self._ended.set()

    def end_of(self, ask: Callable[[PackErrands], None]) -> ErrandEvent:
        self._ended.clear()
        ask(self.errands)
        assert self._ended.wait(30)
        return self.events[-1]


@pytest.fixture
def ready(tmp_path: Path) -> Generator[Fetches]:
    with fetches(tmp_path) as ready:
        yield ready


@pytest.fixture
def runner(ready: Fetches) -> Generator[Runner]:
    runner = Runner(ready.hands)
    yield runner
    runner.errands.close()


def test_a_pack_is_fetched_checked_damaged_repaired_and_removed(ready: Fetches, runner: Runner) -> None:
    # Progress goes to the runner, and not where the support's own watch puts it.
    done = runner.end_of(lambda errands: errands.fetch(MODEL))
    assert isinstance(done, ErrandDone)
    pack = done.pack
    assert pack is not None
    phases = {event.progress.phase for event in runner.events if isinstance(event, ErrandProgress)}
    assert {FetchPhase.ASKING, FetchPhase.FETCHING, FetchPhase.INSTALLING} <= phases
    (pack.folder / "vae" / "config.json").write_bytes(b"?")
    checked = runner.end_of(lambda errands: errands.verify(pack))
    assert isinstance(checked, ErrandDone)
    assert checked.verdict is not None
    assert [bad.file.path for bad in checked.verdict.bad] == ["vae/config.json"]
    repaired = runner.end_of(lambda errands: errands.repair(pack))
    assert isinstance(repaired, ErrandDone)
    assert repaired.verdict is not None
    assert repaired.verdict.sound
    removed = runner.end_of(lambda errands: errands.remove(pack))
    assert removed == ErrandDone(Errand.REMOVE, MODEL, pack)
    assert not pack.folder.exists()


def test_a_fetch_can_be_paused_gone_on_with_and_thrown_away(ready: Fetches, runner: Runner) -> None:
    def stop() -> None:
        if ready.hub.sent > 50_000:
            runner.errands.stop()

    ready.hub.pause = stop
    paused = runner.end_of(lambda errands: errands.fetch(MODEL))
    assert isinstance(paused, ErrandFailed)
    assert isinstance(paused.error, JobCancelledError)
    assert len(ready.fetching().unfinished()) == 1
    assert runner.end_of(lambda errands: errands.discard(MODEL)) == ErrandDone(Errand.DISCARD, MODEL)
    assert ready.fetching().unfinished() == ()


def test_what_goes_wrong_is_told_with_what_was_asked(ready: Fetches, runner: Runner) -> None:
    ready.hub.vices.code = 404
    failed = runner.end_of(lambda errands: errands.fetch(MODEL))
    assert isinstance(failed, ErrandFailed)
    assert (failed.errand, failed.pack_id) == (Errand.FETCH, MODEL)
    assert isinstance(failed.error, FetchError)


def test_a_mistake_of_ours_is_called_one() -> None:
    def broken() -> PackHands:
        raise ValueError("oops")

    runner = Runner(broken)
    failed = runner.end_of(lambda errands: errands.fetch(MODEL))
    runner.errands.close()
    assert isinstance(failed, ErrandFailed)
    assert isinstance(failed.error, BugError)
    assert "ValueError: oops" in failed.error.details
