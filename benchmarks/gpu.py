"""Everything that a machine with an NVIDIA GPU should measure, in slices of less than ten minutes, without a network.

    python -m benchmarks.gpu --list
    python -m benchmarks.gpu trust kernels --csv benchmarks/results/gpu.csv
    python -m benchmarks.gpu all --csv benchmarks/results/gpu.csv
    TRITON_INTERPRET=1 python -m benchmarks.gpu all --device cpu --tiny      # checks this script without a GPU

Needs torch, triton, safetensors, transformers and numpy; PYTHONPATH=.:models:kernels where the project is not
installed. diffusers is compared with if it is there. Weights are random at the published shapes, so nothing is
downloaded. A slice prints its rows as they come; one that has used its time (`--seconds`) says what it left out.
Speeds of a path stand in the table only beside its error against the reference; a wrong one has no speed.
"""

import argparse
import importlib
import importlib.util
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any, cast

import torch
from torch import Tensor

from benchmarks.arithmetic import step as step_cost
from benchmarks.networks import diffusers_dcae, diffusers_dit, fast_dtype, random_dcae, random_dit, worst_error
from benchmarks.record import append_row
from benchmarks.roofline import ceilings, table
from sana_desktop.engine.guidance import denoiser
from sana_desktop.engine.sampling.dpm_flow import sample_flow_dpm
from sana_desktop.engine.sampling.schedule import flow_sigmas
from sana_desktop.engine.text_features import TextFeatures
from sana_kernels import OPERATIONS
from sana_kernels.dispatch import WISH, fused_module, why_not_fused
from sana_models.configs import SANA_0_6B, DCAEConfig, DiTConfig

