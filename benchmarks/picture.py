"""A whole picture of Sana 0.6B, from noise to pixels, against diffusers' pipeline, at true shapes.

    .venv/bin/python -m benchmarks.picture --size 512 --steps 4 --peer-precision bf16

Same random weights, threads, noise and text features, in turn; no text encoder on either side. Ours is what the
product calls: guided steps with a linear preview of each, decoding, and pixels. The peer is `SanaPipeline` as it comes,
without previews; `--peer-precision bf16` lets it run as it is usually loaded, whatever the processor likes. `levels` is
how far the pictures are apart, of 255, where both compute in one precision; `correct` demands at most 2 there.
"""

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
from torch import Tensor

from benchmarks.interleaved import in_turn, processor_ratio, ratio
from benchmarks.networks import (
    copy_of,
    diffusers_dcae,
    diffusers_dit,
    diffusers_pipeline,
    fast_dtype,
    padded_text,
    random_dcae,
    random_dit,
)
from benchmarks.record import append_row
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.decode import decode_latents, to_pixels
from sana_desktop.engine.guidance import denoiser
from sana_desktop.engine.latents import initial_noise
from sana_desktop.engine.preview import linear_preview, sana_linear_map
from sana_desktop.engine.sampling.dpm_flow import sample_flow_dpm
from sana_desktop.engine.sampling.schedule import flow_sigmas
from sana_models.configs import SANA_0_6B, DCAEConfig
from sana_models.dc_ae_blocks import nothing
from sana_models.packed_linear import pack_linears

DTYPES = {"bf16": torch.bfloat16, "fp32": torch.float32}
TOKENS, NEGATIVE_TOKENS, GUIDANCE, SHIFT = 60, 1, 4.5, 3.0
MOST_LEVELS = 2


def main() -> int:
    """Measure and print; the exit code is 1 where the pictures differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024, help="side of the picture in pixels")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--peer-precision", choices=["same", *DTYPES], default="same")
    parser.add_argument("--layers", type=int, default=SANA_0_6B.layers, help="fewer for a quick look")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--csv", type=Path)
    options = parser.parse_args()
    row = measure(options)
    if options.csv and row["correct"]:
        append_row(options.csv, row)
    print(json.dumps(row) if options.json else "\n".join(f"{name:24} {value}" for name, value in row.items()))
    return 0 if row["correct"] else 1


@torch.inference_mode()
def measure(options: argparse.Namespace) -> dict[str, object]:
    """One row of results."""
    torch.set_num_threads(options.threads)
    cpu = torch.device("cpu")
    dtype = fast_dtype(cpu)
    peer_dtype = dtype if options.peer_precision == "same" else DTYPES[options.peer_precision]
    transformer = random_dit(replace(SANA_0_6B, layers=options.layers), dtype, cpu)
    autoencoder = random_dcae(DCAEConfig(), dtype, cpu)
    size = Size(options.size, options.size)
    noise, texts = initial_noise(1, size), (padded_text(TOKENS, 2), padded_text(NEGATIVE_TOKENS, 3))
    pipeline = diffusers_pipeline(
        diffusers_dit(copy_of(transformer, peer_dtype)), diffusers_dcae(copy_of(autoencoder, peer_dtype)), SHIFT
    )

    def peer() -> Any:
        states, masks = [text.states_1LE.to(peer_dtype) for text in texts], [text.mask_1L for text in texts]
        return pipeline(
            prompt=None, negative_prompt=None, height=size.height, width=size.width, num_inference_steps=options.steps,
            guidance_scale=GUIDANCE, latents=noise, prompt_embeds=states[0], prompt_attention_mask=masks[0],
            negative_prompt_embeds=states[1], negative_prompt_attention_mask=masks[1], output_type="np",
            use_resolution_binning=False,
        ).images[0]  # fmt: skip

    # diffusers keeps the plain tensors; from here on ours is as the product has it after loading.
    packed = copy_of(transformer, dtype)
    pack_linears(packed.transformer_blocks, 2 * (options.size // 32) ** 2)
    bound = denoiser(packed, *texts, GUIDANCE, dtype=dtype, device=cpu)
    sigmas, mapping = flow_sigmas(options.steps, SHIFT), sana_linear_map()

    def ours() -> bytes:
        clean: list[Tensor] = []

        def on_step(state: Any) -> None:
            linear_preview(mapping, state.clean)
            clean[:] = [state.clean]

        sample_flow_dpm(bound, noise, sigmas, on_step)
        return to_pixels(decode_latents(autoencoder, clean[0].to(dtype), nothing))[0]

    row: dict[str, object] = {
        "size": options.size,
        "steps": options.steps,
        "layers": options.layers,
        "threads": options.threads,
        "precision": _name(dtype),
        "peer": "diffusers eager",
        "peer_precision": _name(peer_dtype),
        "correct": True,
        "levels": "",
    }
    # Before the clock starts; between two precisions the random networks' pictures need not be alike.
    if peer_dtype is dtype:
        image = np.frombuffer(ours(), np.uint8).reshape(options.size, options.size, 3)
        levels = np.abs(image.astype(np.int16) - (peer() * 255).round().astype(np.int16)).max()
        row |= {"correct": bool(levels <= MOST_LEVELS), "levels": int(levels)}
        if not row["correct"]:
            return row
    times = in_turn({"peer": peer, "ours": ours}, options.rounds, passes_before=0)
    return row | {
        "ratio": round(ratio(times["peer"], times["ours"]), 2),
        "processor_ratio": round(processor_ratio(times["peer"], times["ours"]), 2),
        "ours_s": round(times["ours"].wall_median, 2),
        "peer_s": round(times["peer"].wall_median, 2),
        "ours_processor_s": round(times["ours"].processor_median, 2),
        "peer_processor_s": round(times["peer"].processor_median, 2),
    }


def _name(dtype: torch.dtype) -> str:
    return next(name for name, value in DTYPES.items() if value is dtype)


if __name__ == "__main__":
    raise SystemExit(main())
