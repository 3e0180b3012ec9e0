"""On a disk that is really full nothing is lost; see `support/full_disk.py`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.sources import REPOSITORY, SOURCE_ROOTS

# A name space of its own, in which anybody may mount: no rights are needed where the system allows it.
APART = ("unshare", "--map-root-user", "--mount")


def has_disks_of_its_own() -> bool:
    """Whether this machine lets a process mount something for itself."""
    if shutil.which(APART[0]) is None:
        return False
    return subprocess.run([*APART, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_disks_of_its_own(), reason="this machine lets nobody mount a small disk")
def test_on_a_full_disk_a_picture_stays_in_memory_and_saving_it_again_succeeds(tmp_path: Path) -> None:
    roots = (*SOURCE_ROOTS, REPOSITORY / "tests")
    result = subprocess.run(
        [*APART, sys.executable, "-m", "support.full_disk", str(tmp_path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, roots))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    told = json.loads(result.stdout)
    assert "No space left on device" in told.pop("message")
    assert "Free some space" in told.pop("hint")
    assert told == {
        # The first picture, and no part of the second.
        "there_when_full": 1,
        # The second was drawn once only.
        "drawn": [[1], [2]],
        "saved": [1, 2],
        "read_back": [1, 2],
        "in_the_gallery": [1, 2],
        # Both came in when they were saved.
        "new_to_the_gallery": 0,
        "problems": [],
    }
