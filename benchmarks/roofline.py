"""Where the time of a step goes, and how far each phase is above what the machine allows.

    .venv/bin/python -m benchmarks.roofline --size 512
    .venv/bin/python -m benchmarks.roofline --size 1024 --csv benchmarks/results/roofline.csv

The ceilings are measured first: a large matrix product and a copy between buffers far larger than the caches. Then
every phase of one block of Sana 0.6B runs at its true shape with two rows, as the product runs it. On a CPU the
times are those of all threads together, divided by their number, so that other programs hardly count.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from torch.nn import functional

from benchmarks.arithmetic import block_phases
from benchmarks.networks import fast_dtype, random_dit
from benchmarks.record import append_row
from sana_kernels import gated_depthwise_conv, gated_residual, modulated_layer_norm, relu_linear_attention
from sana_models.configs import SANA_0_6B, DiTConfig
from sana_models.dit_blocks import SanaBlock
from sana_models.packed_linear import pack_linears

ROWS, TEXT = 2, 60
COPIED_BYTES = 2**28


def seconds(run: Callable[[], object], device: torch.device, rounds: int) -> float:
    """The median of some runs; on a CPU of the threads' time over their number."""
    run()
    taken: list[float] = []
    for _ in range(rounds):
        if device.type == "cuda":
            torch.cuda.synchronize(device)
            began = time.perf_counter()
            run()
            torch.cuda.synchronize(device)
            taken.append(time.perf_counter() - began)
        else:
            began = time.process_time()
            run()
            taken.append((time.process_time() - began) / torch.get_num_threads())
    return median(taken)


def ceilings(device: torch.device, dtype: torch.dtype, rounds: int, side: int) -> tuple[float, float]:
    """FLOP per second of a square matrix product of `side`, and bytes per second of a copy (read and written)."""
    left, right = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    product = 2.0 * side**3 / seconds(lambda: torch.mm(left, right), device, rounds)
    source = torch.ones(COPIED_BYTES // 4, device=device)
    target = torch.empty_like(source)
    copy = 2.0 * COPIED_BYTES / seconds(lambda: target.copy_(source), device, rounds)
    return product, copy


@torch.inference_mode()
def phases(config: DiTConfig, size: int, device: torch.device, dtype: torch.dtype, rounds: int) -> dict[str, float]:
    """Seconds of every phase of one block, in the order of `arithmetic.block_phases`."""
    side = size // 32
    network = random_dit(config, dtype, device)
    pack_linears(network.transformer_blocks, ROWS * side * side)
    block = network.transformer_blocks[0]
    assert isinstance(block, SanaBlock)
    tokens, width = side * side, config.width
    x = torch.randn(ROWS, tokens, width, device=device, dtype=dtype)
    wide = torch.randn(ROWS, side, side, 2 * config.ffn_width, device=device, dtype=dtype)
    narrow = torch.randn(ROWS, tokens, config.ffn_width, device=device, dtype=dtype)
    signal = torch.randn(1, 1, width, device=device, dtype=dtype)
    heads = [torch.randn_like(x).view(ROWS, tokens, config.heads, -1).transpose(1, 2) for _ in range(3)]
    query = torch.randn_like(x).view(ROWS, tokens, config.cross_heads, -1).transpose(1, 2)
    keys = torch.randn(ROWS, config.cross_heads, TEXT, config.cross_head_channels, device=device, dtype=dtype)
    depthwise = block.ff.conv_depth
    assert depthwise.bias is not None
    conv_bias = depthwise.bias
    self_out, cross_out = block.attn1.to_out[0], block.attn2.to_out[0]
    projections = (
        block.attn1.to_q, block.attn1.to_k, block.attn1.to_v, self_out, block.attn2.to_q, cross_out
    )  # fmt: skip

    def twice(run: Callable[[], object]) -> Callable[[], object]:
        return lambda: (run(), run())

    runs: dict[str, Callable[[], object]] = {
        "projections": lambda: [layer(x) for layer in projections],
        "linear attention": lambda: relu_linear_attention(*heads).transpose(1, 2).flatten(2),
        "cross-attention": lambda: functional.scaled_dot_product_attention(query, keys, keys),
        "feed-forward in": lambda: block.ff.conv_inverted(x),
        "gated convolution": lambda: gated_depthwise_conv(wide, depthwise.weight, conv_bias),
        "feed-forward out": lambda: block.ff.conv_point(narrow),
        "two modulated norms": twice(lambda: modulated_layer_norm(x, signal, signal)),
        "residuals": lambda: (gated_residual(x, signal, x), gated_residual(x, signal, x), x + x),
    }
    return {name: seconds(run, device, rounds) for name, run in runs.items()}


def table(
    config: DiTConfig, size: int, device: torch.device, dtype: torch.dtype, rounds: int, ceiling_side: int
) -> list[dict[str, object]]:
    """A row per phase and one for the sum, for one block."""
    flop_per_second, bytes_per_second = ceilings(device, dtype, rounds, ceiling_side)
    tokens = (size // 32) ** 2
    costs = block_phases(config, ROWS, tokens, TEXT, dtype.itemsize)
    taken = phases(config, size, device, dtype, rounds)
    floors = {name: cost.floor(flop_per_second, bytes_per_second) for name, cost in costs.items()}
    whole = sum(taken.values())

    def row(name: str, measured: float, floor: float) -> dict[str, object]:
        return {
            "size": size,
            "precision": str(dtype).removeprefix("torch."),
            "gflops_ceiling": round(flop_per_second / 1e9, 1),
            "gbs_ceiling": round(bytes_per_second / 1e9, 1),
            "phase": name,
            "ms": round(1e3 * measured, 3),
            "share": round(measured / whole, 3),
            "floor_ms": round(1e3 * floor, 3),
            "over_floor": round(measured / floor, 2),
        }

    rows = [row(name, taken[name], floors[name]) for name in costs]
    return [*rows, row("whole block", whole, sum(floors.values()))]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--csv", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    device = torch.device(options.device)
    one_block = DiTConfig(layers=1)
    assert one_block.width == SANA_0_6B.width
    for row in table(one_block, options.size, device, fast_dtype(device), options.rounds, 2048):
        print("  ".join(f"{value!s:>12}" for value in row.values()))
        if options.csv:
            append_row(options.csv, row)


if __name__ == "__main__":
    main()
