"""The script for GPU machines runs with nothing but torch, Triton and numpy, every slice of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.sources import REPOSITORY

# What a bare GPU machine lacks; each is refused as if it were not installed.
LACKING = ("psutil", "PySide6", "PIL", "platformdirs", "typer", "diffusers", "bitsandbytes", "gguf", "tokenizers")
RUN = f"""
import importlib.abc, runpy, sys
class Lacking(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {LACKING!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name.split(".")[0] in {LACKING!r} else found(name, *rest)
sys.meta_path.insert(0, Lacking())
runpy.run_module("benchmarks.gpu", run_name="__main__", alter_sys=True)
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_slice_gives_rows_on_a_bare_machine(tmp_path: Path):
    pytest.importorskip("triton", reason="Triton has wheels for Linux only")
    roots = os.pathsep.join(str(REPOSITORY / root) for root in ("", "models", "kernels"))
    table = tmp_path / "gpu.csv"
    said = subprocess.run(
        [sys.executable, "-c", RUN, "all", "--device", "cpu", "--tiny", "--csv", str(table)],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": roots, "TRITON_INTERPRET": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout[-2000:] + said.stderr[-2000:]
    slices = {line.split()[0] for line in said.stdout.splitlines()}
    assert slices == {"trust", "kernels", "int8", "roofline", "step", "batch", "decode", "picture"}
    assert "wrong" not in said.stdout
    assert len(table.read_text().splitlines()) == len(said.stdout.splitlines()) + 1
