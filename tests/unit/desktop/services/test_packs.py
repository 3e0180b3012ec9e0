import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.errors import BugError, JobCancelledError, MachineError, WeightsError
from sana_desktop.services.packs import ImportDone, ImportFailed, PackEvent, PackShelf, PackSurvey, SurveyFailed
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.system.resources import resources_folder
from support.pack_surveys import gpu_machine, processor_machine, refuse
from support.packs import manifest, write_pack_file


def whole_pack(folder: Path, pack_id: str) -> Path:
    """A pack with all its folders, and nothing in them."""
    for part in ("transformer", "vae", "text_encoder", "tokenizer"):
        (folder / part).mkdir(parents=True)
    return write_pack_file(folder, pack_id)


def heard(request: Callable[[PackShelf], None], folder: Path, install: object = refuse) -> PackEvent:
    """What a shelf over `folder` says first after a request."""
    events: list[PackEvent] = []
    told = threading.Event()

    def listener(event: PackEvent) -> None:
        events.append(event)
        told.set()

    shelf = PackShelf((folder,), folder, install, listener, look=processor_machine)  # pyright: ignore[reportArgumentType]
    try:
        request(shelf)
        assert told.wait(30)
    finally:
        shelf.close()
    return events[0]


def survey_of(*folders: Path) -> PackSurvey:
    return PackShelf(folders, folders[0], refuse, lambda _: None, look=processor_machine).survey()


def test_a_pack_that_is_here_is_not_offered(tmp_path: Path) -> None:
    whole_pack(tmp_path / "sana-600m-1024px", "sana-600m-1024px")
    survey = survey_of(tmp_path)
    assert [entry.manifest.id for entry in survey.installed] == ["sana-600m-1024px"]
    offered = {offer.model.id for offer in survey.offers}
    assert "sana-600m-512px" in offered
    assert "sana-600m-1024px" not in offered


def test_only_models_with_a_whole_repository_are_offered(tmp_path: Path) -> None:
    assert not [offer for offer in survey_of(tmp_path).offers if "teacher" in offer.model.id]


def test_what_fits_comes_first_and_the_small_before_the_large(tmp_path: Path) -> None:
    shelf = PackShelf((tmp_path,), tmp_path, refuse, lambda _: None, look=lambda: gpu_machine(12))
    offers = shelf.survey().offers
    levels = [offer.fit.level for offer in offers]
    assert levels == sorted(levels, key=[FitLevel.FITS, FitLevel.TIGHT, FitLevel.NO].index)
    fitting = [
        (offer.model.family.parameters, offer.model.base_size) for offer in offers if offer.fit.level is FitLevel.FITS
    ]
    assert fitting == sorted(fitting)
    assert offers[0].model.id == "sana-600m-512px"


def test_an_offer_says_what_it_needs_in_every_width(tmp_path: Path) -> None:
    offer = survey_of(tmp_path).offers[0]
    assert [bits for bits, _ in offer.needs] == [16, 8, 4]


def test_the_starter_pack_fits_a_small_machine() -> None:
    shelf = PackShelf(
        (resources_folder() / "starter",), Path("/"), refuse, lambda _: None, look=lambda: processor_machine(4)
    )
    entry = shelf.survey().installed[0]
    assert entry.manifest.id == "starter"
    assert entry.fit is not None
    assert entry.fit.level is FitLevel.FITS
    assert entry.disk_bytes > 10**7


def test_a_pack_that_lacks_parts_says_which_instead_of_a_forecast(tmp_path: Path) -> None:
    write_pack_file(tmp_path / "toy")
    entry = survey_of(tmp_path).installed[0]
    assert entry.fit is None
    assert "it has no transformer and no vae" in entry.problem


def test_a_pack_with_a_damaged_file_says_so(tmp_path: Path) -> None:
    folder = whole_pack(tmp_path / "toy", "toy")
    (folder / "vae" / "a.safetensors").write_bytes(b"nothing")
    entry = survey_of(tmp_path).installed[0]
    assert entry.fit is None
    assert "a.safetensors is not a complete safetensors file" in entry.problem


