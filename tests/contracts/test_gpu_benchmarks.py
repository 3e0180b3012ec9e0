"""The script for GPU machines runs with nothing but torch, Triton and numpy, every slice of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from support.sources import REPOSITORY

SLICES = (
    "trust", "kernels", "int8", "precisions", "step", "decode", "picture", "caps", "product", "batch", "roofline",
    "compiled",
)  # fmt: skip

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
    assert slices == set(SLICES)
    assert "wrong" not in said.stdout
    # 8 and 4 bit and what needs a pack say so; nothing else fails.
    excused = ("bitsandbytes", "gpu_packs", "gpu_product", "diffusers and a graphics card")
    noted = [line for line in said.stdout.splitlines() if "note=" in line]
    assert [line for line in noted if not any(words in line for words in excused)] == []
    assert len(table.read_text().splitlines()) == len(said.stdout.splitlines()) + 1


def test_a_row_that_fails_says_why_and_keeps_all_of_it(tmp_path: Path):
    from benchmarks.gpu_bench import Bench
    from sana_models.configs import SANA_0_6B, DCAEConfig

    faults = tmp_path / "faults.txt"
    bench = Bench(
        torch.device("cpu"), torch.float32, SANA_0_6B, DCAEConfig(), (512, 1024), 1, 1, deadline=0.0, faults=faults
    )

    def fails() -> dict[str, object]:
        raise ValueError("the card\nsays no")

    assert bench.attempt({"name": "one"}, fails) == {"name": "one", "note": "ValueError: the card says no"}
    assert "Traceback" in faults.read_text()
    assert bench.attempt({"name": "two"}, lambda: {"ms": 1.0}) == {"name": "two", "ms": 1.0}


def test_references_from_the_processor_are_compared_by_their_squares():
    from benchmarks.gpu_product import psnr

    black = torch.zeros(4, 4, 3, dtype=torch.uint8)
    assert psnr(black, black) == 99.0
    assert psnr(black + 255, black) == pytest.approx(0.0)
    assert psnr(black + 1, black) == pytest.approx(48.13, abs=0.01)