Row = dict[str, object]
STEPS, TEXT, GUIDANCE, SHIFT, LEVEL = 20, 60, 4.5, 3.0, 0.7
# Two paths in 16 bit differ by some roundings per block.
STEP_TOLERANCE = {torch.float32: 1e-3, torch.bfloat16: 6e-2, torch.float16: 3e-2}
TINY_DIT = replace(
    SANA_0_6B, layers=1, heads=2, head_channels=16, cross_heads=2, cross_head_channels=16, caption_channels=12
)
TINY_DCAE = DCAEConfig(
    attention_head_dim=8,
    encoder_block_out_channels=(4, 8, 8, 16, 32, 64),
    decoder_block_out_channels=(4, 8, 8, 16, 32, 64),
    encoder_layers_per_block=(1, 1, 1, 1, 1, 1),
    decoder_layers_per_block=(1, 1, 1, 1, 1, 1),
)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a slice measures with, and until when."""

    device: torch.device
    dtype: torch.dtype
    dit: DiTConfig
    dcae: DCAEConfig
    sizes: tuple[int, ...]
    rounds: int
    inner: int
    deadline: float

    def late(self) -> bool:
        """Whether the slice's time is used up."""
        return time.monotonic() > self.deadline

    def ms(self, run: Callable[[], object], inner: int = 1) -> float:
        """Milliseconds of one run: the median of some rounds of `inner` runs each, after one that does not count."""
        run()
        taken: list[float] = []
        for _ in range(self.rounds):
            self.settle()
            began = time.perf_counter()
            for _ in range(inner):
                run()
            self.settle()
            taken.append((time.perf_counter() - began) / inner)
        return round(1e3 * median(taken), 4)

    def settle(self) -> None:
        """Wait until the GPU has done what it was told."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def peak_mib(self, run: Callable[[], object]) -> float:
        """Most memory that tensors held during a run; 0 on a CPU."""
        if self.device.type != "cuda":
            return 0.0
        torch.cuda.reset_peak_memory_stats(self.device)
        run()
        self.settle()
        return round(torch.cuda.max_memory_allocated(self.device) / 2**20, 1)


def trust(bench: Bench) -> Iterator[Row]:
    """Which version of every operation dispatch chooses here, and why."""
    for operation in OPERATIONS:
        for dtype in (torch.bfloat16, torch.float16, torch.float32):
            choice = operation.choice(bench.device, dtype)
            yield {
                "name": operation.name,
                "dtype": _name(dtype),
                "version": choice.version,
                "reason": choice.reason,
                "without_check": why_not_fused(operation, bench.device, dtype, trusted=True) or "fused",
            }


def kernels(bench: Bench) -> Iterator[Row]:
    """Every operation at the shapes of a guided step of 1024 px, reference against Triton."""
    if importlib.util.find_spec("triton") is None:
        yield {"name": "kernels", "note": "Triton is not installed"}
        return
    for name, arguments in _kernel_inputs(bench).items():
        operation = next(one for one in OPERATIONS if one.name == name)
        fused = cast("Callable[..., Tensor]", getattr(fused_module(name), operation.reference.__name__))
        as_fp32 = [part.float() for part in arguments]
        truth = operation.reference(*as_fp32)
        plain, found = operation.reference(*arguments), fused(*arguments)
        error, plain_error = worst_error(found, truth), worst_error(plain, truth)
        row: Row = {"name": name, "dtype": _name(bench.dtype), "error": error, "plain_error": plain_error}
        if error > max(2 * plain_error, 1e-2):
            yield row | {"note": "wrong, so it has no speed"}
            continue
        plain_ms = bench.ms(lambda run=operation.reference, given=arguments: run(*given), bench.inner)
        fused_ms = bench.ms(lambda run=fused, given=arguments: run(*given), bench.inner)
        moved = sum(part.numel() * part.element_size() for part in (*arguments, found))
        yield row | {
            "plain_ms": plain_ms,
            "fused_ms": fused_ms,
            "ratio": round(plain_ms / fused_ms, 2),
            "gb_per_s": round(moved / fused_ms / 1e6, 1),
        }


def int8(bench: Bench) -> Iterator[Row]:
    """The 8-bit product at the widths of the feed-forward, against the 16-bit one and torch's own 8-bit one."""
    if importlib.util.find_spec("triton") is None:
        yield {"name": "int8", "note": "Triton is not installed"}
        return
    ours = importlib.import_module("sana_kernels.w8a8.fused")
    reference = importlib.import_module("sana_kernels.w8a8.reference")
    tokens = 2 * (bench.sizes[-1] // 32) ** 2
    for width_in, width_out in ((bench.dit.width, 2 * bench.dit.ffn_width), (bench.dit.ffn_width, bench.dit.width)):
        x = torch.randn(tokens, width_in, device=bench.device, dtype=bench.dtype)
        weight = torch.randn(width_out, width_in, device=bench.device, dtype=bench.dtype)
        packed, scale = reference.quantize_rows(weight)
        expected = reference.int8_linear(*reference.quantize_rows(x), packed, scale, None, dtype=bench.dtype)

        def run(x: Tensor = x, packed: Tensor = packed, scale: Tensor = scale) -> Tensor:
            return ours.int8_linear(*ours.quantize_rows(x), packed, scale, None, dtype=bench.dtype)

        error = worst_error(run(), expected)
        row: Row = {"name": f"{width_in} to {width_out}", "tokens": tokens, "error": error}
        if error > 2e-2:
            yield row | {"note": "wrong, so it has no speed"}
            continue
        plain_ms, fused_ms = bench.ms(lambda x=x, weight=weight: x @ weight.T, bench.inner), bench.ms(run, bench.inner)
        flop = 2.0 * tokens * width_in * width_out
        yield row | {
            "plain_ms": plain_ms,
            "fused_ms": fused_ms,
            "ratio": round(plain_ms / fused_ms, 2),
            "tops": round(flop / fused_ms / 1e9, 2),
        }


def roofline(bench: Bench) -> Iterator[Row]:
    """Every phase of a block over its floor."""
    for size in bench.sizes:
        if bench.late():
            yield {"name": f"{size} px and up", "note": "left out: the slice's time is used up"}
            return
        side = 8192 if bench.device.type == "cuda" else 128
        yield from table(replace(bench.dit, layers=1), size, bench.device, bench.dtype, bench.rounds, side)


def step(bench: Bench) -> Iterator[Row]:
    """A guided step: plain torch, Triton, diffusers eager and compiled if it is there; growth with the pixels."""
    network = random_dit(bench.dit, bench.dtype, bench.device)
    flop_per_second, bytes_per_second = ceilings(
        bench.device, bench.dtype, bench.rounds, 8192 if bench.device.type == "cuda" else 128
    )
    for size in bench.sizes:
        if bench.late():
            yield {"name": f"{size} px and up", "note": "left out: the slice's time is used up"}
            return
        side = size // 32
        latents = torch.randn(1, 32, side, side, device=bench.device)
        ours = _denoiser(bench, network)
        os.environ[WISH] = "reference"
        expected = ours(latents, LEVEL)
        cost = step_cost(bench.dit, 2, side * side, TEXT, bench.dtype.itemsize)
        floor_ms = 1e3 * cost.floor(flop_per_second, bytes_per_second)
        contestants: dict[str, tuple[str, Callable[[], Tensor]]] = {
            "plain": ("reference", lambda latents=latents, ours=ours: ours(latents, LEVEL)),
            "ours": ("auto", lambda latents=latents, ours=ours: ours(latents, LEVEL)),
        }
        for name, peer in _peers(bench, network, latents).items():
            contestants[name] = ("reference", peer)
        for name, (wish, run) in contestants.items():
            os.environ[WISH] = wish
            row: Row = {"name": name, "size": size, "error": worst_error(run(), expected)}
            if cast(float, row["error"]) > STEP_TOLERANCE[bench.dtype]:
                yield row | {"note": "wrong, so it has no speed"}
                continue
            taken = bench.ms(run)
            yield row | {
                "ms": taken,
                "tflops": round(cost.flop / taken / 1e9, 3),
                "over_floor": round(taken / floor_ms, 2),
                "peak_mib": bench.peak_mib(run),
            }
        os.environ[WISH] = "auto"


def batch(bench: Bench) -> Iterator[Row]:
    """Eight pictures at once against eight single ones."""
    network = random_dit(bench.dit, bench.dtype, bench.device)
    side = bench.sizes[0] // 32
    latents = torch.randn(8, 32, side, side, device=bench.device)
    ours = _denoiser(bench, network)
    together = lambda: ours(latents, LEVEL)  # noqa: E731
    apart = lambda: torch.cat([ours(row[None], LEVEL) for row in latents])  # noqa: E731
    error = worst_error(together(), apart())
    both = {"together": bench.ms(together), "apart": bench.ms(apart)}
    yield {
        "name": "eight pictures",
        "size": bench.sizes[0],
        "error": error,
        "together_ms": both["together"],
        "apart_ms": both["apart"],
        "ratio": round(both["apart"] / both["together"], 2),
        "peak_mib": bench.peak_mib(together),
    }


def decode(bench: Bench) -> Iterator[Row]:
    """DC-AE's decoder against diffusers'; never in fp16, which its activations leave."""
    dtype = torch.float32 if bench.device.type == "cpu" else torch.bfloat16
    network = random_dcae(bench.dcae, dtype, bench.device).to(memory_format=torch.channels_last)
    for size in bench.sizes:
        if bench.late():
            yield {"name": f"{size} px and up", "note": "left out: the slice's time is used up"}
            return
        latents = torch.randn(1, 32, size // 32, size // 32, device=bench.device, dtype=dtype)
        ours = lambda latents=latents: network.decode(latents.to(memory_format=torch.channels_last))  # noqa: E731
        row: Row = {"name": "ours", "size": size}
        try:
            row |= {"ms": bench.ms(ours), "peak_mib": bench.peak_mib(ours)}
        except torch.cuda.OutOfMemoryError:
            yield row | {"note": "out of memory; the product decodes this size in tiles"}
            return
        yield row
        if importlib.util.find_spec("diffusers") is not None:
            peer = diffusers_dcae(network)
            run = lambda latents=latents, peer=peer: peer.decode(latents).sample  # noqa: E731
            error = worst_error(run(), ours())
            yield {"name": "diffusers eager", "size": size, "error": error, "ms": bench.ms(run)}


def picture(bench: Bench) -> Iterator[Row]:
    """Noise to pixels in 20 guided steps: latency and peak memory; the text encoder is not in it."""
    network = random_dit(bench.dit, bench.dtype, bench.device)
    decoder_dtype = torch.float32 if bench.device.type == "cpu" else torch.bfloat16
    decoder = random_dcae(bench.dcae, decoder_dtype, bench.device).to(memory_format=torch.channels_last)
    sigmas = flow_sigmas(STEPS, SHIFT)
    for size in bench.sizes:
        if bench.late():
            yield {"name": f"{size} px and up", "note": "left out: the slice's time is used up"}
            return
        noise = torch.randn(1, 32, size // 32, size // 32, device=bench.device)
        ours = _denoiser(bench, network)

        def draw(noise: Tensor = noise, ours: Any = ours) -> Tensor:
            clean: list[Tensor] = []
            sample_flow_dpm(ours, noise, sigmas, lambda state: clean.append(state.clean))
            return decoder.decode(clean[-1].to(decoder_dtype).to(memory_format=torch.channels_last))

        try:
            yield {"name": "20 steps", "size": size, "ms": bench.ms(draw), "peak_mib": bench.peak_mib(draw)}
        except torch.cuda.OutOfMemoryError:
            yield {"name": "20 steps", "size": size, "note": "out of memory; the product decodes this size in tiles"}
            return


SLICES: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "trust": trust,
    "kernels": kernels,
    "int8": int8,
    "roofline": roofline,
    "step": step,
    "batch": batch,
    "decode": decode,
    "picture": picture,
}


def _denoiser(bench: Bench, network: Any) -> Callable[[Tensor, float], Tensor]:
    texts = [
        TextFeatures(
            torch.randn(1, tokens, bench.dit.caption_channels, generator=torch.Generator().manual_seed(tokens)),
            torch.ones(1, tokens),
        )
        for tokens in (TEXT, 1)
    ]
    return denoiser(network, *texts, GUIDANCE, dtype=bench.dtype, device=bench.device)


def _peers(bench: Bench, network: Any, latents: Tensor) -> dict[str, Callable[[], Tensor]]:
    """diffusers' transformer on the same weights and texts, as it is and compiled; nothing where it is missing."""
    if importlib.util.find_spec("diffusers") is None:
        return {}
    states = torch.zeros(2, TEXT, bench.dit.caption_channels)
    mask = torch.zeros(2, TEXT, dtype=torch.long)
    for row, tokens in enumerate((1, TEXT)):
        generator = torch.Generator().manual_seed(tokens)
        states[row, :tokens] = torch.randn(1, tokens, bench.dit.caption_channels, generator=generator)
        mask[row, :tokens] = 1
    states, mask = states.to(bench.device, bench.dtype), mask.to(bench.device)
    time_2 = torch.full((2,), LEVEL * 1000, device=bench.device)

    def caller(peer: Any) -> Callable[[], Tensor]:
        def run() -> Tensor:
            rows = torch.cat([latents] * 2).to(bench.dtype)
            output = peer(
                rows, encoder_hidden_states=states, encoder_attention_mask=mask, timestep=time_2, return_dict=False
            )[0].float()
            negative, positive = output.chunk(2)
            return negative + GUIDANCE * (positive - negative)

        return run

    peer = diffusers_dit(network)
    peers = {"diffusers eager": caller(peer)}
    if bench.device.type == "cuda":
        peers["diffusers compiled"] = caller(torch.compile(peer))
    return peers


def _kernel_inputs(bench: Bench) -> Mapping[str, tuple[Tensor, ...]]:
    """What each operation gets in a guided step of the largest size but 4096 px; DC-AE's at a stage of 128 channels."""
    config, side = bench.dit, bench.sizes[min(1, len(bench.sizes) - 1)] // 32
    tokens, width, hidden = side * side, config.width, 2 * config.ffn_width
    channels, pixels = (128, 8 * side) if bench.device.type == "cuda" else (16, side)

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
        "pixel_shortcut": (random(1, channels, 2 * pixels, 2 * pixels), random(1, 2 * channels, pixels, pixels)),
    }


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


COLUMNS = (
    "name", "size", "dtype", "precision", "phase", "version", "reason", "without_check", "tokens", "error",
    "plain_error", "plain_ms", "fused_ms", "together_ms", "apart_ms", "ms", "ratio", "gb_per_s", "tops", "tflops",
    "gflops_ceiling", "gbs_ceiling", "share", "floor_ms", "over_floor", "peak_mib", "note",
)  # fmt: skip


@torch.inference_mode()
def run_slice(name: str, bench: Bench, csv: Path | None) -> int:
    """Run one slice, print its rows and keep them; returns how many there were."""
    count = 0
    gpu = torch.cuda.get_device_name(bench.device) if bench.device.type == "cuda" else "none"
    for row in SLICES[name](bench):
        unknown = set(row) - set(COLUMNS)
        assert not unknown, f"columns nobody planned: {unknown}"
        count += 1
        print(f"{name:9}" + "  ".join(f"{column}={value}" for column, value in row.items()), flush=True)
        if csv is not None:
            append_row(csv, {"gpu": gpu, "slice": name} | {column: row.get(column, "") for column in COLUMNS})
    return count


def main() -> int:
    """Run the slices that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slices", nargs="*", default=["trust"], help=f"all, or some of: {', '.join(SLICES)}")
    parser.add_argument("--list", action="store_true", help="say what there is")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--sizes", type=int, nargs="+", default=[512, 1024, 2048, 4096])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=540.0, help="time of one slice, not counting its last row")
    parser.add_argument("--tiny", action="store_true", help="small networks and sizes, to check this script")
    parser.add_argument("--csv", type=Path)
    options = parser.parse_args()
    if options.list:
        for name, run in SLICES.items():
            print(f"{name:9} {(run.__doc__ or '').splitlines()[0]}")
        return 0
    device = torch.device(options.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        print("torch finds no CUDA device here; --device cpu --tiny checks the script without one")
        return 2
    names = list(SLICES) if options.slices == ["all"] else options.slices
    missing = [name for name in names if name not in SLICES]
    if missing:
        print(f"no such slice: {', '.join(missing)}; there are: {', '.join(SLICES)}")
        return 2
    for name in names:
        bench = Bench(
            device,
            fast_dtype(device),
            TINY_DIT if options.tiny else SANA_0_6B,
            TINY_DCAE if options.tiny else DCAEConfig(),
            (64, 96) if options.tiny else tuple(options.sizes),
            1 if options.tiny else options.rounds,
            1 if options.tiny else 10,
            time.monotonic() + options.seconds,
        )
        run_slice(name, bench, options.csv)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
