import os
from collections.abc import Generator
from pathlib import Path

import pytest

from sana_desktop.errors import FetchError, JobCancelledError, MachineError, PackError
from sana_desktop.services.fetch_files import FetchPhase
from sana_desktop.system.fetch.folder_lock import locked
from sana_desktop.system.fetch.record import read_record
from sana_desktop.system.packs import broken_packs, installed_packs
from support.fetches import ENDPOINT, FETCHED, FETCHED_BYTES, MODEL, Fetches, fetches
from support.hub_stand_in import Vices
from support.listings import COMMIT


@pytest.fixture
def ready(tmp_path: Path) -> Generator[Fetches]:
    with fetches(tmp_path) as ready:
        yield ready


def stop_after(ready: Fetches, count: int) -> Generator[None]:
    """What raises once so many bytes were handed out."""
    while True:
        if ready.hub.sent >= count:
            raise JobCancelledError("pause")
        yield


def test_a_model_is_fetched_and_installed_with_what_is_needed(ready: Fetches) -> None:
    pack = ready.fetch("Sana_600M_512px")
    assert pack.id == MODEL
    assert [each.id for each in installed_packs((ready.packs,))] == [MODEL]
    asked = {request.split()[1] for request in ready.hub.requests} - {"listing"}
    assert asked == FETCHED
    assert ready.hub.sent == FETCHED_BYTES
    for path in FETCHED - {"model_index.json", "scheduler/scheduler_config.json"}:
        assert (pack.folder / path).read_bytes() == ready.hub.files[path]
    assert list((ready.packs / ".fetching").iterdir()) == []


def test_what_was_fetched_is_written_down_with_the_commit_and_the_terms(ready: Fetches) -> None:
    record = read_record(ready.fetch().folder)
    assert record is not None
    assert (record.repository, record.revision) == ("Efficient-Large-Model/Sana_600M_512px_diffusers", COMMIT)
    assert (record.endpoint, record.terms) == (ENDPOINT, ("nvidia-open-model", "gemma"))
    assert {file.path for file in record.files} == FETCHED - {"model_index.json", "scheduler/scheduler_config.json"}


def test_nothing_is_contacted_before_the_terms_are_accepted(ready: Fetches) -> None:
    with pytest.raises(PackError, match="NVIDIA Open Model License .+ and Gemma Terms of Use"):
        ready.fetching().fetch(MODEL, ready.watch(), accepted=False)
    assert ready.fetching().unfinished() == ()
    assert ready.hub.requests == []
    assert not ready.packs.exists()


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("sana-9000m", "is not a published model"), ("sana-sprint-0.6b-1024px-teacher", "published as one file only")],
)
def test_what_cannot_be_fetched_is_said_before_anything_is_contacted(ready: Fetches, name: str, complaint: str) -> None:
    with pytest.raises(PackError, match=complaint):
        ready.fetch(name)
    assert ready.hub.requests == []


def test_a_pack_that_is_here_is_not_fetched_again(ready: Fetches) -> None:
    ready.fetch()
    with pytest.raises(PackError, match="already installed"):
        ready.fetch()


