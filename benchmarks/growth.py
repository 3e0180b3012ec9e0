"""How time and memory of a step and of a decode grow with the pixels, at the true shapes of Sana 0.6B.

    .venv/bin/python -m benchmarks.growth step --layers 4 --csv benchmarks/results/growth.csv
    .venv/bin/python -m benchmarks.growth decode --sizes 512 1024 2048 --csv benchmarks/results/growth.csv

Every size runs in a process of its own, because a peak of memory belongs to a process. Seconds are those of all threads
together, which other programs on the machine hardly change. `mib` is the peak above what the loaded network takes,
`us_per_pixel` and `bytes_per_pixel` are both by pixel: growth is linear where they stay.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch

from benchmarks.memory import PeakMemory
from benchmarks.networks import fast_dtype, random_dcae, random_dit
from benchmarks.record import ROOT, append_row
from sana_desktop.engine.decode import decode_latents
from sana_desktop.engine.guidance import denoiser
from sana_desktop.engine.text_features import TextFeatures
from sana_models.configs import SANA_0_6B, DCAEConfig
from sana_models.dc_ae_blocks import nothing
from sana_models.packed_linear import pack_linears

TOKENS, GUIDANCE, LEVEL = 60, 4.5, 0.7


def main() -> int:
    """Measure every size in a process of its own, print, and append to the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=["step", "decode"])
    parser.add_argument("--sizes", type=int, nargs="+", default=[512, 1024, 2048, 4096], help="sides in pixels")
    parser.add_argument("--layers", type=int, default=SANA_0_6B.layers, help="of the transformer; all are alike")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measure(options, options.sizes[0])))
        return 0
    for size in options.sizes:
        command = [sys.executable, "-m", "benchmarks.growth", options.work, "--sizes", str(size), "--child"]
        command += ["--layers", str(options.layers), "--rounds", str(options.rounds)]
        command += ["--threads", str(options.threads)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        row = json.loads(done.stdout.splitlines()[-1])
        print("  ".join(f"{name} {value}" for name, value in row.items()), flush=True)
        if options.csv:
            append_row(options.csv, row)
    return 0


@torch.inference_mode()
def measure(options: argparse.Namespace, size: int) -> dict[str, object]:
    """One row: processor seconds of all threads (median of the rounds) and the peak of the first run."""
    torch.set_num_threads(options.threads)
    run = _step(size, options.layers) if options.work == "step" else _decode(size)
    taken: list[float] = []
    with PeakMemory() as memory:
        taken.append(_seconds(run))
    taken += [_seconds(run) for _ in range(options.rounds - 1)]
    pixels = size * size
    return {
        "work": options.work,
        "size": size,
        "layers": options.layers if options.work == "step" else "",
        "threads": options.threads,
        "precision": str(fast_dtype(torch.device("cpu"))).removeprefix("torch."),
        "processor_s": round(median(taken), 3),
        "mib": round(memory.added / 2**20),
        "us_per_pixel": round(1e6 * median(taken) / pixels, 3),
        "bytes_per_pixel": round(memory.added / pixels, 1),
    }


def _seconds(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def _step(size: int, layers: int) -> Callable[[], object]:
    cpu = torch.device("cpu")
    dtype = fast_dtype(cpu)
    network = random_dit(replace(SANA_0_6B, layers=layers), dtype, cpu)
    pack_linears(network.transformer_blocks, 2 * (size // 32) ** 2)
    states = torch.randn(1, TOKENS, SANA_0_6B.caption_channels, generator=torch.Generator().manual_seed(2))
    text = TextFeatures(states, torch.ones(1, TOKENS))
    step = denoiser(network, text, text, GUIDANCE, dtype=dtype, device=cpu)
    latents = torch.randn(1, 32, size // 32, size // 32, generator=torch.Generator().manual_seed(1))
    return lambda: step(latents, LEVEL)


def _decode(size: int) -> Callable[[], object]:
    cpu = torch.device("cpu")
    network = random_dcae(DCAEConfig(), fast_dtype(cpu), cpu)
    latents = torch.randn(1, 32, size // 32, size // 32, generator=torch.Generator().manual_seed(1))
    return lambda: decode_latents(network, latents.to(fast_dtype(cpu)), nothing)


if __name__ == "__main__":
    raise SystemExit(main())
