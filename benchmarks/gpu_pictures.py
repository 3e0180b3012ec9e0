"""The slices of `benchmarks.gpu` about pixels: the decode, and whole pictures from noise to bytes."""

# The steps draw pictures in the end, by an import inside a function.
# pyright: reportImportCycles=false

import importlib.util
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any, cast

import torch
from torch import Tensor

from benchmarks.arithmetic import step as step_cost
from benchmarks.gpu_bench import Bench, Row, left_out, name_of
from benchmarks.gpu_kernels import ceiling_side
from benchmarks.gpu_steps import GUIDANCE, SHIFT, STEPS, TEXT, bound, padded_halves, ratio_to
from benchmarks.networks import (
    channels_last,
    diffusers_dcae,
    diffusers_dit,
    diffusers_pipeline,
    few_bits,
    random_dcae,
    random_dit,
)
from benchmarks.roofline import ceilings
from sana_desktop.domain.choices import Precision
from sana_desktop.engine.cuda_graphs import step_graphs
from sana_desktop.engine.decode import decode_latents, to_pixels
from sana_desktop.engine.preview import linear_preview, sana_linear_map
from sana_desktop.engine.sampling import Denoise, SamplerState
from sana_desktop.engine.sampling.dpm_flow import sample_flow_dpm
from sana_desktop.engine.sampling.schedule import flow_sigmas
from sana_models.dc_ae import DCAutoencoder
from sana_models.dc_ae_blocks import nothing
from sana_models.dit import SanaTransformer

# Largest side decoded at once, in latent positions, as the product's plan for less memory has it.
TILE = 16
# Above this, diffusers' whole pictures would take the time that other rows need.
LARGEST_OF_PEER = 2048
FEW_BITS = (Precision.W8A8, Precision.INT8, Precision.NF4)
Pixels = Callable[[], object]