def test_a_folder_that_cannot_be_read_as_a_pack_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "pack.toml").write_text("format = 99")
    assert [broken.folder.name for broken in survey_of(tmp_path).broken] == ["old"]


def test_a_survey_is_heard_from_the_shelfs_own_thread(tmp_path: Path) -> None:
    names: list[str] = []
    shelf = PackShelf(
        (tmp_path,),
        tmp_path,
        refuse,
        lambda event: names.append(f"{type(event).__name__} {threading.current_thread().name}"),
        look=processor_machine,
    )
    shelf.request_survey()
    shelf._worker.shutdown(wait=True)
    assert names == ["PackSurvey packs_0"]


def test_a_survey_that_fails_is_told_of(tmp_path: Path) -> None:
    def look() -> None:
        raise MachineError("The machine is shy.")

    events: list[PackEvent] = []
    shelf = PackShelf((tmp_path,), tmp_path, refuse, events.append, look=look)  # pyright: ignore[reportArgumentType]
    shelf.request_survey()
    shelf._worker.shutdown(wait=True)
    assert isinstance(events[0], SurveyFailed)
    assert str(events[0].error) == "The machine is shy."


def test_a_folder_is_brought_in_without_a_lender(tmp_path: Path) -> None:
    whole_pack(tmp_path / "packs" / "toy", "toy")
    source = tmp_path / "source"
    source.mkdir()
    asked: list[object] = []

    def install(source: Path, packs_folder: Path, *, base: PackManifest | None, check: object) -> PackManifest:
        asked.append((source, packs_folder, base))
        return manifest(source, "new")

    event = heard(lambda shelf: shelf.request_import(source), tmp_path / "packs", install)
    assert event == ImportDone(manifest(source, "new"))
    assert asked == [(source, tmp_path / "packs", None)]


def test_a_file_borrows_from_the_first_complete_pack_that_brings_its_own_text_encoder(tmp_path: Path) -> None:
    write_pack_file(tmp_path / "incomplete", "incomplete")
    whole_pack(tmp_path / "toy", "toy")
    source = tmp_path / "a.pth"
    source.write_bytes(b"")

    def install(source: Path, packs_folder: Path, *, base: PackManifest | None, check: object) -> PackManifest:
        assert base is not None
        return replace(base, id="new")

    event = heard(lambda shelf: shelf.request_import(source), tmp_path, install)
    assert isinstance(event, ImportDone)
    assert (event.pack.id, event.pack.folder.name, event.lender) == ("new", "toy", "Toy")


def test_what_is_wrong_with_a_source_is_passed_on(tmp_path: Path) -> None:
    error = WeightsError("a.pth would run code.")

    def install(*_: object, **__: object) -> PackManifest:
        raise error

    assert heard(lambda shelf: shelf.request_import(tmp_path), tmp_path, install) == ImportFailed(error)


def test_a_mistake_of_ours_is_called_one(tmp_path: Path) -> None:
    def install(*_: object, **__: object) -> PackManifest:
        raise ValueError("oops")

    event = heard(lambda shelf: shelf.request_import(tmp_path), tmp_path, install)
    assert isinstance(event, ImportFailed)
    assert isinstance(event.error, BugError)
    assert "ValueError: oops" in event.error.details


@pytest.mark.parametrize("stop", [PackShelf.cancel_import, PackShelf.close])
def test_an_import_can_be_stopped(tmp_path: Path, stop: Callable[[PackShelf], None]) -> None:
    begun = threading.Event()
    stopped = threading.Event()
    events: list[PackEvent] = []

    def install(*_: object, check: Callable[[], None], **__: object) -> PackManifest:
        begun.set()
        while not stopped.wait(0.001):
            check()
        raise AssertionError("it went on")

    shelf = PackShelf((tmp_path,), tmp_path, install, events.append, look=processor_machine)  # pyright: ignore[reportArgumentType]
    shelf.request_import(tmp_path)
    try:
        assert begun.wait(30)
        stop(shelf)
    finally:
        shelf.close()
        stopped.set()
    assert isinstance(events[0], ImportFailed)
    assert isinstance(events[0].error, JobCancelledError)
