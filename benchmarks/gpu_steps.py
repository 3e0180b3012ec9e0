"""The slices of `benchmarks.gpu` about one guided step: against diffusers, in every precision, for many pictures."""

import importlib.util
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import torch
from torch import Tensor

from benchmarks.arithmetic import step as step_cost
from benchmarks.gpu_bench import Bench, Row, left_out, name_of
from benchmarks.gpu_kernels import ceiling_side
from benchmarks.networks import channels_last, diffusers_dit, few_bits, own_copy, random_dcae, random_dit, worst_error
from benchmarks.roofline import ceilings
from sana_desktop.domain.choices import Precision
from sana_desktop.engine.cuda_graphs import step_graphs
from sana_desktop.engine.graphs import StepGraphs
from sana_desktop.engine.guidance import denoiser
from sana_desktop.engine.sampling.dpm_flow import sample_flow_dpm
from sana_desktop.engine.sampling.schedule import flow_sigmas
from sana_desktop.engine.text_features import TextFeatures
from sana_kernels.dispatch import WISH
from sana_models.dit import SanaTransformer

STEPS, TEXT, GUIDANCE, SHIFT, LEVEL = 20, 60, 4.5, 3.0, 0.7
# Two paths in 16 bit differ by some roundings per block.
STEP_TOLERANCE = {torch.float32: 1e-3, torch.bfloat16: 6e-2, torch.float16: 3e-2}
PRECISIONS = (Precision.BF16, Precision.FP16, Precision.FP32, Precision.W8A8, Precision.INT8, Precision.NF4)
WIDE = {Precision.BF16: torch.bfloat16, Precision.FP16: torch.float16, Precision.FP32: torch.float32}
TOGETHER = 8
SECONDS_TO_WAIT = 120.0


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to compute a guided step; `wish` is the version of the operations that it takes."""

    name: str
    wish: str
    run: Callable[[], Tensor]


def contestants(bench: Bench, network: SanaTransformer, latents: Tensor) -> list[Contestant]:
    """All ways to compute a guided step on the same weights, texts and latents; the first is the reference.

    "ours" is as the product draws where it may: its launches recorded once, then replayed.
    """
    ours = bound(bench, network, bench.dtype)
    recorded = bound(bench, network, bench.dtype, graphs_of(bench))
    found = [
        Contestant("plain", "reference", lambda: ours(latents, LEVEL)),
        Contestant("ours", "auto", lambda: recorded(latents, LEVEL)),
        Contestant("ours, launched one by one", "auto", lambda: ours(latents, LEVEL)),
    ]
    if importlib.util.find_spec("diffusers") is not None:
        peer = diffusers_step(bench, diffusers_dit(network))
        found.append(Contestant("diffusers eager", "reference", lambda: peer(latents)))
    return found


def step(bench: Bench) -> Iterator[Row]:
    """A guided step: plain torch, ours, diffusers eager if it is there; over its floor; growth with the pixels."""
    network = random_dit(bench.dit, bench.dtype, bench.device)
    speeds = ceilings(bench.device, bench.dtype, bench.rounds, ceiling_side(bench))
    for size in bench.sizes:
        if bench.late():
            yield left_out(size)
            return
        latents = torch.randn(1, 32, size // 32, size // 32, device=bench.device)
        yield from _compared(bench, contestants(bench, network, latents), size, speeds)
    os.environ[WISH] = "auto"


def _compared(bench: Bench, every: list[Contestant], size: int, speeds: tuple[float, float]) -> Iterator[Row]:
    cost = step_cost(bench.dit, 2, (size // 32) ** 2, TEXT, bench.dtype.itemsize)
    floor_ms = 1e3 * cost.floor(*speeds)
    os.environ[WISH] = every[0].wish
    expected = every[0].run()
    ours_ms = 0.0
    for one in every:
        os.environ[WISH] = one.wish

        def measured(one: Contestant = one) -> Row:
            error = worst_error(one.run(), expected)
            if error > STEP_TOLERANCE[bench.dtype]:
                return {"error": error, "note": "wrong, so it has no speed"}
            one.run()
            taken = bench.ms(one.run)
            return {
                "error": error,
                "ms": taken,
                "tflops": round(cost.flop / taken / 1e9, 3),
                "floor_ms": round(floor_ms, 3),
                "over_floor": round(taken / floor_ms, 2),
                "peak_mib": bench.peak_mib(one.run),
            }

        row = bench.attempt({"name": one.name, "size": size, "precision": name_of(bench.dtype)}, measured)
        if one.name == "ours":
            ours_ms = cast(float, row.get("ms", 0.0))
        yield row | ratio_to(ours_ms, row)


def ratio_to(ours_ms: float, row: Row) -> Row:
    """How many times as long as ours a row took; nothing where either is not known."""
    return {"ratio": round(cast(float, row["ms"]) / ours_ms, 2)} if ours_ms and row.get("ms") else {}


def precisions(bench: Bench) -> Iterator[Row]:
    """A guided step in every precision that the product offers: error against fp32, memory of its own, speed."""
    sizes, truths = list(bench.sizes), dict[int, Tensor]()
    master = random_dit(bench.dit, bench.dtype, bench.device)
    texts = {size: torch.randn(1, 32, size // 32, size // 32, device=bench.device) for size in sizes}
    exact = bound(bench, own_copy(master, torch.float32), torch.float32)
    os.environ[WISH] = "reference"
    for size in sizes:
        truths[size] = exact(texts[size], LEVEL).cpu()
    del exact
    os.environ[WISH] = "auto"
    for precision in PRECISIONS:
        beside = bench.held()
        made: list[Callable[[Tensor, float], Tensor]] = []

        def make(precision: Precision = precision, made: list[Any] = made) -> Row:
            dtype = WIDE.get(precision, bench.dtype)
            network = few_bits(master, precision) if precision.quantizes else own_copy(master, dtype)
            made.append(bound(bench, network, dtype))
            return {}

        failed = bench.attempt({"name": "step", "precision": str(precision)}, make)
        if not made:
            yield failed
            continue
        for size in sizes:
            if bench.late():
                yield left_out(size)
                return
            measured = partial(_step_row, bench, made[0], texts[size], truths[size], beside)
            yield bench.attempt({"name": "step", "size": size, "precision": str(precision)}, measured)
            # It would keep the network, and what the next one takes would not be its own.
            del measured
        made.clear()
        del make


def _step_row(bench: Bench, run: Callable[[Tensor, float], Tensor], latents: Tensor, truth: Tensor, beside: int) -> Row:
    """Error, milliseconds and memory of one step, which is not counted from nothing but from `beside` bytes."""
    error = worst_error(run(latents, LEVEL).cpu(), truth)
    taken = bench.ms(lambda: run(latents, LEVEL))
    return {"error": error, "ms": taken, "peak_mib": bench.peak_mib(lambda: run(latents, LEVEL), beside)}


def batch(bench: Bench) -> Iterator[Row]:
    """Eight pictures of the smallest size in one batch against eight single ones: 20 steps and the decode."""
    network = random_dit(bench.dit, bench.dtype, bench.device)
    vae_dtype = torch.bfloat16 if bench.on_card else torch.float32
    decoder = channels_last(random_dcae(bench.dcae, vae_dtype, bench.device))
    side = bench.sizes[0] // 32
    noise = torch.randn(TOGETHER, 32, side, side, device=bench.device)
    ours, sigmas = bound(bench, network, bench.dtype), flow_sigmas(STEPS, SHIFT)

    def drawn(rows: Tensor) -> Tensor:
        clean = sample_flow_dpm(ours, rows, sigmas, lambda state: None)
        unscaled = (clean / bench.dcae.scaling_factor).to(vae_dtype).to(memory_format=torch.channels_last)
        return torch.cat([decoder.decode(row[None]).float().cpu() for row in unscaled])

    def measured() -> Row:
        together, apart = drawn(noise), torch.cat([drawn(row[None]) for row in noise])
        levels = ((together - apart).clamp(-2, 2) * 127.5).abs().max()
        together_ms = bench.ms(lambda: drawn(noise), rounds=3)
        apart_ms = bench.ms(lambda: [drawn(row[None]) for row in noise], rounds=3)
        return {
            "error": worst_error(together, apart),
            "levels": round(float(levels), 2),
            "together_ms": together_ms,
            "apart_ms": apart_ms,
            "ratio": round(apart_ms / together_ms, 2),
            "peak_mib": bench.peak_mib(lambda: drawn(noise)),
        }

    row: Row = {"name": "eight pictures, 20 steps and decode", "size": bench.sizes[0]}
    yield bench.attempt(row, measured)


def compiled(bench: Bench) -> Iterator[Row]:
    """diffusers' transformer compiled, at 1024 px alone: compiling takes longer than all else; ours in the same run."""
    if importlib.util.find_spec("diffusers") is None or not bench.on_card:
        yield {"name": "diffusers compiled", "note": "needs diffusers and a graphics card"}
        return
    network, size = random_dit(bench.dit, bench.dtype, bench.device), bench.middle
    latents = torch.randn(1, 32, size // 32, size // 32, device=bench.device)
    ours, peer = bound(bench, network, bench.dtype, graphs_of(bench)), diffusers_dit(network)
    fast: Any = torch.compile(peer, dynamic=False)
    eager, faster = diffusers_step(bench, peer), diffusers_step(bench, fast)
    os.environ[WISH] = "reference"
    expected = bound(bench, network, bench.dtype)(latents, LEVEL)
    os.environ[WISH] = "auto"
    ours(latents, LEVEL)
    eager(latents)

    def first() -> Row:
        began = time.perf_counter()
        error = worst_error(faster(latents), expected)
        return {"error": error, "compile_s": round(time.perf_counter() - began, 1)}

    compiling = bench.attempt({"name": "diffusers compiled", "size": size}, first)
    # Compiling disturbs nobody who measures memory.
    bench.wait(SECONDS_TO_WAIT)
    rows: list[Row] = [{"name": "ours", "size": size}, {"name": "diffusers eager", "size": size}]
    runs: list[Callable[[Tensor], Tensor]] = [lambda rows: ours(rows, LEVEL), eager]
    if "note" not in compiling:
        rows.append(compiling)
        runs.append(faster)
    else:
        yield compiling
    ours_ms = 0.0
    for row, run in zip(rows, runs, strict=True):

        def timed(run: Callable[[Tensor], Tensor] = run) -> Row:
            return {"ms": bench.ms(lambda: run(latents), rounds=2 * bench.rounds)}

        done = bench.attempt(row, timed)
        ours_ms = ours_ms or cast(float, done.get("ms", 0.0))
        yield done | ratio_to(ours_ms, done)
    if "note" not in compiling:
        # Imported here because it knows the pictures, which know the steps.
        from benchmarks.gpu_pictures import compared_pictures

        yield from compared_pictures(bench, network, size, fast, "diffusers compiled")


def graphs_of(bench: Bench) -> StepGraphs | None:
    """The product's recordings of steps; None on a processor, where it has none."""
    return step_graphs(bench.device) if bench.on_card else None


def bound(
    bench: Bench, network: SanaTransformer, dtype: torch.dtype, graphs: StepGraphs | None = None
) -> Callable[[Tensor, float], Tensor]:
    """The product's guided step, with random texts of 60 tokens and one."""
    return denoiser(network, *random_texts(bench), GUIDANCE, dtype=dtype, device=bench.device, graphs=graphs)


def random_texts(bench: Bench) -> tuple[TextFeatures, TextFeatures]:
    """A prompt and its empty negative."""

    def text(tokens: int) -> TextFeatures:
        generator = torch.Generator().manual_seed(tokens)
        states = torch.randn(1, tokens, bench.dit.caption_channels, generator=generator)
        return TextFeatures(states, torch.ones(1, tokens))

    return text(TEXT), text(1)


def padded_halves(bench: Bench) -> tuple[Tensor, Tensor]:
    """The same texts as diffusers wants them: states [2, L, E] of negative and prompt, and their mask."""
    states = torch.zeros(2, TEXT, bench.dit.caption_channels)
    mask = torch.zeros(2, TEXT, dtype=torch.long)
    for row, text in enumerate(reversed(random_texts(bench))):
        tokens = text.states_1LE.shape[1]
        states[row, :tokens] = text.states_1LE
        mask[row, :tokens] = 1
    return states.to(bench.device, bench.dtype), mask.to(bench.device)


def diffusers_step(bench: Bench, peer: Any) -> Callable[[Tensor], Tensor]:
    """A guided step by diffusers' transformer, as its pipeline calls it."""
    states, mask = padded_halves(bench)
    time_2 = torch.full((2,), LEVEL * 1000, device=bench.device)

    def run(latents: Tensor) -> Tensor:
        rows = torch.cat([latents] * 2).to(bench.dtype)
        output = peer(
            rows,
            encoder_hidden_states=states,
            encoder_attention_mask=mask,
            timestep=time_2,
            return_dict=False,
            attention_kwargs=None,
        )[0].float()
        negative, positive = output.chunk(2)
        return negative + GUIDANCE * (positive - negative)

    return run