def decode(bench: Bench) -> Iterator[Row]:
    """DC-AE's decoder whole and in the product's exact tiles, against diffusers'; never in fp16, which it leaves."""
    network = _decoder(bench)
    dtype = next(network.parameters()).dtype
    peer = _peer_decoder(network) if importlib.util.find_spec("diffusers") is not None else None
    # Weights lie there twice where diffusers measures too; each counts its own.
    beside = 0 if peer is None else _bytes_of(network)
    for size in bench.sizes:
        if bench.late():
            yield left_out(size)
            return
        side = size // 32
        latents = torch.randn(1, 32, side, side, device=bench.device, dtype=dtype)
        plain = (latents.float() / bench.dcae.scaling_factor).to(dtype)
        tile = min(TILE, max(1, side // 2))
        runs: dict[str, Callable[[], Tensor]] = {
            "ours, whole": lambda latents=latents: decode_latents(network, latents, nothing),
            "ours, tiles": lambda latents=latents, tile=tile: decode_latents(network, latents, nothing, tile),
        }
        if peer is not None:
            runs["diffusers eager"] = lambda plain=plain: peer.decode(plain).sample.float().cpu()
        whole: list[Tensor] = []
        ours_ms = 0.0
        for name, run in runs.items():

            def measured(run: Callable[[], Tensor] = run, whole: list[Tensor] = whole, size: int = size) -> Row:
                image = run()
                error = worst_pixel(image, whole[0]) if whole else 0.0
                whole[:] = whole or [image]
                del image
                peak = bench.peak_mib(run, beside)
                rounds = 3 if size <= bench.middle else 1
                return {"levels": error, "ms": bench.ms(run, rounds=rounds, warm=True), "peak_mib": peak}

            row = bench.attempt({"name": name, "size": size, "precision": name_of(dtype)}, measured)
            ours_ms = ours_ms or cast(float, row.get("ms", 0.0))
            yield row | ratio_to(ours_ms, row)


def picture(bench: Bench) -> Iterator[Row]:
    """Noise to bytes in 20 guided steps with a preview of each; against diffusers' pipeline; no text encoder."""
    network = random_dit(bench.dit, bench.dtype, bench.device)
    for size in bench.sizes:
        if bench.late():
            yield left_out(size)
            return
        peer = None
        if importlib.util.find_spec("diffusers") is not None and size <= LARGEST_OF_PEER:
            peer = diffusers_dit(network)
        yield from compared_pictures(bench, network, size, peer, "diffusers eager")
    for precision in FEW_BITS:
        made: list[SanaTransformer] = []

        def make(precision: Precision = precision, made: list[SanaTransformer] = made) -> Row:
            made.append(few_bits(network, precision))
            return {}

        failed = bench.attempt({"name": "ours", "precision": str(precision)}, make)
        if made:
            yield from compared_pictures(bench, made[0], bench.middle, None, "", precision=str(precision))
        else:
            yield failed


def compared_pictures(
    bench: Bench, network: SanaTransformer, size: int, peer: Any, peer_name: str, *, precision: str = ""
) -> Iterator[Row]:
    """Our whole picture of `size`, in one piece and in tiles where it is large, and that of diffusers' pipeline."""
    decoder = _decoder(bench)
    noise = torch.randn(1, 32, size // 32, size // 32, device=bench.device)
    # As the product draws: steps are recorded with the first picture of a size.
    stored = Precision(precision) if precision else None
    graphs = step_graphs(bench.device, stored) if bench.on_card else None
    denoise = bound(bench, network, bench.dtype, graphs)
    runs: dict[str, Pixels] = {"ours": lambda: _drawn(denoise, decoder, noise, None)}
    in_tiles: Pixels = lambda: _drawn(denoise, decoder, noise, TILE)  # noqa: E731
    beside = 0
    if peer is not None:
        runs[peer_name] = _peer_picture(bench, peer, _peer_decoder(decoder), noise, size)
        beside = _bytes_of(decoder)
    cost = step_cost(bench.dit, 2, (size // 32) ** 2, TEXT, bench.dtype.itemsize)
    steps_floor_ms = 1e3 * STEPS * cost.floor(*ceilings(bench.device, bench.dtype, 2, ceiling_side(bench)))
    rows, many = dict[str, Row](), 3 if size <= LARGEST_OF_PEER else 1
    for name, run in runs.items():

        def warmed(run: Pixels = run) -> Row:
            if not bench.on_card:
                run()
            return {"peak_mib": bench.peak_mib(run, beside)}

        row: Row = {"name": name, "size": size, "precision": precision or name_of(bench.dtype)}
        rows[name] = bench.attempt(row, warmed)
    # In turn, so that what slows the machine for a while slows all of them.
    taken: dict[str, list[float]] = {name: [] for name, row in rows.items() if "note" not in row}
    for _ in range(many):
        for name, every in taken.items():
            every.append(bench.ms(runs[name], rounds=1, warm=True))
    ours_ms = median(taken["ours"]) if taken.get("ours") else 0.0
    for name, row in rows.items():
        if name in taken:
            ms = round(median(taken[name]), 4)
            # Of the steps alone: the decode's floor is in no table, so the true ratio is a little smaller.
            row |= {"ms": ms, "floor_ms": round(steps_floor_ms, 2), "over_floor": round(ms / steps_floor_ms, 2)}
        yield row | ratio_to(ours_ms, row)
        if name == "ours" and "OutOfMemory" in str(row.get("note")):

            def tiled() -> Row:
                return {"ms": bench.ms(in_tiles, rounds=1)}

            yield bench.attempt({"name": "ours, decoded in tiles", "size": size}, tiled)


def _drawn(denoise: Denoise, decoder: DCAutoencoder, noise: Tensor, tile: int | None) -> list[bytes]:
    mapping, clean = sana_linear_map(), list[Tensor]()

    def on_step(state: SamplerState) -> None:
        linear_preview(mapping, state.clean)
        clean[:] = [state.clean]

    sample_flow_dpm(denoise, noise, flow_sigmas(STEPS, SHIFT), on_step)
    return to_pixels(decode_latents(decoder, clean[0], nothing, tile))


def _peer_picture(bench: Bench, transformer: Any, autoencoder: Any, noise: Tensor, size: int) -> Pixels:
    pipeline = diffusers_pipeline(transformer, autoencoder, SHIFT)
    states, mask = padded_halves(bench)
    texts = {
        "prompt": None,
        "negative_prompt": None,
        "prompt_embeds": states[1:],
        "prompt_attention_mask": mask[1:],
        "negative_prompt_embeds": states[:1],
        "negative_prompt_attention_mask": mask[:1],
    }
    return lambda: pipeline(
        **texts, height=size, width=size, num_inference_steps=STEPS, guidance_scale=GUIDANCE, latents=noise,
        output_type="np", use_resolution_binning=False,
    ).images  # fmt: skip


def _decoder(bench: Bench) -> DCAutoencoder:
    dtype = torch.bfloat16 if bench.on_card else torch.float32
    return channels_last(random_dcae(bench.dcae, dtype, bench.device))


def _peer_decoder(ours: DCAutoencoder) -> Any:
    """diffusers' decoder on the same numbers, laid out as it has them."""
    return diffusers_dcae(ours).to(memory_format=torch.contiguous_format)


def _bytes_of(network: DCAutoencoder) -> int:
    return sum(parameter.nbytes for parameter in network.parameters())


def worst_pixel(found: Tensor, truth: Tensor) -> float:
    """Largest difference of two images in [-1, 1], in levels of 255."""
    return round(float((found.clamp(-1, 1) - truth.clamp(-1, 1)).abs().max()) * 127.5, 3)
