import errno
import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from sana_desktop.errors import OutputError
from sana_desktop.gallery import files
from sana_desktop.gallery.files import check_folder, is_taken, numbered, sweep_unfinished, write_new, write_over


def saying(data: bytes) -> Callable[[BinaryIO], None]:
    def write(file: BinaryIO) -> None:
        file.write(data)

    return write


def fail_half_way(file: BinaryIO) -> None:
    file.write(b"half")
    raise OSError(errno.ENOSPC, "No space left on device")


def no_hard_links(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_appears_with_its_folder(tmp_path: Path):
    target = tmp_path / "a" / "b" / "x.png"

    assert write_new(target, saying(b"one")) == target
    assert target.read_bytes() == b"one"
    assert names_in(target.parent) == ["x.png"]


@pytest.mark.parametrize("links", [True, False], ids=["hard-links", "no-hard-links"])
def test_a_name_that_is_taken_gets_a_number(tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch):
    if not links:
        monkeypatch.setattr(os, "link", no_hard_links)

    written = [write_new(tmp_path / "x.png", saying(data)) for data in (b"one", b"two", b"three")]

    assert [path.name for path in written] == ["x.png", "x-2.png", "x-3.png"]
    assert [path.read_bytes() for path in written] == [b"one", b"two", b"three"]
    assert names_in(tmp_path) == ["x-2.png", "x-3.png", "x.png"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no permission bits")
def test_pictures_are_as_readable_as_other_files_of_the_user(tmp_path: Path):
    (tmp_path / "other").write_bytes(b"")

    written = write_new(tmp_path / "x.png", saying(b"one"))

    assert written.stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_folder_full_of_the_same_name_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "MOST_NUMBERS", 2)
    for _ in range(2):
        write_new(tmp_path / "x.png", saying(b"one"))

    with pytest.raises(OutputError, match=r"files called x\.png"):
        write_new(tmp_path / "x.png", saying(b"one"))
    assert names_in(tmp_path) == ["x-2.png", "x.png"]


def test_replacing_leaves_one_file(tmp_path: Path):
    write_new(tmp_path / "x.png", saying(b"one"))

    assert write_over(tmp_path / "x.png", saying(b"two")) == tmp_path / "x.png"
    assert (tmp_path / "x.png").read_bytes() == b"two"
    assert names_in(tmp_path) == ["x.png"]


@pytest.mark.parametrize("put", [write_new, write_over])
def test_a_full_disk_leaves_nothing_new_and_the_old_file_whole(
    tmp_path: Path, put: Callable[[Path, Callable[[BinaryIO], None]], Path]
):
    write_new(tmp_path / "x.png", saying(b"one"))

    with pytest.raises(OutputError, match="No space left") as caught:
        put(tmp_path / "x.png", fail_half_way)
    assert "Free some space" in caught.value.hint
    assert names_in(tmp_path) == ["x.png"]
    assert (tmp_path / "x.png").read_bytes() == b"one"


def test_a_failed_replacement_without_hard_links_leaves_no_empty_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(self: Path, target: Path) -> Path:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "link", no_hard_links)
    monkeypatch.setattr(Path, "replace", fail)

    with pytest.raises(OutputError, match="Input/output error"):
        write_new(tmp_path / "x.png", saying(b"one"))
    assert names_in(tmp_path) == []


def test_a_mistake_of_ours_while_writing_leaves_nothing_either(tmp_path: Path):
    def stumble(file: BinaryIO) -> None:
        file.write(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_new(tmp_path / "x.png", stumble)
    assert names_in(tmp_path) == []


def test_checking_a_folder_makes_nothing(tmp_path: Path):
    check_folder(tmp_path)
    check_folder(tmp_path / "not" / "there" / "yet")

    assert names_in(tmp_path) == []


def test_a_file_is_no_folder(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")

    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutputError, match="Not a directory") as caught:
            check_folder(folder)
        assert str(folder) in str(caught.value)
        with pytest.raises(OutputError):
            write_new(folder / "x.png", saying(b"one"))


def test_a_folder_that_may_not_be_written_is_found_by_trying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(self: Path, mode: int = 0o666, exist_ok: bool = True) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)

    with pytest.raises(OutputError, match="Permission denied") as caught:
        check_folder(tmp_path)
    assert "may write" in caught.value.hint


def test_names_that_nothing_can_have_are_an_error_and_not_free(tmp_path: Path):
    assert not is_taken(tmp_path / "x.png")
    with pytest.raises(OutputError, match="too long"):
        is_taken(tmp_path / ("x" * 300 + ".png"))
    with pytest.raises(OutputError, match="too long"):
        check_folder(tmp_path / ("x" * 300))


def test_numbers_go_before_the_ending(tmp_path: Path):
    names = numbered(tmp_path / "a.b.png")

    assert [next(names).name for _ in range(3)] == ["a.b.png", "a.b-2.png", "a.b-3.png"]


def test_what_a_killed_program_left_is_swept_and_nothing_else(tmp_path: Path):
    for name, age in ((".sana-desktop-0a.part", 100), (".sana-desktop-0b.part", 1), ("x.part", 100), ("x.png", 100)):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    sweep_unfinished(tmp_path, before=950)
    assert names_in(tmp_path) == [".sana-desktop-0b.part", "x.part", "x.png"]


def test_a_folder_that_is_not_there_needs_no_sweeping(tmp_path: Path):
    sweep_unfinished(tmp_path / "none", before=1000)
    assert names_in(tmp_path) == []


def test_a_name_as_long_as_names_can_be_is_cut_between_letters_for_its_number():
    names = list(itertools.islice(numbered(Path("狐" * 83 + "ab.png")), 2))

    assert names[1].name == "狐" * 83 + "-2.png"
