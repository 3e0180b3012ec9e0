"""The script that measures recorded steps on GPU machines runs to its end, here with what passes for recordings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.sources import REPOSITORY


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_part_gives_rows_and_none_fails(tmp_path: Path):
    roots = os.pathsep.join(str(REPOSITORY / root) for root in ("", "models", "kernels"))
    table = tmp_path / "graphs.csv"
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.gpu_graphs", "--device", "cpu", "--tiny", "--csv", str(table)],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": roots},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout[-2000:] + said.stderr[-2000:]
    lines = said.stdout.splitlines()
    assert len(lines) == 15
    assert "note=" not in said.stdout
    assert said.stdout.count("words=steps replayed as CUDA graphs") == 9
    assert len(table.read_text().splitlines()) == len(lines) + 1
