"""Files that nobody should have to read do the gallery no harm; see `scripts/fuzz_the_gallery.py`."""

import os
import subprocess
import sys

import pytest

from support.sources import REPOSITORY, SOURCE_ROOTS

SCRIPT = REPOSITORY / "scripts" / "fuzz_the_gallery.py"


@pytest.mark.skipif(os.name != "posix", reason="names and links are those of Linux")
def test_hostile_files_raise_nothing_and_write_nothing_outside_of_the_library() -> None:
    # All that are written down by name, and some by chance; how long each took is told, and decides nothing here.
    result = subprocess.run(
        [sys.executable, "-W", "ignore", str(SCRIPT), "--inputs", "300", "--random", "7", "--patient"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "300 inputs, problems: 0" in result.stdout
