"""A program that is killed while it writes the gallery loses nothing; see `scripts/kill_the_gallery.py`."""

import os
import subprocess
import sys

import pytest

from support.sources import REPOSITORY, SOURCE_ROOTS

SCRIPT = REPOSITORY / "scripts" / "kill_the_gallery.py"


@pytest.mark.skipif(os.name != "posix", reason="only here is a kill SIGKILL")
def test_a_program_that_is_killed_while_it_writes_the_gallery_leaves_it_sound() -> None:
    # Twice in each of: saving, importing, deleting, migrating.
    result = subprocess.run(
        [sys.executable, str(SCRIPT), "--kills", "8"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "8 kills, problems: 0" in result.stdout
