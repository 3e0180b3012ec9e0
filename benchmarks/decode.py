"""DC-AE's decoder against diffusers' at the published shape, random weights.

    .venv/bin/python -m benchmarks.decode --size 1024 --json

Same weights and threads, in turn. Ours is what the product calls (`engine.decode.decode_latents`), in the precision
that it takes on this processor; the peer computes in the same, or with `--peer-precision bf16` as it is usually loaded.
`correct` says that we are no further from diffusers in our precision than twice the peer is, or than rounding allows.
"""

import argparse
import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from torch import Tensor

from benchmarks.against_peer import add_common_options, name_of, peer_dtype_of, report, timed
from benchmarks.networks import copy_of, diffusers_dcae, fast_dtype, random_dcae, worst_error
from sana_desktop.engine.decode import decode_latents
from sana_models.configs import DCAEConfig
from sana_models.dc_ae_blocks import nothing

TOLERANCE = {torch.float32: 1e-4, torch.bfloat16: 5e-2}


@torch.inference_mode()
def main() -> int:
    """Measure and print; the exit code is 1 where the pictures differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_options(parser, size=1024, rounds=5)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cpu = torch.device("cpu")
    dtype = fast_dtype(cpu)
    ours = random_dcae(DCAEConfig(), dtype, cpu)
    peer_dtype = peer_dtype_of(options, dtype)
    truth = diffusers_dcae(ours)
    peer = truth if peer_dtype is dtype else diffusers_dcae(copy_of(ours, peer_dtype))
    side = options.size // 32
    latents = torch.randn(1, 32, side, side, dtype=dtype, generator=torch.Generator().manual_seed(1))
    scale = ours.config.scaling_factor

    def theirs() -> Tensor:
        return peer.decode((latents / scale).to(peer_dtype)).sample

    def product() -> Tensor:
        return decode_latents(ours, latents, nothing)

    wanted = truth.decode(latents / scale).sample
    error = worst_error(product(), wanted)
    peer_error = 0.0 if peer is truth else worst_error(theirs(), wanted)
    row: dict[str, object] = {
        "size": options.size,
        "threads": options.threads,
        "precision": name_of(dtype),
        "peer_precision": name_of(peer_dtype),
        "correct": error <= max(2 * peer_error, TOLERANCE[dtype]),
        "error": f"{error:.2e}",
        "peer_error": f"{peer_error:.2e}",
    }
    if row["correct"]:
        row |= timed(theirs, product, options.rounds)
    return report(row, options)


if __name__ == "__main__":
    raise SystemExit(main())
