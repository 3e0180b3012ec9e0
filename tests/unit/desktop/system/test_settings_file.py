import os
import stat
import sys
import tomllib
from pathlib import Path

import pytest

from sana_desktop.system.settings_file import LARGEST_BYTES, MOST_ENTRIES, read_entries, write_entries

WRITTEN_BY_HAND = """# my settings
[files]
format = "webp" # small is beautiful

[future]
flying = true

[look]
theme = 'light'
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_there_are_no_entries_and_nothing_to_tell(tmp_path: Path):
    assert read_entries(tmp_path / "settings.toml") == ({}, ())
    assert list(tmp_path.iterdir()) == []


def test_entries_are_read_with_their_section(tmp_path: Path):
    entries, notices = read_entries(write(tmp_path / "s.toml", WRITTEN_BY_HAND))

    assert entries == {"files.format": "webp", "future.flying": True, "look.theme": "light"}
    assert notices == ()


def test_writing_changes_only_what_it_is_told(tmp_path: Path):
    path = write(tmp_path / "s.toml", WRITTEN_BY_HAND)

    write_entries(path, {"files.format": "jpeg", "look.theme": None, "drawing.preview_budget": 5.0})

    text = path.read_text(encoding="utf-8")
    assert "# my settings" in text
    assert "# small is beautiful" in text
    assert tomllib.loads(text) == {
        "files": {"format": "jpeg"},
        "future": {"flying": True},
        "look": {},
        "drawing": {"preview_budget": 5.0},
    }
    assert [entry.name for entry in tmp_path.iterdir()] == ["s.toml"]


@pytest.mark.parametrize(
    "text",
    ["", "files = 3\n", "files.format = 'png'\n", "files = {format = 'png'}\n", "[files]\n[x]\n[files.y]\na = 1\n"],
    ids=["empty", "no table", "dotted", "inline", "in two places"],
)
def test_every_way_to_write_a_section_can_be_written_to(tmp_path: Path, text: str):
    path = write(tmp_path / "s.toml", text)
    before = read_entries(path)[0]

    write_entries(path, {"files.format": "jpeg"})

    after = dict(read_entries(path)[0])
    assert after.pop("files.format") == "jpeg"
    kept = {key: value for key, value in before.items() if key not in ("files", "files.format")}
    assert after == kept


def test_a_new_file_says_what_it_is(tmp_path: Path):
    write_entries(tmp_path / "new" / "s.toml", {"files.format": "jpeg"})

    assert (tmp_path / "new" / "s.toml").read_text(encoding="utf-8").startswith("# Settings of Sana Desktop.")


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe", b"= 3", b"[a]\n[a]\n", b"x = " + b"[" * 100_000, b"#" * (LARGEST_BYTES + 1)],
    ids=["no text", "no key", "twice", "deep", "huge"],
)
def test_a_file_that_cannot_be_understood_is_set_aside_and_told_of(tmp_path: Path, data: bytes):
    path = tmp_path / "s.toml"
    path.write_bytes(data)

    entries, [notice] = read_entries(path)

    assert entries == {}
    assert "cannot be understood" in notice
    assert "s.toml.unreadable" in notice
    assert len(notice) < 1000
    assert (tmp_path / "s.toml.unreadable").read_bytes() == data
    assert not path.exists()


def test_thousands_of_entries_are_refused(tmp_path: Path):
    path = write(tmp_path / "s.toml", "".join(f"a{number} = 1\n" for number in range(MOST_ENTRIES + 1)))

    assert "more than 1000 entries" in read_entries(path)[1][0]


def test_a_file_that_broke_meanwhile_is_set_aside_before_it_is_replaced(tmp_path: Path):
    path = write(tmp_path / "s.toml", "half a li")

    write_entries(path, {"files.format": "jpeg"})

    assert (tmp_path / "s.toml.unreadable").read_text() == "half a li"
    assert read_entries(path)[0] == {"files.format": "jpeg"}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_stays(tmp_path: Path):
    path = write(tmp_path / "s.toml", WRITTEN_BY_HAND)
    path.chmod(0)
    try:
        assert "cannot be read" in read_entries(path)[1][0]
        with pytest.raises(OSError, match="denied"):
            write_entries(path, {"files.format": "jpeg"})
    finally:
        path.chmod(stat.S_IRUSR)
    assert path.read_text(encoding="utf-8") == WRITTEN_BY_HAND


def test_a_folder_in_its_place_is_told_of_and_stays(tmp_path: Path):
    path = tmp_path / "s.toml"
    path.mkdir()

    assert "cannot be read" in read_entries(path)[1][0]
    with pytest.raises(OSError, match="directory"):
        write_entries(path, {"files.format": "jpeg"})
    assert path.is_dir()
