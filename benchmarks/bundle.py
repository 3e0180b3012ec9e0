"""How long an unpacked bundle takes to its window, and to its first and second picture, by phases.

    .venv/bin/python -m benchmarks.bundle dist/sana-desktop --csv benchmarks/results/bundle.csv

The window is measured as `benchmarks.startup` does, alternating with the program of this checkout. Pictures are drawn
by the starter pack from the terminal: the first in a home where nothing is prepared, the second in the same home.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.record import append_row
from benchmarks.startup import PHASES, start
from sana_desktop.system.paths import HOME_VARIABLE

# What the issue asks for.
LIMIT_S = 1.5
PREPARING = "Preparing the text encoder"
PROMPTS = ("a red apple on a blue background", "a blue fish on a teal background")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and append to the table; 1 if the window comes too late."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the unpacked bundle")
    parser.add_argument("--starts", type=int, default=7, help="how often (%(default)s)")
    parser.add_argument("--csv", type=Path, help="table to append to")
    options = parser.parse_args(arguments)
    program = str((options.folder / "sana-desktop").absolute())
    ways = {"bundle": (program,), "checkout": (sys.executable, "-m", "sana_desktop")}
    row: dict[str, object] = {"starts": options.starts}
    with tempfile.TemporaryDirectory(prefix="sana-bundle-") as temporary:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
        # The first start of each warms the disk cache.
        for number in range(options.starts + 1):
            for way, command in ways.items():
                found[way].append(start(Path(temporary, f"{way}{number}"), environment, command))
        for way, reports in found.items():
            for name in (*PHASES, "processor_s"):
                row[f"{way}_{name}"] = round(median(report[name] for report in reports[1:]), 3)
        for order, prompt in zip(("first", "second"), PROMPTS, strict=True):
            row |= {f"{order}_{name}": seconds for name, seconds in draw(program, Path(temporary), prompt).items()}
    for name, value in row.items():
        print(f"{name:>28}: {value}")
    if options.csv is not None:
        append_row(options.csv, row)
    return 0 if row["bundle_window_ready_s"] <= LIMIT_S else 1  # pyright: ignore[reportOperatorIssue]


def draw(program: str, home: Path, prompt: str) -> dict[str, float]:
    """Seconds of every phase of one picture, and of the whole command as `wall`.

    `prepare` is the making of the text encoder, once in a home, and is within `load`: from the program's word on it
    until its last file. `around` is all else: starting, saving, ending.
    """
    command = [program, "generate", prompt, "--seed", "7", "--json"]
    home, began, told = home / "home", time.perf_counter(), 0.0
    environment = {HOME_VARIABLE: str(home)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as done:
        assert done.stdout is not None
        assert done.stderr is not None
        for line in done.stderr:
            if PREPARING in line:
                told = time.time()
        document = done.stdout.read()
    wall = time.perf_counter() - began
    timings = json.loads(document)["timings"]
    phases = {name: timings[name] for name in ("load", "encode", "sample", "decode")}
    made = [path.stat().st_mtime for path in (home / "cache").rglob("made.json")]
    prepare = max(made) - told if told and made else 0.0
    around = wall - sum(phases.values())
    return {
        name: round(took, 2) for name, took in {"prepare": prepare, **phases, "around": around, "wall": wall}.items()
    }


if __name__ == "__main__":
    raise SystemExit(main())
