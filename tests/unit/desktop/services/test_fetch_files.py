from pathlib import Path

import pytest

from sana_desktop.errors import FetchError
from sana_desktop.services.fetch_files import FetchWatch, FilesFetch, patiently
from sana_desktop.system.fetch.file_fetch import Patience
from sana_desktop.system.fetch.hub import TroubleError
from sana_desktop.system.fetch.record import FetchRecord
from sana_desktop.system.fetch.remote import RemoteListing, read_listing
from support.fetches import fetches
from support.hub_stand_in import Vices
from support.listings import COMMIT, content_listing

LISTING = RemoteListing(repository="us/toy", revision=COMMIT, files=())


def record_of(files: dict[str, bytes]) -> FetchRecord:
    listing = read_listing(content_listing(files), "us/toy")
    return FetchRecord(
        pack_id="toy", repository="us/toy", revision=COMMIT, endpoint="http://hub.test", terms=(), files=listing.files
    )


def test_only_the_files_asked_for_are_brought_in(tmp_path: Path) -> None:
    with fetches(tmp_path) as ready:
        record = record_of(dict(ready.hub.files))
        one = next(file for file in record.files if file.path == "vae/config.json")
        FilesFetch(record, tmp_path / "here", ready.open_hub(), ready.watch(), files=(one,)).run(lambda _: 0)
        assert ready.hub.requests == ["GET vae/config.json -"]
        assert [path.name for path in (tmp_path / "here").rglob("*") if path.is_file()] == ["config.json"]


def test_a_file_gets_its_name_only_when_it_is_right(tmp_path: Path) -> None:
    with fetches(tmp_path, Vices(corrupt=1.0)) as ready:
        record = record_of({"a.safetensors": ready.hub.files["vae/diffusion_pytorch_model.safetensors"]})
        ready.hub.files = {"a.safetensors": ready.hub.files["vae/diffusion_pytorch_model.safetensors"]}
        with pytest.raises(FetchError, match="arrived damaged"):
            FilesFetch(record, tmp_path / "here", ready.open_hub(), ready.watch()).run(lambda _: 0)
    assert list((tmp_path / "here").iterdir()) == []


def test_asking_again_waits_and_ends() -> None:
    waits: list[float] = []
    answers = [TroubleError("busy", 9.0), TroubleError("gone"), LISTING]

    def ask() -> RemoteListing:
        answer = answers.pop(0)
        if isinstance(answer, TroubleError):
            raise answer
        return answer

    watch = FetchWatch(check=lambda: None, wait=waits.append)
    assert patiently(ask, "toy", Patience(), watch) == LISTING
    assert waits == [9.0, 2.0]
    answers = [TroubleError("gone")] * 3
    with pytest.raises(FetchError, match="gone. Tried 3 times"):
        patiently(ask, "toy", Patience(tries=2), watch)
