"""A batch that is killed again and again makes the same pictures; `scripts/kill_the_batch.py` does it at length."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.sources import REPOSITORY, SOURCE_ROOTS

SCRIPT = REPOSITORY / "scripts" / "kill_the_batch.py"


@pytest.mark.skipif(os.name != "posix", reason="only here is a kill SIGKILL")
def test_a_batch_that_is_killed_and_gone_on_with_makes_the_same_pictures(tmp_path: Path) -> None:
    result = subprocess.run(
        [
            sys.executable,
            str(SCRIPT),
            "--fake",
            "--items",
            "24",
            "--kills",
            "3",
            "--batch",
            "2",
            "--home",
            str(tmp_path),
        ],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "3 kills, problems: 0" in result.stdout
    assert "pictures: 24, not bit-identical: 0" in result.stdout
