import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sana_desktop.gallery.agreement import agrees, rescan_changed
from support.gallery import Gallery, write_own


@pytest.fixture
def gallery(tmp_path: Path) -> Iterator[Gallery]:
    with Gallery(tmp_path) as made:
        made.add("a.png", when=1000)
        made.add("day/b.png", when=2000)
        made.add("day/deep/cé.png", when=3000)
        yield made


def test_what_the_program_saved_itself_is_known(gallery: Gallery):
    for folder in (gallery.pictures, gallery.pictures / "day", gallery.pictures / "day" / "deep"):
        assert agrees(gallery.db, folder)


def test_files_that_come_go_or_change_are_noticed_in_their_folder_only(gallery: Gallery):
    day = gallery.pictures / "day"
    write_own(day / "new.png", seed=9)
    assert not agrees(gallery.db, day)
    assert agrees(gallery.db, gallery.pictures)
    (day / "new.png").unlink()
    assert agrees(gallery.db, day)
    os.utime(day / "b.png", (5000, 5000))
    assert not agrees(gallery.db, day)
    os.utime(day / "b.png", (2000, 2000))
    (day / "deep" / "cé.png").unlink()
    assert not agrees(gallery.db, day / "deep")


def test_a_folder_that_is_gone_agrees_if_nothing_of_it_is_known(gallery: Gallery):
    assert agrees(gallery.db, gallery.pictures / "other")
    (gallery.pictures / "day" / "b.png").unlink()
    (gallery.pictures / "day" / "deep" / "cé.png").unlink()
    (gallery.pictures / "day" / "deep").rmdir()
    assert not agrees(gallery.db, gallery.pictures / "day" / "deep")


def test_files_that_are_no_pictures_and_links_count_for_nothing(gallery: Gallery, tmp_path: Path):
    (gallery.pictures / "a.npy").write_bytes(b"x")
    (gallery.pictures / ".hidden.png").write_bytes(b"x")
    (gallery.pictures / "link.png").symlink_to(gallery.pictures / "a.png")
    assert agrees(gallery.db, gallery.pictures)
    assert not agrees(gallery.db, tmp_path / "elsewhere")


def test_folders_are_looked_through_only_where_something_is_not_known(gallery: Gallery):
    day = gallery.pictures / "day"
    assert rescan_changed(gallery.db, [day]).seen == 0
    write_own(day / "new.png", seed=9)
    report = rescan_changed(gallery.db, [gallery.pictures, day])
    assert (report.seen, report.added) == (4, 1)