def test_a_pause_keeps_everything_and_the_next_run_fetches_only_the_rest(ready: Fetches) -> None:
    check = stop_after(ready, FETCHED_BYTES // 2)
    with pytest.raises(JobCancelledError):
        ready.fetching().fetch(MODEL, ready.watch(lambda: next(check)), accepted=True)
    (unfinished,) = ready.fetching().unfinished()
    assert unfinished.record.pack_id == MODEL
    assert unfinished.total == FETCHED_BYTES
    assert 0.3 < unfinished.done / FETCHED_BYTES < 0.9
    assert (installed_packs((ready.packs,)), broken_packs((ready.packs,))) == ([], [])
    before = ready.hub.sent
    assert ready.fetch().id == MODEL
    # What was on its way when it was paused is lost, and no more.
    assert ready.hub.sent - before <= FETCHED_BYTES - unfinished.done
    assert ready.fetching().unfinished() == ()


def test_a_commit_is_kept_while_the_branch_moves_on(ready: Fetches) -> None:
    check = stop_after(ready, 20_000)
    with pytest.raises(JobCancelledError):
        ready.fetching().fetch(MODEL, ready.watch(lambda: next(check)), accepted=True)
    ready.hub.listing = b'{"sha": "' + b"f" * 40 + b'", "siblings": []}'
    ready.fetch()
    assert sum("listing" in request for request in ready.hub.requests) == 1


def test_another_commit_than_the_one_asked_for_is_refused(ready: Fetches) -> None:
    with pytest.raises(FetchError, match="answered with commit 1234567890 instead of aaaaaaaaaa"):
        ready.fetching().fetch(MODEL, ready.watch(), accepted=True, revision="a" * 40)


def test_an_unfinished_fetch_can_be_thrown_away(ready: Fetches) -> None:
    check = stop_after(ready, 20_000)
    with pytest.raises(JobCancelledError):
        ready.fetching().fetch(MODEL, ready.watch(lambda: next(check)), accepted=True)
    ready.fetching().discard(MODEL)
    assert ready.fetching().unfinished() == ()
    assert list((ready.packs / ".fetching").iterdir()) == []
    with pytest.raises(PackError, match="Nothing of"):
        ready.fetching().discard(MODEL)


def test_too_little_room_is_said_before_files_are_fetched(ready: Fetches) -> None:
    ready.room = 1000
    with pytest.raises(MachineError, match="not enough room"):
        ready.fetch()
    assert ready.hub.sent == 0


def test_two_runs_do_not_fetch_the_same_pack(ready: Fetches) -> None:
    with locked(ready.fetching().staging(MODEL)), pytest.raises(FetchError, match="Another run"):
        ready.fetch()


def test_files_of_an_installed_pack_are_not_fetched_again(ready: Fetches) -> None:
    first = ready.fetch()
    before = ready.hub.sent
    second = ready.fetch("sana-600m-1024px")
    # Everything but the two files that an installed pack does not keep.
    assert ready.hub.sent - before == 700
    shared = "text_encoder/model-00001-of-00002.safetensors"
    assert (second.folder / shared).read_bytes() == (first.folder / shared).read_bytes()


def test_a_damaged_file_is_not_lent(ready: Fetches) -> None:
    first = ready.fetch()
    lent = "vae/diffusion_pytorch_model.safetensors"
    (first.folder / lent).write_bytes(b"!" * 50_000)
    second = ready.fetch("sana-600m-1024px")
    assert (second.folder / lent).read_bytes() == ready.hub.files[lent]


def test_an_install_that_fails_keeps_what_was_fetched(ready: Fetches) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PackError("It has the wrong shape.")

    with pytest.raises(PackError, match="wrong shape"):
        ready.fetching(refuse).fetch(MODEL, ready.watch(), accepted=True)
    before = ready.hub.sent
    assert ready.fetch().id == MODEL
    assert ready.hub.sent == before


def test_a_run_that_ended_between_installing_and_tidying_up_is_completed(
    ready: Fetches, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sana_desktop.services.pack_fetching as module

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    write = module.write_record
    monkeypatch.setattr(
        module,
        "write_record",
        lambda folder, record: killed() if folder.parent == ready.packs else write(folder, record),
    )
    with pytest.raises(KeyboardInterrupt):
        ready.fetch()
    monkeypatch.undo()
    pack = ready.fetch()
    assert read_record(pack.folder) is not None
    assert list((ready.packs / ".fetching").iterdir()) == []


def test_a_disk_that_fails_is_a_message(ready: Fetches, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(MachineError, match="Input/output error"):
        ready.fetch()


def test_progress_grows_to_the_whole_and_says_what_it_waits_for(tmp_path: Path) -> None:
    with fetches(tmp_path, Vices(seed=3, busy=0.3, drop=0.3)) as ready:
        ready.fetch()
    done = [told.done for told in ready.told if told.phase is FetchPhase.FETCHING]
    assert done == sorted(done)
    assert done[-1] == FETCHED_BYTES
    waiting = [told for told in ready.told if told.phase is FetchPhase.WAITING]
    assert waiting
    assert len(waiting) == len(ready.waits)
    assert any("busy (answer 429)" in told.reason and told.seconds >= 7 for told in waiting)
    assert ready.told[0].phase is FetchPhase.ASKING
    assert ready.told[-1].phase is FetchPhase.INSTALLING


def test_a_hub_that_stays_busy_is_given_up_with_a_hint(tmp_path: Path) -> None:
    with fetches(tmp_path, Vices(busy=1.0)) as ready, pytest.raises(FetchError, match="Tried 6 times") as caught:
        ready.fetch()
    assert "later" in caught.value.hint
