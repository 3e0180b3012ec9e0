import os
from pathlib import Path

import pytest

from sana_desktop.gallery.recent import DEEPEST, recent_pictures


def picture(path: Path, written: int) -> Path:
    """A file of that name that was written so many seconds after 1970."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    os.utime(path, (written, written))
    return path


def test_the_newest_come_first_and_no_more_than_asked_for(tmp_path: Path):
    old, new, middle = (picture(tmp_path / f"{name}.png", day) for name, day in (("a", 1), ("b", 3), ("c", 2)))

    assert recent_pictures(tmp_path, 2) == [new, middle]
    assert recent_pictures(tmp_path, 9) == [new, middle, old]
    assert recent_pictures(tmp_path, 0) == []


def test_pictures_of_every_kind_count_and_nothing_else(tmp_path: Path):
    wanted = [picture(tmp_path / name, 9 - day) for day, name in enumerate(("a.PNG", "b.jpg", "c.jpeg", "d.webp"))]
    for name in ("notes.txt", "a.gif", "png", ".sana-desktop-00.part", ".hidden.png"):
        picture(tmp_path / name, 99)
    (tmp_path / "folder.png").mkdir()

    assert recent_pictures(tmp_path, 9) == wanted


def test_folders_of_days_are_looked_into_but_not_for_ever(tmp_path: Path):
    near = picture(tmp_path / "2026-11-24" / "a.png", 1)
    deep = picture(tmp_path.joinpath(*"x" * DEEPEST) / "a.png", 2)
    picture(tmp_path / ".trash" / "b.png", 3)

    assert deep not in recent_pictures(tmp_path, 9)
    assert recent_pictures(tmp_path, 9) == [near]


def test_links_are_not_followed(tmp_path: Path):
    elsewhere = picture(tmp_path / "elsewhere" / "a.png", 1)
    folder = tmp_path / "pictures"
    folder.mkdir()
    try:
        (folder / "a.png").symlink_to(elsewhere)
        (folder / "round").symlink_to(folder)
    except OSError:
        pytest.skip("this system lets nobody make links")

    assert recent_pictures(folder, 9) == []


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path):
    assert recent_pictures(tmp_path / "none", 9) == []
