import threading
from pathlib import Path

import pytest

from sana_desktop.errors import OutputError
from sana_desktop.services.kept_file import KeptFile


def test_what_is_written_last_is_read_next_time(tmp_path: Path):
    file = KeptFile(tmp_path / "new" / "notes.json")
    for number in range(20):
        file.write(f"{number}".encode())
    file.close()

    assert KeptFile(tmp_path / "new" / "notes.json").read(100) == b"19"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["notes.json"]


def test_without_a_path_nothing_happens():
    file = KeptFile(None)
    file.write(b"x")
    file.set_aside("why not")
    file.close()

    assert file.read(100) is None


def test_there_may_be_no_file_yet(tmp_path: Path):
    assert KeptFile(tmp_path / "notes.json").read(100) is None


def test_a_folder_of_that_name_is_no_file(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    assert KeptFile(tmp_path).read(100) is None
    assert "cannot be read" in caplog.text


def test_what_is_too_large_is_set_aside_and_kept(tmp_path: Path):
    path = tmp_path / "notes.json"
    path.write_bytes(b"x" * 101)

    assert KeptFile(path).read(100) is None
    assert not path.exists()
    assert (tmp_path / "notes.json.unreadable").read_bytes() == b"x" * 101


def test_a_disk_that_refuses_is_told_to_whoever_asked_and_the_next_write_is_tried(tmp_path: Path):
    (tmp_path / "blocked").write_text("a file where the folder should be")
    heard: list[OutputError] = []
    told = threading.Event()

    def failed(error: OutputError) -> None:
        heard.append(error)
        told.set()

    file = KeptFile(tmp_path / "blocked" / "notes.json", failed)
    file.write(b"x")
    assert told.wait(10)
    file.close()
    (tmp_path / "blocked").unlink()
    file.write(b"y")
    file.close()

    assert "notes.json could not be written" in str(heard[0])
    assert KeptFile(tmp_path / "blocked" / "notes.json").read(10) == b"y"


def test_a_disk_that_refuses_is_logged_otherwise(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "blocked").write_text("")
    file = KeptFile(tmp_path / "blocked" / "notes.json")
    file.write(b"x")
    file.close()

    assert "notes.json could not be written" in caplog.text
