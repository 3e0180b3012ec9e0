"""A program that is killed while it draws loses nothing; `scripts/kill_while_drawing.py` does it at length."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.sources import REPOSITORY, SOURCE_ROOTS

SCRIPT = REPOSITORY / "scripts" / "kill_while_drawing.py"


def kill(home: Path, kills: int) -> subprocess.CompletedProcess[str]:
    """Let the script kill a program with an engine of paper, and draw the rest."""
    # Stretched, so that kills hit the moments right before and after a file is written.
    arguments = ["--fake", "--kills", str(kills), "--stretch", "0.02", "--home", str(home)]
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS))},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(os.name != "posix", reason="only here is a kill SIGKILL")
def test_a_program_that_is_killed_while_it_draws_loses_nothing_and_draws_nothing_twice(tmp_path: Path) -> None:
    # Once in each of: sampling, decoding, saving.
    result = kill(tmp_path, 3)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "missing 0, not ordered 0, drawn twice 0" in result.stdout
    assert "problems: 0" in result.stdout
