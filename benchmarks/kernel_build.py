"""Compile every Triton kernel for GPUs that need not be there, and say what each takes of them.

    .venv/bin/python -m benchmarks.kernel_build --csv benchmarks/results/kernel_build.csv

Targets are the compute capabilities 8.0, 8.6, 8.9, 9.0, 10.0 and 12.0. A stand-in for Triton's driver names the
target; nothing is launched. Per kernel and target: seconds, registers, bytes of stack (spilled registers end there),
bytes of shared memory, and the tensor-core instruction if the kernel has a matrix product. The exit code is 1 if
anything failed to compile.
"""

# Kernels are called by nobody else but their own module, and Triton leaves what they return untyped.
# pyright: reportPrivateUsage=false, reportUnknownLambdaType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportIncompatibleMethodOverride=false

import argparse
import contextlib
import io
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Read when kernels are decorated and compiled, so before Triton is imported.
os.environ.pop("TRITON_INTERPRET", None)
os.environ.setdefault("TRITON_DEFAULT_FP_FUSION", "1")

import torch
import triton
from triton.backends.compiler import GPUTarget
from triton.backends.driver import DriverBase
from triton.runtime.jit import MockTensor

from benchmarks.record import append_row
from sana_kernels.channel_norm import fused as channel_norm
from sana_kernels.gated_conv import fused as gated_conv
from sana_kernels.gated_residual import fused as gated_residual
from sana_kernels.linear_attention import fused as linear_attention
from sana_kernels.modulated_norm import fused as modulated_norm
from sana_kernels.pixel_shortcut import fused as pixel_shortcut
from sana_kernels.qk_norm_relu import fused as qk_norm_relu
from sana_kernels.w8a8 import fused as w8a8

TARGETS = (80, 86, 89, 90, 100, 120)
BF16, FP16, FP32, INT8 = torch.bfloat16, torch.float16, torch.float32, torch.int8
Build = Callable[[], Any]


class AbsentDriver(DriverBase):
    """A GPU that only has a compute capability."""

    def __init__(self, capability: int) -> None:
        self.capability = capability

    @classmethod
    def is_active(cls) -> bool:
        """Always: it stands in for what is not there."""
        return True

    def get_current_target(self) -> GPUTarget:
        """What to compile for."""
        return GPUTarget("cuda", self.capability, 32)

    def get_current_device(self) -> int:
        """A number per target; kernels are cached by it."""
        return self.capability

    def get_current_stream(self, device: int | None = None) -> int:
        """The only stream."""
        del device
        return 0

    def set_current_device(self, device: int) -> None:
        """Nothing to choose from."""

    def get_active_torch_device(self) -> torch.device:
        """Where tensors would be."""
        return torch.device("cpu")

    def get_benchmarker(self) -> None:
        """Nothing can be timed."""

    def map_python_to_cpp_type(self, ty: str) -> str:
        """For a launcher that is never built."""
        return ty

    def get_device_interface(self) -> None:
        """There is none."""


