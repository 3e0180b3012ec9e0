from pathlib import Path

import pytest

from sana_desktop.errors import JobCancelledError, OutputError
from sana_desktop.gallery.contact_sheet import SheetPicture
from sana_desktop.gallery.exporting import export_pictures, export_sheets
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.gallery.readers.source import read_carried
from support.gallery import write_own


def test_copies_are_the_files_under_free_names(tmp_path: Path):
    sources = [write_own(tmp_path / "a" / "x.png", seed=1), write_own(tmp_path / "b" / "x.png", seed=2)]
    out = tmp_path / "out"
    exported = export_pictures(sources, out)
    assert [one.copy for one in exported] == [out / "x.png", out / "x-2.png"]
    assert (out / "x.png").read_bytes() == sources[0].read_bytes()
    assert read_recipe(out / "x-2.png").seed == 2


def test_copies_without_texts_tell_nothing(tmp_path: Path):
    export_pictures([write_own(tmp_path / "x.png")], tmp_path / "out", with_texts=False)
    assert read_carried(tmp_path / "out" / "x.png").texts == {}


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path):
    (tmp_path / "bad.png").write_bytes(b"nothing")
    sources = [tmp_path / "gone.png", tmp_path / "bad.png", write_own(tmp_path / "x.png")]
    told: list[tuple[int, int]] = []
    exported = export_pictures(
        sources, tmp_path / "out", with_texts=False, progress=lambda done, total: told.append((done, total))
    )
    assert [one.copy is None for one in exported] == [True, True, False]
    assert "cannot be read" in exported[0].problem
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_folder_that_cannot_be_written_to_is_told_before_anything_is_read(tmp_path: Path):
    (tmp_path / "taken").touch()
    with pytest.raises(OutputError, match="No picture can be written"):
        export_pictures([tmp_path / "gone.png"], tmp_path / "taken")


def test_it_can_be_stopped_between_two_files(tmp_path: Path):
    def stop() -> None:
        raise JobCancelledError("cancelled")

    with pytest.raises(JobCancelledError):
        export_pictures([write_own(tmp_path / "x.png")], tmp_path / "out", check=stop)
    assert list(tmp_path.glob("out/*")) == []


def test_sheets_are_numbered(tmp_path: Path):
    paths = export_sheets([SheetPicture(None, "x")] * 31, tmp_path)
    assert [path.name for path in paths] == ["contact-sheet.png", "contact-sheet-2.png"]
