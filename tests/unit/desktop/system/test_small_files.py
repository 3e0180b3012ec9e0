from pathlib import Path

import pytest

from sana_desktop.errors import PackError
from sana_desktop.system.small_files import LARGEST_BYTES, parse_json_object, read_json_object, read_toml


def test_an_object_and_a_table_are_read(tmp_path: Path):
    (tmp_path / "a.json").write_text('{"a": [1, null]}')
    (tmp_path / "a.toml").write_text('a = "“é”"', encoding="utf-8")
    assert read_json_object(tmp_path / "a.json") == {"a": [1, None]}
    assert read_toml(tmp_path / "a.toml") == {"a": "“é”"}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_not_json_is_one_clear_line(tmp_path: Path, content: bytes):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(PackError, match=r"^a\.json is not readable JSON \(.*\)\.$"):
        read_json_object(tmp_path / "a.json")


def test_json_that_is_no_object_is_refused():
    with pytest.raises(PackError, match="must hold a JSON object, found list"):
        parse_json_object(b"[1]", "a.json")


@pytest.mark.parametrize("content", [b"a = ", b"a = \xff", b"a = " + b"[" * 100_000])
def test_what_is_not_toml_is_one_clear_line(tmp_path: Path, content: bytes):
    (tmp_path / "a.toml").write_bytes(content)
    with pytest.raises(PackError, match=r"^a\.toml is not readable TOML \(.*\)\.$"):
        read_toml(tmp_path / "a.toml")


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path: Path):
    with (tmp_path / "a.json").open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(PackError, match="larger than 4 MiB"):
        read_json_object(tmp_path / "a.json")


def test_a_missing_file_and_a_folder_cannot_be_read(tmp_path: Path):
    with pytest.raises(PackError, match="No such file"):
        read_json_object(tmp_path / "none.json")
    with pytest.raises(PackError, match="cannot be read"):
        read_json_object(tmp_path)
