"""One guided step of Sana 0.6B against diffusers' eager transformer, at true shapes.

    .venv/bin/python -m benchmarks.cfg_step --size 512 --json
    .venv/bin/python -m benchmarks.cfg_step --size 512 --csv benchmarks/results/cfg_step.csv

Both sides share the very same random weights, threads and inputs and take turns. Ours is what the product calls
(`engine.guidance.denoiser`); the text is prepared once per picture there, so it is outside the step. The peer is the
call that diffusers' pipeline makes: two rows, the prompt padded to 300 positions with a mask. `ratio` compares the
two in one precision: bf16 where the processor has instructions for it, else fp32 (`--precision` says otherwise).
`--peer-precision bf16` lets the peer run as its pipeline is usually loaded, whatever the processor likes.
`correct` says that our velocity is no further from diffusers' fp32 than twice the peer's own error, or than rounding
allows; without it no ratio is printed.
"""

import argparse
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from torch import Tensor

from benchmarks.against_peer import DTYPES, add_common_options, name_of, peer_dtype_of, report, timed
from benchmarks.networks import copy_of, diffusers_dit, fast_dtype, padded_text, random_dit, worst_error
from sana_desktop.engine.guidance import denoiser
from sana_desktop.engine.text_features import TextFeatures
from sana_models.configs import SANA_0_6B
from sana_models.dit import SanaTransformer
from sana_models.packed_linear import pack_linears

TOKENS, NEGATIVE_TOKENS = 60, 1
GUIDANCE, LEVEL = 4.5, 0.7
# Two orders of summation of some thousand products of fp32.
FP32_TOLERANCE = 1e-4


def main() -> int:
    """Measure and print; the exit code is 1 where the outputs are not correct."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_options(parser, size=512, rounds=5)
    parser.add_argument("--precision", choices=["auto", *DTYPES], default="auto")
    parser.add_argument("--layers", type=int, default=SANA_0_6B.layers, help="fewer for a quick look")
    options = parser.parse_args()
    return report(measure(options), options)


@torch.inference_mode()
def measure(options: argparse.Namespace) -> dict[str, object]:
    """One row of results."""
    torch.set_num_threads(options.threads)
    cpu = torch.device("cpu")
    dtype = fast_dtype(cpu) if options.precision == "auto" else DTYPES[options.precision]
    peer_dtype = peer_dtype_of(options, dtype)
    ours = random_dit(replace(SANA_0_6B, layers=options.layers), dtype, cpu)
    latents = torch.randn(1, 32, options.size // 32, options.size // 32, generator=torch.Generator().manual_seed(1))
    cond, uncond = padded_text(TOKENS, 2), padded_text(NEGATIVE_TOKENS, 3)
    truth = _peer_step(copy_of(ours, torch.float32), latents, cond, uncond)()
    peer = _peer_step(ours if peer_dtype is dtype else copy_of(ours, peer_dtype), latents, cond, uncond)

    # The peer keeps the plain tensors; from here on ours is as the product has it after loading.
    pack_linears(ours.transformer_blocks, 2 * (options.size // 32) ** 2)
    step = denoiser(ours, cond, uncond, GUIDANCE, dtype=dtype, device=cpu)

    error, peer_error = worst_error(step(latents, LEVEL), truth), worst_error(peer(), truth)
    correct = error <= max(2 * peer_error, FP32_TOLERANCE)
    row: dict[str, object] = {
        "size": options.size,
        "layers": options.layers,
        "threads": options.threads,
        "precision": name_of(dtype),
        "peer": "diffusers eager",
        "peer_precision": name_of(peer_dtype),
        "correct": correct,
        "error": f"{error:.2e}",
        "peer_error": f"{peer_error:.2e}",
    }
    if not correct:
        return row
    return row | timed(peer, lambda: step(latents, LEVEL), options.rounds)


def _peer_step(
    weights: SanaTransformer, latents_BKhw: Tensor, cond: TextFeatures, uncond: TextFeatures
) -> Callable[[], Tensor]:
    """A step as diffusers' pipeline writes it down."""
    peer: Any = diffusers_dit(weights)
    dtype = next(weights.parameters()).dtype
    states = torch.cat([uncond.states_1LE, cond.states_1LE]).to(dtype)
    mask = torch.cat([uncond.mask_1L, cond.mask_1L])
    time = torch.full((2,), LEVEL * 1000)

    def step() -> Tensor:
        rows = torch.cat([latents_BKhw] * 2).to(dtype)
        output = peer(
            rows, encoder_hidden_states=states, encoder_attention_mask=mask, timestep=time, return_dict=False
        )[0].float()
        negative, positive = output.chunk(2)
        return negative + GUIDANCE * (positive - negative)

    return step


if __name__ == "__main__":
    raise SystemExit(main())
