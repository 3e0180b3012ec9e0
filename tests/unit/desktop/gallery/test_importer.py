import os
from pathlib import Path

import pytest

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import JobCancelledError, OutputError
from sana_desktop.gallery import importer
from sana_desktop.gallery.changes import add_root, put_looks, put_picture, rate, root_of
from sana_desktop.gallery.database import transaction
from sana_desktop.gallery.facts import facts_of_file
from sana_desktop.gallery.importer import read_one, rescan, scan_folder, scan_new_folders
from sana_desktop.gallery.prints import first_fingerprint
from sana_desktop.gallery.reader import GalleryReader
from sana_desktop.gallery.records import PictureState, RootKind
from support.foreign_pictures import bad_inputs
from support.gallery import Gallery, write_own


@pytest.fixture
def gallery(tmp_path: Path):
    with Gallery(tmp_path) as made:
        yield made


def scan(gallery: Gallery) -> dict[str, int]:
    """What a scan of the pictures finds, without the zeros."""
    report = scan_folder(gallery.db, gallery.pictures, RootKind.OWN)
    counts = {name: getattr(report, name) for name in ("added", "changed", "moved", "missing", "unreadable")}
    return {name: count for name, count in counts.items() if count}


def test_new_changed_moved_and_missing_files_are_told_apart(gallery: Gallery):
    for number in range(4):
        write_own(gallery.pictures / f"{number}.png", when=1000 + number, seed=number)
    assert scan(gallery) == {"added": 4}
    with transaction(gallery.db):
        rate(gallery.db, [1, 2, 3, 4], 3)
    before = {name: gallery.find(f"seed:{number}") for number, name in enumerate("0123")}
    assert before["2"] == ["2.png"]

    (gallery.pictures / "0.png").unlink()
    write_own(gallery.pictures / "1.png", seed=77)
    (gallery.pictures / "sub").mkdir()
    (gallery.pictures / "2.png").rename(gallery.pictures / "sub" / "renamed.png")
    write_own(gallery.pictures / "new.png", seed=99)
    assert scan(gallery) == {"added": 1, "changed": 1, "moved": 1, "missing": 1}

    assert gallery.find("seed:2 rating:3") == ["sub/renamed.png"]
    assert gallery.find("seed:77 rating:3") == ["1.png"]
    assert gallery.find("is:missing") == ["0.png"]
    assert len(gallery.find()) == 4


def with_first_prints(gallery: Gallery) -> None:
    """Let the gallery be one of a program that made prints in the first way."""
    with transaction(gallery.db):
        for name in gallery.find():
            picture = gallery.pictures / name
            with picture.open("rb") as file:
                old = first_fingerprint(file)
            new = facts_of_file(picture).print
            gallery.db.execute("UPDATE pictures SET print = ? WHERE print = ?", (old, new))
            gallery.db.execute("UPDATE looks SET print = ? WHERE print = ?", (old, new))


def test_files_that_were_known_by_a_print_of_the_first_kind_keep_all_that_was_said_of_them(gallery: Gallery):
    for number in range(4):
        picture = gallery.add(f"{number}.png", when=1000 + number, seed=number)
        with transaction(gallery.db):
            rate(gallery.db, [picture], 3)
            put_looks(gallery.db, {gallery.row(picture).facts.print: number})
    with_first_prints(gallery)
    (gallery.pictures / "0.png").rename(gallery.pictures / "moved.png")
    aside = (gallery.pictures / "1.png").rename(gallery.pictures.parent / "aside.png")
    os.utime(gallery.pictures / "2.png", (5, 5))

    assert scan(gallery) == {"moved": 1, "missing": 1}
    aside.rename(gallery.pictures / "back again.png")
    assert scan(gallery) == {"moved": 1}

    assert sorted(gallery.find("rating:3")) == ["2.png", "3.png", "back again.png", "moved.png"]
    with GalleryReader(gallery.file) as reader:
        assert list(reader.without_look()) == []
    assert len(gallery.row(1).facts.print) == len(gallery.row(3).facts.print) == 20
    # Not opened yet, and nothing is the worse for it.
    assert len(gallery.row(4).facts.print) == 16


def test_a_loose_picture_known_by_a_print_of_the_first_kind_comes_back_with_its_stars(gallery: Gallery, tmp_path: Path):
    path = write_own(tmp_path / "elsewhere" / "x.png")
    with transaction(gallery.db):
        root, inside = root_of(gallery.db, path)
        picture = put_picture(gallery.db, root, inside, facts_of_file(path)).picture
        rate(gallery.db, [picture], 4)
    with path.open("rb") as file, transaction(gallery.db):
        gallery.db.execute("UPDATE pictures SET print = ?", (first_fingerprint(file),))
    aside = path.rename(path.with_name("aside"))
    assert rescan(gallery.db).missing == 1
    aside.rename(path)
    rescan(gallery.db)
    with GalleryReader(gallery.file) as reader:
        (row,) = reader.rows(reader.search())
    assert (row.path, row.rating) == (path, 4)


def test_nothing_is_opened_twice(gallery: Gallery, monkeypatch: pytest.MonkeyPatch):
    write_own(gallery.pictures / "1.png")
    scan(gallery)
    os.utime(gallery.pictures / "1.png", (5, 5))
    assert scan(gallery) == {}

    def refuse(path: Path) -> None:
        raise AssertionError(f"{path} was opened")

    monkeypatch.setattr(importer, "facts_of_file", refuse)
    assert scan(gallery) == {}


