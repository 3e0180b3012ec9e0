from collections.abc import Generator
from pathlib import Path

import pytest

from sana_desktop.errors import JobCancelledError, MachineError, PackError
from sana_desktop.services.fetch_files import FetchPhase
from sana_desktop.system.fetch.checking import Fault
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.packs import installed_packs, read_pack
from sana_desktop.system.paths import quantized_folder
from support.fetches import FETCHED_BYTES, MODEL, Fetches, fetches
from support.packs import write_pack_file

WEIGHTS = "vae/diffusion_pytorch_model.safetensors"


@pytest.fixture
def ready(tmp_path: Path) -> Generator[Fetches]:
    with fetches(tmp_path) as ready:
        yield ready


@pytest.fixture
def pack(ready: Fetches) -> PackManifest:
    pack = ready.fetch()
    ready.hub.requests.clear()
    ready.told.clear()
    return pack


def test_a_sound_pack_is_read_whole_and_nobody_is_contacted(ready: Fetches, pack: PackManifest) -> None:
    verdict = ready.care().verify(pack, ready.watch())
    assert (verdict.sound, verdict.recorded) == (True, True)
    assert ready.told[-1].done == ready.told[-1].total == FETCHED_BYTES - 700
    assert {told.phase for told in ready.told} == {FetchPhase.CHECKING}
    assert ready.hub.requests == []


def test_every_bad_file_is_named_with_what_is_wrong(ready: Fetches, pack: PackManifest) -> None:
    (pack.folder / WEIGHTS).write_bytes(b"?" * 50_000)
    (pack.folder / "vae" / "config.json").write_bytes(b"{}")
    (pack.folder / "tokenizer" / "tokenizer.json").unlink()
    verdict = ready.care().verify(pack, ready.watch())
    assert {bad.file.path: bad.fault for bad in verdict.bad} == {
        WEIGHTS: Fault.CONTENT,
        "vae/config.json": Fault.SIZE,
        "tokenizer/tokenizer.json": Fault.MISSING,
    }
    assert not verdict.sound


def test_a_pack_without_hashes_is_checked_by_its_structure(ready: Fetches) -> None:
    def refuse(pack: PackManifest) -> None:
        raise PackError("It has the wrong shape.", hint="Get another.")

    folder = write_pack_file(ready.packs / "toy")
    care = ready.care(refuse)
    assert "cannot draw yet" in care.verify(read_pack(folder), ready.watch()).problem
    for part in ("transformer", "vae", "text_encoder", "tokenizer"):
        (folder / part).mkdir()
    verdict = care.verify(read_pack(folder), ready.watch())
    assert (verdict.recorded, verdict.sound) == (False, False)
    assert verdict.problem == "It has the wrong shape. Get another."


def test_repair_fetches_only_what_is_bad(ready: Fetches, pack: PackManifest) -> None:
    (pack.folder / WEIGHTS).write_bytes(b"?" * 50_000)
    (pack.folder / "tokenizer" / "tokenizer.json").unlink()
    before = ready.hub.sent
    verdict = ready.care().repair(pack, ready.watch())
    assert verdict.sound
    assert sorted(ready.hub.requests) == ["GET tokenizer/tokenizer.json -", f"GET {WEIGHTS} -"]
    assert ready.hub.sent - before == 70_000
    assert (pack.folder / WEIGHTS).read_bytes() == ready.hub.files[WEIGHTS]
    assert list((ready.packs / ".fetching").iterdir()) == []


def test_a_sound_pack_is_repaired_without_contacting_anybody(ready: Fetches, pack: PackManifest) -> None:
    assert ready.care().repair(pack, ready.watch()).sound
    assert ready.hub.requests == []


def test_a_repair_that_is_stopped_leaves_the_pack_as_it_was(ready: Fetches, pack: PackManifest) -> None:
    (pack.folder / WEIGHTS).write_bytes(b"?" * 50_000)

    def check() -> None:
        if any(WEIGHTS in request for request in ready.hub.requests):
            raise JobCancelledError("stop")

    with pytest.raises(JobCancelledError):
        ready.care().repair(pack, ready.watch(check))
    assert (pack.folder / WEIGHTS).read_bytes() == b"?" * 50_000
    assert ready.fetching().unfinished() == ()
    assert ready.care().repair(pack, ready.watch()).sound


def test_another_pack_can_help_without_a_connection(ready: Fetches, pack: PackManifest) -> None:
    ready.fetch("sana-600m-1024px")
    # A linked file would be damaged in both.
    (pack.folder / WEIGHTS).unlink()
    ready.hub.requests.clear()
    assert ready.care().repair(pack, ready.watch()).sound
    assert ready.hub.requests == []


def test_what_was_imported_cannot_be_repaired(ready: Fetches) -> None:
    folder = write_pack_file(ready.packs / "toy")
    with pytest.raises(PackError, match="it was imported, not fetched"):
        ready.care().repair(read_pack(folder), ready.watch())


def test_a_pack_is_removed_whole(ready: Fetches, pack: PackManifest) -> None:
    assert ready.care().remove(pack) > FETCHED_BYTES - 700
    assert installed_packs((ready.packs,)) == []
    assert [path.name for path in ready.packs.iterdir()] == [".fetching"]


def test_what_a_pack_shares_stays_with_the_others(ready: Fetches, pack: PackManifest) -> None:
    other = ready.fetch("sana-600m-1024px")
    ready.care().remove(pack)
    assert (other.folder / WEIGHTS).read_bytes() == ready.hub.files[WEIGHTS]


def test_with_a_pack_go_its_weights_of_few_bits_and_no_others(ready: Fetches, pack: PackManifest) -> None:
    own, other = (quantized_folder(ready.cache, name) for name in (pack.id, "other"))
    for folder in (own, other):
        folder.mkdir(parents=True)
        (folder / "transformer-nf4.safetensors").write_bytes(b"x")
    ready.care().remove(pack)
    assert not own.exists()
    assert other.exists()


def test_packs_elsewhere_are_neither_removed_nor_repaired(ready: Fetches, pack: PackManifest, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / MODEL
    elsewhere.parent.mkdir()
    pack.folder.rename(elsewhere)
    with pytest.raises(PackError, match="can be removed"):
        ready.care().remove(read_pack(elsewhere))
    with pytest.raises(PackError, match="can be repaired"):
        ready.care().repair(read_pack(elsewhere), ready.watch())
    (ready.packs / MODEL).symlink_to(elsewhere)
    with pytest.raises(PackError, match="can be removed"):
        ready.care().remove(read_pack(ready.packs / MODEL))
    assert (elsewhere / WEIGHTS).is_file()


def test_a_pack_that_cannot_be_moved_stays_whole(
    ready: Fetches, pack: PackManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "rename", busy)
    with pytest.raises(MachineError, match="in use"):
        ready.care().remove(pack)
    assert (pack.folder / WEIGHTS).is_file()
