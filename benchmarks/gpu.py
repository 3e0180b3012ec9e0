"""Everything that a machine with an NVIDIA GPU should measure, in slices of less than ten minutes, without a network.

    python -m benchmarks.gpu --list
    python -m benchmarks.gpu trust kernels --csv benchmarks/results/gpu.csv
    python -m benchmarks.gpu all --csv benchmarks/results/gpu.csv
    TRITON_INTERPRET=1 python -m benchmarks.gpu all --device cpu --tiny      # checks this script without a GPU

Needs torch, triton, safetensors, transformers and numpy; PYTHONPATH=.:models:kernels where the project is not
installed. diffusers and bitsandbytes are measured if they are there; `caps` wants a pack (benchmarks/gpu_packs.py),
`product` a file of references (benchmarks/gpu_product.py). Weights are random at the published shapes, so nothing is
downloaded. A slice prints its rows as they come; a row that fails says why, and the next one is measured; a slice that
has used its time (`--seconds`) says what it left out. Speeds of a path stand in the table only beside its error
against the reference; a wrong one has no speed.
"""

import argparse
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType

import torch

from benchmarks.gpu_bench import COLUMNS, Bench, DeviceLostError, OutOfTimeError, Row
from benchmarks.gpu_caps import caps
from benchmarks.gpu_kernels import int8, kernels, roofline, trust
from benchmarks.gpu_pictures import decode, picture
from benchmarks.gpu_product import product
from benchmarks.gpu_steps import batch, compiled, precisions, step
from benchmarks.networks import fast_dtype
from benchmarks.record import append_row
from sana_models.configs import SANA_0_6B, DCAEConfig

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
# After its deadline a slice leaves out what has not begun; what hangs is ended so many seconds later.
GRACE = 20

SLICES: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "trust": trust,
    "kernels": kernels,
    "int8": int8,
    "precisions": precisions,
    "step": step,
    "decode": decode,
    "picture": picture,
    "caps": caps,
    "product": product,
    "batch": batch,
    "roofline": roofline,
    "compiled": compiled,
}


@torch.inference_mode()
def run_slice(name: str, bench: Bench, csv: Path | None) -> int:
    """Run one slice, print its rows and keep them; returns how many there were."""
    count, began = 0, time.monotonic()
    gpu = torch.cuda.get_device_name(bench.device) if bench.on_card else "none"

    def keep(row: Row) -> None:
        unknown = set(row) - set(COLUMNS)
        assert not unknown, f"columns nobody planned: {unknown}"
        print(f"{name:11}" + "  ".join(f"{column}={value}" for column, value in row.items()), flush=True)
        if csv is not None:
            append_row(csv, {"gpu": gpu, "slice": name} | {column: row.get(column, "") for column in COLUMNS})

    try:
        for row in SLICES[name](bench):
            count += 1
            keep(row)
    except OutOfTimeError:
        keep({"name": name, "note": "ended: it was given no more time"})
    except DeviceLostError as error:
        keep({"name": name, "note": f"the card refuses this process since: {error}"})
        raise
    except Exception as error:  # noqa: BLE001  # whatever is wrong with one slice, the next is measured
        bench.keep_fault({"name": name}, error)
        keep({"name": name, "note": f"{type(error).__name__}: {error}"[:300]})
    keep({"name": "the whole slice", "seconds": round(time.monotonic() - began, 1)})
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
    parser.add_argument("--faults", type=Path, help="file for what goes wrong, in full length")
    parser.add_argument("--packs", type=Path, help="folder of a pack with random weights, for caps")
    parser.add_argument("--carried", type=Path, help="references that product compares with")
    parser.add_argument("--wait-for", type=Path, help="compiled: time nothing before this file is there")
    options = parser.parse_args()
    if options.list:
        for name, run in SLICES.items():
            print(f"{name:11} {(run.__doc__ or '').splitlines()[0]}")
        return 0
    # With its number: choices of operations are kept by device, and tensors have it.
    device = torch.device(options.device, 0) if options.device == "cuda" else torch.device(options.device)
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
            options.faults,
            options.wait_for,
            options.packs,
            options.carried,
        )
        _limit(options.seconds + GRACE)
        try:
            run_slice(name, bench, options.csv)
        except DeviceLostError:
            return 3
        finally:
            _limit(0)
    return 0


def _limit(seconds: float) -> None:
    """Raise in this thread after so many seconds; 0 for never. Nothing where there are no such signals."""
    if not hasattr(signal, "setitimer"):
        return

    def ended(number: int, frame: FrameType | None) -> None:
        raise OutOfTimeError

    signal.signal(signal.SIGALRM, ended)
    signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    raise SystemExit(main())