def test_a_file_that_comes_back_is_shown_again_with_its_stars(gallery: Gallery, tmp_path: Path):
    picture = gallery.add("1.png")
    with transaction(gallery.db):
        rate(gallery.db, [picture], 4)
    (gallery.pictures / "1.png").rename(tmp_path / "away.png")
    assert scan(gallery) == {"missing": 1}
    (tmp_path / "away.png").rename(gallery.pictures / "2.png")
    assert scan(gallery) == {"moved": 1}
    assert gallery.find("rating:4") == ["2.png"]


@pytest.mark.parametrize("name", ["a before pictures", "z behind pictures"])
def test_a_file_that_moved_to_another_folder_of_the_gallery_is_the_same_picture(
    gallery: Gallery, tmp_path: Path, name: str
):
    folder = tmp_path / name
    picture = gallery.add("1.png")
    with transaction(gallery.db):
        rate(gallery.db, [picture], 4)
        add_root(gallery.db, folder, RootKind.IMPORTED)
    folder.mkdir()
    (gallery.pictures / "1.png").rename(folder / "2.png")

    # Whichever of the two is looked through first.
    report = scan_folder(gallery.db, folder, RootKind.IMPORTED)
    report.add(rescan(gallery.db))

    assert (report.added, report.moved, report.missing) == (0, 1, 0)
    assert (gallery.row(picture).path, gallery.row(picture).rating) == (folder / "2.png", 4)


def test_a_copy_of_a_picture_on_a_disk_that_is_not_there_is_a_picture_of_its_own(gallery: Gallery, tmp_path: Path):
    scan_folder(gallery.db, write_own(tmp_path / "disk" / "1.png").parent, RootKind.IMPORTED)
    (tmp_path / "disk" / "1.png").rename(gallery.pictures / "copy.png")
    (tmp_path / "disk").rename(tmp_path / "unplugged")

    assert scan(gallery) == {"added": 1}


def test_bad_files_are_counted_and_named_and_cost_nothing_else(gallery: Gallery):
    bad_inputs(gallery.pictures)
    write_own(gallery.pictures / "good.png")
    report = scan_folder(gallery.db, gallery.pictures, RootKind.OWN)
    assert report.unreadable == len(report.problems) == 3
    assert any("empty.png cannot be read as a picture" in problem for problem in report.problems)
    assert "good.png" in gallery.find()


def test_a_scan_that_is_stopped_goes_on_where_it_was(gallery: Gallery, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importer, "FILES_AT_ONCE", 2)
    for number in range(7):
        write_own(gallery.pictures / f"{number}.png", seed=number)
    cancel = CancelToken()

    def progress(done: int, total: int) -> None:
        assert total == 7
        if done == 4:
            cancel.cancel()

    with pytest.raises(JobCancelledError):
        scan_folder(gallery.db, gallery.pictures, RootKind.OWN, progress=progress, check=cancel.check)
    assert len(gallery.find()) == 4
    told: list[tuple[int, int]] = []
    scan_new_folders(gallery.db)
    rescan(gallery.db, progress=lambda done, total: told.append((done, total)))
    assert len(gallery.find()) == 7


def test_new_folders_are_scanned_once(gallery: Gallery):
    write_own(gallery.pictures / "1.png")
    assert scan_new_folders(gallery.db).added == 1
    assert scan_new_folders(gallery.db).seen == 0


def test_a_folder_that_is_not_there_keeps_its_pictures(gallery: Gallery, tmp_path: Path):
    gallery.add("1.png")
    gallery.pictures.rename(tmp_path / "unplugged")
    with pytest.raises(OutputError, match="cannot be looked through"):
        scan(gallery)
    report = rescan(gallery.db)
    assert "cannot be looked through" in report.problems[0]
    with GalleryReader(gallery.file) as reader:
        assert len(reader.search()) == 1


def test_a_folder_within_a_folder_is_looked_through_once(gallery: Gallery, tmp_path: Path):
    write_own(gallery.pictures / "sub" / "1.png")
    scan_folder(gallery.db, gallery.pictures / "sub", RootKind.IMPORTED)
    write_own(tmp_path / "2.png")
    scan_folder(gallery.db, tmp_path, RootKind.IMPORTED)
    with GalleryReader(gallery.file) as reader:
        assert {row.path for row in reader.rows(reader.search())} == {
            gallery.pictures / "sub" / "1.png", tmp_path / "2.png",
        }  # fmt: skip
        assert len(reader.search()) == 2


def test_of_a_loose_folder_only_the_known_pictures_are_looked_after(gallery: Gallery, tmp_path: Path):
    path, other = write_own(tmp_path / "loose" / "1.png"), write_own(tmp_path / "loose" / "2.png")
    with transaction(gallery.db):
        picture = put_picture(gallery.db, *root_of(gallery.db, path), facts_of_file(path)).picture
    rescan(gallery.db)
    path.rename(tmp_path / "away.png")
    assert rescan(gallery.db).missing == 1
    (tmp_path / "away.png").rename(path)
    rescan(gallery.db)
    with GalleryReader(gallery.file) as reader:
        assert reader.rows([picture])[0].state is PictureState.PRESENT
        assert reader.find(other) is None


def test_what_cannot_be_read_says_why(tmp_path: Path):
    assert read_one(tmp_path, "gone.png") == "gone.png: No such file or directory"