def _int8_linear(x: Any, rows: int, width: int, *, residual: bool) -> Any:
    driver: Any = triton.runtime.driver.active
    target = driver.get_current_target().arch
    tile = w8a8.tile_for((target // 10, target % 10), residual=residual)
    values, scale = MockTensor(INT8), MockTensor(FP32)
    return w8a8._int8_linear_kernel.warmup(
        values, scale, values, scale, x, x if residual else None, x, rows, width, width, width, width,
        width if residual else 0, HAS_BIAS=True, HAS_RESIDUAL=residual, ROWS=tile.rows, COLUMNS=tile.columns,
        DEPTH=tile.depth, num_warps=tile.warps, num_stages=tile.stages, grid=(1,),
    )  # fmt: skip


def kernels() -> dict[str, Build]:
    """Every kernel with the arguments of the 0.6B network at 1024 px, in the dtypes that GPUs use."""
    t = MockTensor
    # Names of types instead of tensors: Triton specialises on divisibility by 16, which these sizes have.
    n, d, h, f = 1024, 1152, 36, 2880
    conv = gated_conv.LARGE
    heads, image = (n * d, 32, d, 1), (32 * 32 * 2 * f, 32 * 2 * f, 2 * f, 1)
    builds: dict[str, Build] = {}
    for name, dtype in (("bf16", BF16), ("fp16", FP16), ("fp32", FP32)):
        x = t(dtype)
        upcast, silu = dtype is FP32, gated_conv.silu_for(dtype, torch.device("cuda"))
        builds |= {
            f"linear_attention_state {name}": lambda x=x, upcast=upcast: (
                linear_attention._linear_attention_state_kernel.warmup(
                    x, x, t(FP32), t(FP32), h, n, 32, 512, 2, *heads, *heads,
                    C=32, BLOCK=linear_attention.SPLIT.block, UPCAST=upcast, grid=(1,),
                )
            ),
            f"linear_attention_apply {name}": lambda x=x, upcast=upcast: (
                linear_attention._linear_attention_apply_kernel.warmup(
                    x, t(FP32), t(FP32), x, h, n, 32, 2, 1e-15, 65504.0, *heads, *heads, C=32, grid=(1,),
                    BLOCK=linear_attention.SPLIT.block,
                    PRECISION="ieee" if upcast else linear_attention.SPLIT.precision,
                )
            ),
            f"gated_conv {name}": lambda x=x, silu=silu: gated_conv._gated_conv_kernel.warmup(
                x, x, x, x, 32, 32, f, 4, conv.rows, *image, 9, 1, COLUMNS=conv.columns,
                CHANNELS=conv.channels, FAST=silu, num_warps=conv.warps, grid=(1,),
            ),
            f"modulated_norm {name}": lambda x=x: modulated_norm._modulated_norm_kernel.warmup(
                x, x, x, x, n, d, 1e-6, n * d, d, 0, 0, WIDTH=2048, grid=(1,)
            ),
            f"modulated_norm_int8 {name}": lambda x=x: modulated_norm._modulated_norm_int8_kernel.warmup(
                x, x, x, t(INT8), t(FP32), n, d, 1e-6, 127.0, n * d, d, 0, 0, WIDTH=2048, grid=(1,)
            ),
            f"gated_residual {name}": lambda x=x: gated_residual._gated_residual_kernel.warmup(
                x, x, x, x, n * d, d, 0, BLOCK=gated_residual.BLOCK, grid=(1,)
            ),
            f"qk_norm_relu {name}": lambda x=x: qk_norm_relu._rms_norm_relu_kernel.warmup(
                x, x, x, d, 1e-5, d, WIDTH=2048, grid=(1,)
            ),
            f"channel_norm {name}": lambda x=x: channel_norm._channel_norm_kernel.warmup(
                x, x, x, x, 2**20, 128, 1e-5, ROWS=16, WIDTH=128, SILU=True, grid=(1,)
            ),
            f"pixel_shortcut {name}": lambda x=x: pixel_shortcut._pixel_shortcut_kernel.warmup(
                x, x, x, 128, 1024, 1024, 2, 2**27, 1, 2**17, 128, 2**26, 1, 2**17, 256, 2**27, 1, 2**17, 128,
                BLOCK=pixel_shortcut.BLOCK, grid=(1,),
            ),
            f"quantize_rows {name}": lambda x=x: w8a8._quantize_rows_kernel.warmup(
                x, t(INT8), t(FP32), f, 1 / 127, f, WIDTH=4096, grid=(1,)
            ),
            f"int8_linear {name}": lambda x=x: _int8_linear(x, 2 * n, d, residual=False),
            f"int8_linear_residual {name}": lambda x=x: _int8_linear(x, 2 * n, d, residual=True),
        }  # fmt: skip
    return builds


def rows(targets: tuple[int, ...], builds: dict[str, Build]) -> Iterator[dict[str, object]]:
    """Compile everything for every target, one row each."""
    for capability in targets:
        triton.runtime.driver.set_active(AbsentDriver(capability))
        for name, build in builds.items():
            began = time.perf_counter()
            row: dict[str, object] = {"target": f"sm_{capability}", "kernel": name}
            said = io.StringIO()
            try:
                # A failure prints the whole module; the first line of the error is what helps.
                with contextlib.redirect_stderr(said):
                    compiled = build()
                    compiled = compiled.result() if hasattr(compiled, "result") else compiled
            except Exception as error:  # noqa: BLE001  # the compiler fails in its own ways, and each is a row
                yield row | {"ok": False, "error": f"{type(error).__name__}: {error}"[:200]}
                continue
            yield row | {"ok": True, "seconds": round(time.perf_counter() - began, 2)} | _taken(compiled)


def _taken(compiled: Any) -> dict[str, object]:
    """Registers, stack and shared memory of a compiled kernel, and the matrix instruction it uses."""
    tool = Path(triton.__file__).parent / "backends" / "nvidia" / "bin" / "cuobjdump"
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(compiled.asm["cubin"])
        file.flush()
        command = [str(tool), "--dump-resource-usage", file.name]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"REG:(\d+) STACK:(\d+)", said)
    products = sorted(set(re.findall(r"(?:wgmma\.mma_async|mma\.sync|tcgen05\.mma)[\w.:]*", compiled.asm["ptx"])))
    return {
        "registers": int(found[1]) if found else "unknown",
        "stack_bytes": int(found[2]) if found else "unknown",
        "shared_bytes": compiled.metadata.shared,
        "matrix_instruction": products[0] if products else "",
    }


def main() -> int:
    """Compile, print, and write the table if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", type=int, nargs="+", default=list(TARGETS))
    parser.add_argument("--only", default="", help="kernels whose names contain this")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--csv", type=Path)
    options = parser.parse_args()
    builds = {name: build for name, build in kernels().items() if options.only in name}
    failed = 0
    with tempfile.TemporaryDirectory() as cache:
        os.environ["TRITON_CACHE_DIR"] = cache
        for row in rows(tuple(options.targets), builds):
            failed += not row["ok"]
            print(json.dumps(row) if options.json else "  ".join(str(value) for value in row.values()), flush=True)
            if options.csv and row["ok"]:
                append_row(options.csv, row)
    return 1 if failed or not builds else 0


if __name__ == "__main__":
    raise SystemExit(main())
