"""Damaged prompt lists neither crash the program nor hang it; `scripts/fuzz_the_lists.py` tries many more."""

import os
import subprocess
import sys

from support.sources import REPOSITORY, SOURCE_ROOTS

SCRIPT = REPOSITORY / "scripts" / "fuzz_the_lists.py"


def test_damaged_lists_are_read_or_refused() -> None:
    # Always the same lists: a failure here is one of the change that made it.
    result = subprocess.run(
        [sys.executable, str(SCRIPT), "--lists", "600", "--random", "7"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "crashes: 0" in result.stdout
