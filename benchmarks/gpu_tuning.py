"""Shapes of the Triton kernels against each other on a GPU; the defaults in `kernels/` are set by what this prints.

    python -m benchmarks.gpu_tuning --seconds 15

PYTHONPATH=.:models:kernels where the project is not installed. Every variant is compared with the fp32 reference
first; a wrong one has no speed. Times are of replayed CUDA graphs, the median of some; the fastest comes first.
`--other FILE` times another `fused.py` of the gated convolution beside ours.
"""

import argparse
import importlib.util
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from benchmarks.gpu_bench import Bench
from benchmarks.gpu_kernels import kernel_inputs
from benchmarks.networks import worst_error
from sana_kernels.gated_conv import fused as conv
from sana_kernels.gated_conv.reference import gated_depthwise_conv as conv_reference
from sana_kernels.linear_attention import fused as attention
from sana_kernels.linear_attention.reference import relu_linear_attention as attention_reference
from sana_kernels.pixel_shortcut import fused as shortcut
from sana_kernels.pixel_shortcut.reference import add_pixel_shortcut as shortcut_reference
from sana_kernels.w8a8 import fused as w8a8
from sana_models.configs import SANA_0_6B, DCAEConfig

Variants = dict[str, Callable[[], Tensor]]
SHAPES = tuple(
    conv.Shape(rows, columns, channels, warps)
    for rows in (4, 8, 16, 32)
    for columns, channels, warps in ((4, 64, 1), (8, 64, 1), (4, 128, 2), (8, 64, 2), (2, 128, 1))
)
TILES = ((128, 64, 64, 4, 3), (128, 128, 128, 8, 3), (128, 256, 64, 8, 3), (128, 256, 128, 8, 3), (128, 128, 64, 4, 4),
         (256, 128, 64, 8, 3), (64, 128, 128, 4, 4))  # fmt: skip
LIMIT = 1e-2


