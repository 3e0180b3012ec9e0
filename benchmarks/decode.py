"""DC-AE's decoder against diffusers' at the published shape, random weights.

    .venv/bin/python -m benchmarks.decode --size 1024 --json

Same weights and threads, in turn. Ours is what the product calls (`engine.decode.decode_latents`), in the precision
that it takes on this processor; the peer computes in the same, or with `--peer-precision bf16` as it is usually loaded.
`correct` says that we are no further from diffusers in our precision than twice the peer is, or than rounding allows.
"""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch

from benchmarks.interleaved import in_turn, processor_ratio, ratio
from benchmarks.networks import copy_of, diffusers_dcae, fast_dtype, random_dcae, worst_error
from benchmarks.record import append_row
from sana_desktop.engine.decode import decode_latents
from sana_models.configs import DCAEConfig
from sana_models.dc_ae_blocks import nothing

TOLERANCE = {torch.float32: 1e-4, torch.bfloat16: 5e-2}


@torch.inference_mode()
def main() -> int:
    """Measure and print; the exit code is 1 where the pictures differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--peer-precision", choices=["same", "bf16"], default="same")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--csv", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cpu = torch.device("cpu")
    dtype = fast_dtype(cpu)
    ours = random_dcae(DCAEConfig(), dtype, cpu)
    peer_dtype = dtype if options.peer_precision == "same" else torch.bfloat16
    truth = diffusers_dcae(ours)
    peer = truth if peer_dtype is dtype else diffusers_dcae(copy_of(ours, peer_dtype))
    side = options.size // 32
    latents = torch.randn(1, 32, side, side, dtype=dtype, generator=torch.Generator().manual_seed(1))
    scale = ours.config.scaling_factor
    contestants = {
        "peer": lambda: peer.decode((latents / scale).to(peer_dtype)).sample,
        "ours": lambda: decode_latents(ours, latents, nothing),
    }
    wanted = truth.decode(latents / scale).sample
    error = worst_error(contestants["ours"](), wanted)
    peer_error = 0.0 if peer is truth else worst_error(contestants["peer"](), wanted)
    row: dict[str, object] = {
        "size": options.size,
        "threads": options.threads,
        "precision": str(dtype).removeprefix("torch."),
        "peer_precision": str(peer_dtype).removeprefix("torch."),
        "correct": error <= max(2 * peer_error, TOLERANCE[dtype]),
        "error": f"{error:.2e}",
        "peer_error": f"{peer_error:.2e}",
    }
    if row["correct"]:
        times = in_turn(contestants, options.rounds)
        row |= {
            "ratio": round(ratio(times["peer"], times["ours"]), 2),
            "processor_ratio": round(processor_ratio(times["peer"], times["ours"]), 2),
            "ours_s": round(times["ours"].wall_median, 2),
            "peer_s": round(times["peer"].wall_median, 2),
            "ours_processor_s": round(times["ours"].processor_median, 2),
            "peer_processor_s": round(times["peer"].processor_median, 2),
        }
        if options.csv:
            append_row(options.csv, row)
    print(json.dumps(row) if options.json else "\n".join(f"{name:24} {value}" for name, value in row.items()))
    return 0 if row["correct"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
