"""A whole picture of Sana 0.6B, from noise to pixels, against diffusers' pipeline, at true shapes.

    .venv/bin/python -m benchmarks.picture --size 512 --steps 4 --peer-precision bf16

Same random weights, threads, noise and text features, in turn; no text encoder on either side. Ours is what the
product calls: guided steps with a linear preview of each, decoding, and pixels. The peer is `SanaPipeline` as it comes,
without previews; `--peer-precision bf16` lets it run as it is usually loaded, whatever the processor likes. `levels` is
how far the pictures are apart, of 255, where both compute in one precision; `correct` demands at most 2 there.
"""

import argparse
import os
from dataclasses import replace
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
from torch import Tensor

from benchmarks.against_peer import add_common_options, name_of, peer_dtype_of, report, timed
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

TOKENS, NEGATIVE_TOKENS, GUIDANCE, SHIFT = 60, 1, 4.5, 3.0
MOST_LEVELS = 2


def main() -> int:
    """Measure and print; the exit code is 1 where the pictures differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_options(parser, size=1024, rounds=1)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--layers", type=int, default=SANA_0_6B.layers, help="fewer for a quick look")
    options = parser.parse_args()
    return report(measure(options), options)


@torch.inference_mode()
def measure(options: argparse.Namespace) -> dict[str, object]:
    """One row of results."""
    torch.set_num_threads(options.threads)
    cpu = torch.device("cpu")
    dtype = fast_dtype(cpu)
    peer_dtype = peer_dtype_of(options, dtype)
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
        "precision": name_of(dtype),
        "peer": "diffusers eager",
        "peer_precision": name_of(peer_dtype),
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
    return row | timed(peer, ours, options.rounds, passes_before=0)


if __name__ == "__main__":
    raise SystemExit(main())