def gated_conv(bench: Bench, size: int, other: Any) -> tuple[Tensor, float, Variants]:
    """Strips of different lengths and widths; then the weights laid out by tap, and other ways to compute SiLU."""
    x, weight, bias = kernel_inputs(bench, size)["gated_conv"]
    truth = conv_reference(x.float(), weight.float(), bias.float())
    found: Variants = {"plain torch": lambda: conv_reference(x, weight, bias)}
    if other is not None:
        found["other"] = lambda: other.gated_depthwise_conv(x, weight, bias)
    side = size // 32
    for shape in SHAPES:
        if shape.rows <= side and shape.columns <= side:
            name = f"rows {shape.rows} columns {shape.columns} channels {shape.channels} warps {shape.warps}"
            found[name] = partial(conv.gated_depthwise_conv, x, weight, bias, shape=shape)
    by_tap = weight.reshape(-1, 9).T.contiguous().T.reshape(weight.shape)
    base = conv.Shape(min(side, 16), 4, 64, 1)
    found["rows 16 columns 4 channels 64 warps 1, weights by tap"] = partial(
        conv.gated_depthwise_conv, x, by_tap, bias, shape=base
    )
    for fast, name in ((0, "scaled exp and quotient"), (2, "approximate tanh")):
        found[f"rows 16 columns 4 channels 64 warps 1, {name}"] = partial(
            conv.gated_depthwise_conv, x, weight, bias, shape=base, fast=fast
        )
    return truth, float(x.nbytes + x.nbytes // 2), found


def linear_attention(bench: Bench, size: int, other: Any) -> tuple[Tensor, float, Variants]:
    """Tokens per block and per part, and the product with the state in three tf32 pieces."""
    del other
    q, k, v = kernel_inputs(bench, size)["linear_attention"]
    truth = attention_reference(q.float(), k.float(), v.float())
    found: Variants = {"plain torch": lambda: attention_reference(q, k, v)}

    def run(block: int, part: int, most: int, precision: str) -> Tensor:
        attention.TOKENS_PER_BLOCK, attention.TOKENS_PER_PART = block, part
        attention.MOST_PARTS, attention.PRECISION = most, precision
        return attention.relu_linear_attention(q, k, v)

    for block in (64, 128):
        for part, most in ((512, 16), (256, 64), (1024, 16)):
            for precision in ("ieee", "tf32x3"):
                name = f"block {block} part {part} at most {most} {precision}"
                found[name] = partial(run, block, part, most, precision)
    return truth, float(4 * q.nbytes), found


def pixel_shortcut(bench: Bench, size: int, other: Any) -> tuple[Tensor, float, Variants]:
    """Values per program."""
    del other
    out, x = kernel_inputs(bench, size)["pixel_shortcut"]
    truth = shortcut_reference(out.float(), x.float())

    def run(block: int) -> Tensor:
        shortcut.BLOCK = block
        return shortcut.add_pixel_shortcut(out, x)

    found: Variants = {f"block {block}": partial(run, block) for block in (512, 1024, 2048, 4096)}
    return truth, float(2 * out.nbytes + x.nbytes), found


def int8(bench: Bench, size: int, other: Any) -> tuple[Tensor, float, Variants]:
    """The wide product of the feed-forward in 8 bit: tiles of ours, and torch's product alone."""
    del other
    return _int8(bench, size, 1152, 5760)


def int8_back(bench: Bench, size: int, other: Any) -> tuple[Tensor, float, Variants]:
    """The product back to the network's width."""
    del other
    return _int8(bench, size, 2880, 1152)


def _int8(bench: Bench, size: int, width_in: int, width_out: int) -> tuple[Tensor, float, Variants]:
    tokens = 2 * (size // 32) ** 2
    x = torch.randn(tokens, width_in, device=bench.device, dtype=bench.dtype)
    weight = torch.randn(width_out, width_in, device=bench.device, dtype=bench.dtype)
    values, scale = w8a8.quantize_rows(x)
    packed, weight_scale = w8a8.quantize_rows(weight)
    truth = (values.double() @ packed.double().T).float() * scale * weight_scale.T

    def tiled(tile: tuple[int, int, int, int, int]) -> Tensor:
        w8a8.ROWS, w8a8.COLUMNS, w8a8.DEPTH, w8a8.WARPS, w8a8.STAGES = tile
        return w8a8.int8_linear(values, scale, packed, weight_scale, None, dtype=bench.dtype)

    def by_torch() -> Tensor:
        return (torch._int_mm(values, packed.T) * (scale * weight_scale.T)).to(bench.dtype)

    found: Variants = {"16 bit": lambda: x @ weight.T, "torch, three passes": by_torch}
    found["quantizing alone"] = lambda: w8a8.quantize_rows(x)[0]
    found["torch, product alone"] = lambda: torch._int_mm(values, packed.T)
    for tile in TILES:
        found[f"tile {tile[:3]} warps {tile[3]} stages {tile[4]}"] = partial(tiled, tile)
    return truth, 2.0 * tokens * width_in * width_out, found


PARTS = (
    (gated_conv, 1024), (gated_conv, 4096), (int8, 4096), (int8_back, 4096), (gated_conv, 512), (gated_conv, 2048),
    (linear_attention, 1024), (linear_attention, 4096), (pixel_shortcut, 1024), (int8, 1024), (int8_back, 1024),
)  # fmt: skip
# What is compared with nothing: not the same result, only a time to have beside the others.
APART = ("quantizing alone", "torch, product alone", "16 bit")


@torch.inference_mode()
def rows(bench: Bench, part: Any, size: int, other: Any) -> Iterator[str]:
    """A line for every variant, the fastest first."""
    truth, amount, variants = part(bench, size, other)
    taken: list[tuple[float, str]] = []
    for name, run in variants.items():
        try:
            error = 0.0 if name in APART else worst_error(run(), truth)
            if not error <= LIMIT:
                taken.append((float("inf"), f"{name}: wrong by {error:.2g}"))
                continue
            spent = bench.card_ms(run)
            taken.append((spent, f"{spent:.4f} ms {amount / spent / 1e6:8.0f} G/s error {error:.1e} {name}"))
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one variant, the next is measured
            taken.append((float("inf"), f"{name}: {type(error).__name__}: {' '.join(str(error).split())[:120]}"))
    for _, line in sorted(taken, key=lambda one: one[0]):
        yield f"{part.__name__} {size}: {line}"


def main() -> int:
    """Print everything that fits into the time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--other", type=Path)
    parser.add_argument("--tiny", action="store_true", help="one small size, to check this script")
    options = parser.parse_args()
    device = torch.device(options.device, 0) if options.device == "cuda" else torch.device(options.device)
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    until = time.monotonic() + options.seconds
    bench = Bench(device, dtype, SANA_0_6B, DCAEConfig(), (512, 1024), 5, 10, until)
    if options.tiny:
        bench = replace(
            bench,
            dit=replace(SANA_0_6B, heads=2, head_channels=16, cross_heads=2, cross_head_channels=16),
            rounds=1,
            inner=1,
        )
    other = None
    if options.other is not None:
        spec = importlib.util.spec_from_file_location("other_fused", options.other)
        assert spec is not None, f"no module in {options.other}"
        assert spec.loader is not None, f"nothing loads {options.other}"
        other = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(other)
    for part, size in PARTS:
        if bench.late():
            print(f"{part.__name__} {size}: left out, the time is used up")
            continue
        for line in rows(bench, part, 128 if options.tiny else size, other):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
