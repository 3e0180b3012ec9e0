import os
import struct
from pathlib import Path
from urllib.parse import quote

import pytest

from sana_desktop.errors import OutputError
from sana_desktop.gallery.prints import fingerprint
from sana_desktop.gallery.trash import move_to_trash
from sana_desktop.gallery.trash_return import Trash


def print_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return fingerprint(file)


def picture(path: Path, content: bytes = b"a fox") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def throw_away(trash: Path, path: Path, name: str | None = None, said: str | None = None) -> None:
    """What a desktop does."""
    name = name or path.name
    for folder in ("files", "info"):
        (trash / folder).mkdir(parents=True, exist_ok=True)
    note = f"[Trash Info]\nPath={said or quote(os.fsencode(path))}\nDeletionDate=2026-11-27T06:00:00\n"
    (trash / "info" / f"{name}.trashinfo").write_text(note)
    path.rename(trash / "files" / name)


@pytest.fixture
def trash(tmp_path: Path) -> Trash:
    return Trash(tmp_path, tmp_path / "share", "linux")


def test_what_this_system_threw_away_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plat = pytest.importorskip("send2trash.plat_other")
    monkeypatch.setattr(plat, "HOMETRASH_B", os.fsencode(tmp_path / "share" / "Trash"))
    monkeypatch.setattr(plat, "get_dev", lambda path: 0)  # pyright: ignore[reportUnknownLambdaType]
    path = picture(tmp_path / "a folder" / "a fox 狐 100%.png")
    content = print_of(path)
    move_to_trash(path, plat.send2trash)
    path.parent.rmdir()
    assert not path.exists()

    Trash(tmp_path, tmp_path / "share", "linux").bring_back(path, content)

    assert path.read_bytes() == b"a fox"
    assert [*(tmp_path / "share" / "Trash").rglob("*.*")] == []


def test_of_several_with_the_same_name_the_right_one_comes_back(tmp_path: Path, trash: Trash):
    path, folder = tmp_path / "a.png", tmp_path / "share" / "Trash"
    content = print_of(picture(path, b"the first"))
    throw_away(folder, path)
    throw_away(folder, picture(path, b"the second"), "a 1.png")

    trash.bring_back(path, content)

    assert path.read_bytes() == b"the first"
    assert [file.name for file in (folder / "files").iterdir()] == ["a 1.png"]
    assert [file.name for file in (folder / "info").iterdir()] == ["a 1.png.trashinfo"]


def test_paths_may_begin_at_the_folder_of_the_trash(tmp_path: Path, trash: Trash):
    path = picture(tmp_path / "share" / "pictures" / "a.png")
    content = print_of(path)
    throw_away(tmp_path / "share" / "Trash", path, said="pictures/a.png")

    trash.bring_back(path, content)

    assert path.exists()


def test_names_need_not_be_text(tmp_path: Path, trash: Trash):
    path = picture(Path(os.fsdecode(os.fsencode(tmp_path) + b"/fox\xff.png")))
    content = print_of(path)
    throw_away(tmp_path / "share" / "Trash", path, "fox.png")

    trash.bring_back(path, content)

    assert path.exists()


def test_another_file_in_its_place_stays(tmp_path: Path, trash: Trash):
    path = picture(tmp_path / "a.png")
    content = print_of(path)
    throw_away(tmp_path / "share" / "Trash", path)
    picture(path, b"another")

    with pytest.raises(OutputError, match="something else has its name"):
        trash.bring_back(path, content)
    assert path.read_bytes() == b"another"


def test_what_is_not_there_any_more_is_told(tmp_path: Path, trash: Trash):
    path = picture(tmp_path / "a.png")
    throw_away(tmp_path / "share" / "Trash", path)

    with pytest.raises(OutputError, match="not in the trash any more"):
        trash.bring_back(path, b"other content")
    with pytest.raises(OutputError, match="not in the trash any more"):
        trash.bring_back(tmp_path / "never.png", b"")
    assert not path.exists()


def test_a_link_in_the_trash_is_not_followed(tmp_path: Path, trash: Trash):
    secret = picture(tmp_path / "secret.png", b"secret")
    folder = tmp_path / "share" / "Trash"
    throw_away(folder, picture(tmp_path / "a.png"))
    (folder / "files" / "a.png").unlink()
    (folder / "files" / "a.png").symlink_to(secret)

    with pytest.raises(OutputError):
        trash.bring_back(tmp_path / "a.png", print_of(secret))


def test_without_hard_links_it_is_copied(tmp_path: Path, trash: Trash, monkeypatch: pytest.MonkeyPatch):
    path = picture(tmp_path / "a.png")
    content = print_of(path)
    os.utime(path, (1000, 1000))
    throw_away(tmp_path / "share" / "Trash", path)

    def refuse(source: Path, target: Path) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    trash.bring_back(path, content)

    assert (path.read_bytes(), path.stat().st_mtime) == (b"a fox", 1000)
    assert [*(tmp_path / "share" / "Trash" / "files").iterdir()] == []


def test_a_disk_that_refuses_is_quoted(tmp_path: Path, trash: Trash):
    path = picture(tmp_path / "folder" / "a.png")
    content = print_of(path)
    throw_away(tmp_path / "share" / "Trash", path)
    path.parent.rmdir()
    path.parent.write_bytes(b"a file is in the way")

    with pytest.raises(OutputError, match=r"a.png cannot come back: .*exists"):
        trash.bring_back(path, content)


def test_on_macos_files_are_found_by_what_is_in_them(tmp_path: Path):
    path = tmp_path / "pictures" / "a.png"
    content = print_of(picture(path, b"thrown away"))
    (tmp_path / ".Trash").mkdir()
    path.rename(tmp_path / ".Trash" / "a 10.22.31.png")
    picture(tmp_path / ".Trash" / "a.png", b"another")

    Trash(tmp_path, tmp_path, "darwin").bring_back(path, content)

    assert path.read_bytes() == b"thrown away"
    assert [file.name for file in (tmp_path / ".Trash").iterdir()] == ["a.png"]


@pytest.mark.parametrize("version", [1, 2])
def test_on_windows_files_are_found_by_their_notes(tmp_path: Path, version: int):
    path = picture(tmp_path / "pictures" / "A.png")
    content = print_of(path)
    folder = tmp_path / "$Recycle.Bin" / "S-1-5-21"
    folder.mkdir(parents=True)
    path.rename(folder / "$RABCDEF.png")
    name = f"{str(path).swapcase()}\0".encode("utf-16-le")
    count = struct.pack("<i", len(name) // 2) if version == 2 else b""
    (folder / "$IABCDEF.png").write_bytes(struct.pack("<qqq", version, 5, 0) + count + name)
    (folder / "$IBROKEN.png").write_bytes(b"short")

    Trash(tmp_path, tmp_path, "win32", tmp_path / "$Recycle.Bin").bring_back(path, content)

    assert path.exists()
    assert [file.name for file in folder.iterdir()] == ["$IBROKEN.png"]


def test_the_trash_of_this_machine_is_that_of_whoever_runs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Trash.of_this_machine().data == tmp_path
    monkeypatch.delenv("XDG_DATA_HOME")
    assert Trash.of_this_machine().data == Path.home() / ".local" / "share"
