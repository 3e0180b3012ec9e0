import os
from pathlib import Path

import pytest

from sana_desktop.errors import JobCancelledError, OutputError
from sana_desktop.gallery.walk import picture_files


def names(folder: Path, **more: object) -> list[str]:
    return sorted(file.inside for file in picture_files(folder, **more))  # pyright: ignore[reportArgumentType]


def test_pictures_are_found_by_their_ending_at_any_depth(tmp_path: Path):
    for name in ("a.png", "b/c/d.JPG", "b/e.webp", "f.jpeg", "g.txt", ".hidden.png", ".git/h.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    assert names(tmp_path) == ["a.png", "b/c/d.JPG", "b/e.webp", "f.jpeg"]
    assert {file.length for file in picture_files(tmp_path)} == {5}
    assert names(tmp_path, without=[tmp_path / "b"]) == ["a.png", "f.jpeg"]


def test_nothing_outside_is_found_through_links(tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "secret.png").touch()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "file.png").symlink_to(tmp_path / "out" / "secret.png")
    (tmp_path / "in" / "circle").symlink_to(tmp_path / "in")
    assert names(tmp_path / "in") == []


@pytest.mark.skipif(os.name != "posix", reason="only here are names bytes")
def test_names_need_not_be_text(tmp_path: Path):
    (tmp_path / os.fsdecode(b"\xff.png")).touch()
    (tmp_path / ("猫" * 80 + ".png")).touch()
    assert len(names(tmp_path)) == 2


def test_a_pipe_is_no_picture(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.png")
    assert names(tmp_path) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(OutputError, match="cannot be looked through"):
        names(tmp_path / "gone")


def test_it_can_be_stopped(tmp_path: Path):
    def stop() -> None:
        raise JobCancelledError("cancelled")

    with pytest.raises(JobCancelledError):
        names(tmp_path, check=stop)
