"""Every Triton kernel compiles for every GPU generation it is meant for, on machines without a GPU."""

import json
import os
import subprocess
import sys

import pytest

from support.sources import REPOSITORY

TARGETS = (80, 86, 89, 90, 100, 120)
FOLDERS = sorted(path.parent.name for path in (REPOSITORY / "kernels" / "sana_kernels").glob("*/fused.py"))


def build(target: int, dtype: str) -> list[dict[str, object]]:
    """What the script says about the kernels of one dtype, a row each."""
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    roots = os.pathsep.join(str(REPOSITORY / root) for root in ("", "models", "kernels"))
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.kernel_build", "--json", "--targets", str(target), "--only", dtype],
        cwd=REPOSITORY,
        env=environment | {"PYTHONPATH": roots},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr[-2000:]
    return [json.loads(line) for line in said.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("target", TARGETS)
def test_every_kernel_compiles_and_spills_nothing(target: int):
    pytest.importorskip("triton", reason="Triton has wheels for Linux only")
    rows = build(target, "bf16")
    names = " ".join(str(row["kernel"]) for row in rows)
    for word in ("linear_attention_state", "linear_attention_apply", "int8_linear", "quantize_rows"):
        assert word in names
    assert [folder for folder in FOLDERS if folder not in names and folder != "w8a8"] == []
    assert [row for row in rows if row["stack_bytes"] != 0] == []
    products = {str(row["kernel"]).split()[0]: row["matrix_instruction"] for row in rows}
    assert products["int8_linear"], "int8 products must run on tensor cores"
