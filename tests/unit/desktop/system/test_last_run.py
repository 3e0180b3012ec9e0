import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sana_desktop.system.last_run import MARKER_NAME, NATIVE_NAME, RunMarker, catching_native

CRASH = """
import ctypes, sys
from pathlib import Path
from sana_desktop.system.last_run import RunMarker, catching_native
folder = Path(sys.argv[1])
RunMarker(folder).begin()
with catching_native(folder):
    def deep_inside():
        ctypes.string_at(0)
    deep_inside()
"""


def test_a_run_that_ends_well_leaves_nothing(tmp_path: Path) -> None:
    marker = RunMarker(tmp_path)
    assert marker.begin() is None
    assert (tmp_path / MARKER_NAME).is_file()
    marker.end()
    assert list(tmp_path.iterdir()) == []
    assert RunMarker(tmp_path).begin() is None


def test_a_run_that_was_killed_is_noticed_by_the_next(tmp_path: Path) -> None:
    RunMarker(tmp_path).begin()
    bad_end = RunMarker(tmp_path).begin()
    assert bad_end is not None
    assert bad_end.began.startswith("20")
    assert bad_end.trace == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows says it with another code")
def test_a_crash_inside_a_library_leaves_a_trace(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path)], check=False)
    assert ended.returncode == -signal.SIGSEGV
    bad_end = RunMarker(tmp_path).begin()
    assert bad_end is not None
    assert "Segmentation fault" in bad_end.trace
    assert "deep_inside" in bad_end.trace


def test_after_the_block_the_interpreter_is_as_before(tmp_path: Path) -> None:
    code = (
        "import faulthandler, sys; from pathlib import Path;"
        "from sana_desktop.system.last_run import catching_native;\n"
        "with catching_native(Path(sys.argv[1])): assert faulthandler.is_enabled()\n"
        "assert not faulthandler.is_enabled()\n"
        "faulthandler.enable()\n"
        "with catching_native(Path(sys.argv[1])): pass\n"
        "assert faulthandler.is_enabled()"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert (tmp_path / NATIVE_NAME).is_file()


def test_a_disk_that_cannot_be_written_keeps_nobody_from_starting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    marker = RunMarker(tmp_path / "file")
    assert marker.begin() is None
    with catching_native(tmp_path / "file"):
        pass
    marker.end()
