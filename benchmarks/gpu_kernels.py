"""The slices of `benchmarks.gpu` about single operations: which version is trusted, how right and how fast it is."""

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import cast

import torch
from torch import Tensor

from benchmarks.gpu_bench import Bench, Row, left_out, name_of
from benchmarks.networks import worst_error
from benchmarks.roofline import table
from sana_kernels import OPERATIONS
from sana_kernels.dispatch import fused_module, why_not_fused

# A width at which torch's own product of bytes works.
LEAST_TOKENS = 17
SECONDS_TO_WAIT = 20.0


def ceiling_side(bench: Bench) -> int:
    """Side of the matrix product that shows what the machine can do."""
    return 8192 if bench.on_card else 128


def trust(bench: Bench) -> Iterator[Row]:
    """Which version of every operation dispatch chooses here, and why."""
    for operation in OPERATIONS:
        for dtype in (torch.bfloat16, torch.float16, torch.float32):

            def asked(operation: object = operation, dtype: torch.dtype = dtype) -> Row:
                one = next(known for known in OPERATIONS if known is operation)
                choice = one.choice(bench.device, dtype)
                return {
                    "version": choice.version,
                    "reason": choice.reason,
                    "without_check": why_not_fused(one, bench.device, dtype, trusted=True) or "fused",
                }

            yield bench.attempt({"name": operation.name, "dtype": name_of(dtype)}, asked)


def kernels(bench: Bench) -> Iterator[Row]:
    """Every operation at the shapes of a guided step, reference against Triton; the largest size fits in no cache."""
    if importlib.util.find_spec("triton") is None:
        yield {"name": "kernels", "note": "Triton is not installed"}
        return
    bench.wait(SECONDS_TO_WAIT)
    for size in dict.fromkeys((bench.middle, bench.sizes[-1])):
        for name, arguments in kernel_inputs(bench, size).items():
            if bench.late():
                yield left_out(size)
                return
            row: Row = {"name": name, "size": size, "dtype": name_of(bench.dtype)}
            yield bench.attempt(row, lambda name=name, given=arguments: _kernel(bench, name, given))


def _kernel(bench: Bench, name: str, arguments: tuple[Tensor, ...]) -> Row:
    operation = next(one for one in OPERATIONS if one.name == name)
    fused = cast("Callable[..., Tensor]", getattr(fused_module(name), operation.reference.__name__))
    truth = operation.reference(*(part.float() for part in arguments))
    plain, found = operation.reference(*arguments), fused(*arguments)
    error, plain_error = worst_error(found, truth), worst_error(plain, truth)
    del truth, plain
    row: Row = {"error": error, "plain_error": plain_error}
    if error > max(2 * plain_error, 1e-2):
        return row | {"note": "wrong, so it has no speed"}
    plain_ms = bench.card_ms(lambda: operation.reference(*arguments))
    fused_ms = bench.card_ms(lambda: fused(*arguments))
    moved = sum(part.numel() * part.element_size() for part in (*arguments, found))
    return row | {
        "plain_ms": plain_ms,
        "fused_ms": fused_ms,
        "call_ms": bench.ms(lambda: fused(*arguments), bench.inner),
        "ratio": round(plain_ms / fused_ms, 2),
        "gb_per_s": round(moved / fused_ms / 1e6, 1),
    }


def int8(bench: Bench) -> Iterator[Row]:
    """The 8-bit product at the widths of the feed-forward, against the 16-bit one and torch's own 8-bit one."""
    if importlib.util.find_spec("triton") is None:
        yield {"name": "int8", "note": "Triton is not installed"}
        return
    for size in dict.fromkeys((bench.middle, bench.sizes[-1])):
        tokens = 2 * (size // 32) ** 2
        widths = ((bench.dit.width, 2 * bench.dit.ffn_width), (bench.dit.ffn_width, bench.dit.width))
        for width_in, width_out in widths:
            row: Row = {"name": f"{width_in} to {width_out}", "size": size, "tokens": tokens}
            yield bench.attempt(
                row, lambda tokens=tokens, ends=(width_in, width_out): _int8_product(bench, tokens, *ends)
            )


def _int8_product(bench: Bench, tokens: int, width_in: int, width_out: int) -> Row:
    ours = importlib.import_module("sana_kernels.w8a8.fused")
    reference = importlib.import_module("sana_kernels.w8a8.reference")
    x = torch.randn(tokens, width_in, device=bench.device, dtype=bench.dtype)
    weight = torch.randn(width_out, width_in, device=bench.device, dtype=bench.dtype)
    packed, scale = reference.quantize_rows(weight)
    expected = reference.int8_linear(*reference.quantize_rows(x), packed, scale, None, dtype=bench.dtype)

    def run() -> Tensor:
        return ours.int8_linear(*ours.quantize_rows(x), packed, scale, None, dtype=bench.dtype)

    row: Row = {"error": worst_error(run(), expected)}
    if cast(float, row["error"]) > 2e-2:
        return row | {"note": "wrong, so it has no speed"}
    del expected
    levels, _ = ours.quantize_rows(x)
    plain_ms, fused_ms = bench.card_ms(lambda: x @ weight.T), bench.card_ms(run)
    row |= {
        "plain_ms": plain_ms,
        "fused_ms": fused_ms,
        "ratio": round(plain_ms / fused_ms, 2),
        "tops": round(2.0 * tokens * width_in * width_out / fused_ms / 1e9, 2),
    }
    if tokens >= LEAST_TOKENS and width_in % 8 == 0 == width_out % 8:
        row["torch_ms"] = bench.card_ms(lambda: torch.ops.aten._int_mm(levels, packed.T))
    return row


def roofline(bench: Bench) -> Iterator[Row]:
    """Every phase of a block over its floor."""
    for size in bench.sizes:
        if bench.late():
            yield left_out(size)
            return
        yield from table(
            replace(bench.dit, layers=1), size, bench.device, bench.dtype, bench.rounds, ceiling_side(bench)
        )


def kernel_inputs(bench: Bench, size: int) -> Mapping[str, tuple[Tensor, ...]]:
    """What each operation gets in a guided step of `size`; DC-AE's at a stage of 128 channels."""
    config, side = bench.dit, size // 32
    tokens, width, hidden = side * side, config.width, 2 * config.ffn_width
    channels, pixels = (128, 8 * side) if bench.on_card else (16, side)

    def random(*shape: int) -> Tensor:
        return torch.randn(shape, device=bench.device, dtype=bench.dtype)

    heads = [random(2, tokens, width).view(2, tokens, config.heads, -1).transpose(1, 2) for _ in range(3)]
    return {
        "linear_attention": tuple(heads),
        "gated_conv": (random(2, side, side, hidden), random(hidden, 1, 3, 3), random(hidden)),
        "modulated_norm": (random(2, tokens, width), random(1, 1, width), random(1, 1, width)),
        "gated_residual": (random(2, tokens, width), random(1, 1, width), random(2, tokens, width)),
        "qk_norm_relu": (random(2, tokens, width), random(width)),
        "channel_norm": (random(1, pixels, pixels, channels), random(channels), random(channels)),
        # Channels last, as a decode keeps them.
        "pixel_shortcut": (
            random(1, 2 * pixels, 2 * pixels, channels).permute(0, 3, 1, 2),
            random(1, pixels, pixels, 2 * channels).permute(0, 3, 1, 2),
        ),
    }
