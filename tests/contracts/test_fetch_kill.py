"""A program that is killed while it fetches loses nothing; `scripts/kill_while_fetching.py` does it at length."""

import os
import subprocess
import sys

import pytest

from support.sources import REPOSITORY, SOURCE_ROOTS

SCRIPT = REPOSITORY / "scripts" / "kill_while_fetching.py"


@pytest.mark.skipif(os.name != "posix", reason="only here is a kill SIGKILL")
@pytest.mark.parametrize("arguments", [("--fake", "--kills", "3", "--megabytes", "20"), ("--runs", "4")])
def test_whatever_happens_to_a_fetch_it_ends_right_and_fetches_little_twice(arguments: tuple[str, ...]) -> None:
    roots = [*map(str, SOURCE_ROOTS), str(REPOSITORY / "tests")]
    result = subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(roots)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    assert "problems: 0" in result.stdout
