from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import JobCancelledError, OutputError, RecipeError
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.services.copies_out import CopiesOut, CopiesReport, CopyKind
from sana_desktop.services.library import Library
from support.gallery import Gallery


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Gallery(tmp_path) as gallery:
        for number in range(3):
            gallery.add(f"{number}.png", seed=number)
    with Library(tmp_path, tmp_path, tmp_path / "pictures") as made:
        yield made


@pytest.fixture
def copies(library: Library) -> Iterator[CopiesOut]:
    made = CopiesOut(library)
    yield made
    made.close()


def make(copies: CopiesOut, folder: Path, kind: CopyKind) -> tuple[CopiesReport, list[tuple[int, int]]]:
    told: list[tuple[int, int]] = []
    folder.mkdir(exist_ok=True)
    report = copies.make([1, 3], folder, kind, lambda *how_far: told.append(how_far), CancelToken()).result()
    return report, told


def test_copies_have_their_settings_or_not(copies: CopiesOut, tmp_path: Path):
    report, told = make(copies, tmp_path / "whole", CopyKind.WHOLE)
    assert (report, told) == (CopiesReport(2), [(1, 2), (2, 2)])
    assert read_recipe(tmp_path / "whole" / "2.png").seed == 2
    make(copies, tmp_path / "bare", CopyKind.WITHOUT_SETTINGS)
    assert sorted(path.name for path in (tmp_path / "bare").iterdir()) == ["0.png", "2.png"]
    with pytest.raises(RecipeError, match="no recipe"):
        read_recipe(tmp_path / "bare" / "2.png")


def test_a_sheet_is_made_of_small_pictures(copies: CopiesOut, tmp_path: Path):
    report, told = make(copies, tmp_path / "sheet", CopyKind.SHEET)
    assert (report.made, told[-1]) == (1, (2, 2))
    (path,) = (tmp_path / "sheet").iterdir()
    with Image.open(path) as sheet:
        assert sheet.width > 2 * 256


def test_what_cannot_be_copied_is_said_and_the_rest_is(copies: CopiesOut, tmp_path: Path):
    (tmp_path / "pictures" / "0.png").unlink()
    report, _ = make(copies, tmp_path / "out", CopyKind.WHOLE)
    assert report.made == 1
    assert report.problems[0].startswith("0.png cannot be read")
    with pytest.raises(OutputError):
        copies.make([2], tmp_path / "pictures" / "1.png" / "x", CopyKind.WHOLE, lambda *_: None, CancelToken()).result()


def test_a_stop_and_the_end_are_heard_between_two_files(copies: CopiesOut, tmp_path: Path):
    stop = CancelToken()
    with pytest.raises(JobCancelledError):
        copies.make([1, 2, 3], tmp_path, CopyKind.WHOLE, lambda *_: stop.cancel(), stop).result()
    copies.close()
    copies.close()
