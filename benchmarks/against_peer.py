"""What the benchmarks of ours against diffusers on the processor have in common: options, times in turn, the row."""

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from benchmarks.interleaved import PASSES_BEFORE, in_turn, processor_ratio, ratio
from benchmarks.record import append_row

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}


def add_common_options(parser: argparse.ArgumentParser, *, size: int, rounds: int) -> None:
    """Add size, rounds, threads, the peer's precision and the two ways to keep the row."""
    parser.add_argument("--size", type=int, default=size, help="side of the picture in pixels (%(default)s)")
    parser.add_argument("--rounds", type=int, default=rounds, help="how often each side runs (%(default)s)")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--peer-precision", choices=["same", *DTYPES], default="same")
    parser.add_argument("--json", action="store_true", help="print the row as JSON")
    parser.add_argument("--csv", type=Path, help="table to append to")


def peer_dtype_of(options: argparse.Namespace, ours: torch.dtype) -> torch.dtype:
    """What the peer computes in."""
    return ours if options.peer_precision == "same" else DTYPES[options.peer_precision]


def name_of(dtype: torch.dtype) -> str:
    """The precision as options and tables call it."""
    return next(name for name, value in DTYPES.items() if value is dtype)


def timed(
    peer: Callable[[], object], ours: Callable[[], object], rounds: int, passes_before: int = PASSES_BEFORE
) -> dict[str, object]:
    """The columns of a row that hold times: how many times as fast as the peer, and seconds of both."""
    times = in_turn({"peer": peer, "ours": ours}, rounds, passes_before)
    return {
        "ratio": round(ratio(times["peer"], times["ours"]), 2),
        "processor_ratio": round(processor_ratio(times["peer"], times["ours"]), 2),
        "ours_s": round(times["ours"].wall_median, 2),
        "peer_s": round(times["peer"].wall_median, 2),
        "ours_processor_s": round(times["ours"].processor_median, 2),
        "peer_processor_s": round(times["peer"].processor_median, 2),
    }


def report(row: Mapping[str, object], options: argparse.Namespace) -> int:
    """Print the row, keep it if it is correct; the exit code is 1 where it is not."""
    if options.csv and row["correct"]:
        append_row(options.csv, row)
    print(json.dumps(row) if options.json else "\n".join(f"{name:24} {value}" for name, value in row.items()))
    return 0 if row["correct"] else 1
