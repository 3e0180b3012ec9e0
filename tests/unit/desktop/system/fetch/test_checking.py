import hashlib
from pathlib import Path

import pytest

from sana_desktop.errors import JobCancelledError
from sana_desktop.system.fetch.checking import Fault, find_fault
from sana_desktop.system.fetch.remote import RemoteFile

DATA = b"weights" * 1000
FILE = RemoteFile(path="vae/a.safetensors", size=len(DATA), sha256=hashlib.sha256(DATA).hexdigest())


def fault(folder: Path) -> Fault | None:
    return find_fault(folder, FILE, lambda: None, lambda size: None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / FILE.path
    path.parent.mkdir()
    path.write_bytes(DATA)
    return path


def test_a_sound_file_has_no_fault_and_is_read_whole(tmp_path: Path, path: Path) -> None:
    seen: list[int] = []
    assert find_fault(tmp_path, FILE, lambda: None, seen.append) is None
    assert sum(seen) == len(DATA)


def test_every_fault_is_told_apart(tmp_path: Path, path: Path) -> None:
    path.write_bytes(DATA[:-1] + b"!")
    assert fault(tmp_path) is Fault.CONTENT
    path.write_bytes(DATA[:-1])
    assert fault(tmp_path) is Fault.SIZE
    path.unlink()
    assert fault(tmp_path) is Fault.MISSING
    path.mkdir()
    assert fault(tmp_path) is Fault.MISSING


def test_reading_can_be_stopped(tmp_path: Path, path: Path) -> None:
    def stop() -> None:
        raise JobCancelledError("stop")

    with pytest.raises(JobCancelledError):
        find_fault(tmp_path, FILE, stop, lambda size: None)
