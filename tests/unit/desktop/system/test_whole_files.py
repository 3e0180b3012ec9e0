from pathlib import Path

import pytest

from sana_desktop.system.whole_files import set_aside, write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_and_its_folder_made(tmp_path: Path):
    path = tmp_path / "new" / "deep" / "file"

    write_whole(path, b"one")
    write_whole(path, b"two")

    assert path.read_bytes() == b"two"
    assert names(path.parent) == ["file"]


def test_a_link_stays_a_link(tmp_path: Path):
    real, link = tmp_path / "dotfiles" / "file", tmp_path / "file"
    real.parent.mkdir()
    real.write_bytes(b"old")
    link.symlink_to(real)

    write_whole(link, b"new")

    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_disk_that_refuses_leaves_no_trace(tmp_path: Path):
    (tmp_path / "file").mkdir()

    with pytest.raises(OSError, match="file"):
        write_whole(tmp_path / "file", b"new")
    assert names(tmp_path) == ["file"]


def test_a_file_that_cannot_be_understood_keeps_its_words(tmp_path: Path):
    path = tmp_path / "file.toml"
    path.write_bytes(b"mine")

    assert set_aside(path) == tmp_path / "file.toml.unreadable"
    assert (tmp_path / "file.toml.unreadable").read_bytes() == b"mine"
    assert set_aside(path) is None
