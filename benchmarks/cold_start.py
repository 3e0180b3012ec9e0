"""From nothing to the first picture of the starter pack: where the time goes, phase by phase.

    .venv/bin/python -m benchmarks.cold_start --csv benchmarks/results/cold_start.csv

Every start is a process of its own in a home of its own, in which no text encoder is prepared; the program's files may
be in the disk cache. What the terminal's `generate` says, and when, tells its phases apart: `start` until the prompt
is understood, `engine` until torch and the engine are imported, `prepare` the making of the text encoder (once in a
home), `load` the starter pack, `encode` the prompt (with tokenizer and text encoder), `sample`, `decode`, `save`,
`end` the leaving. `window` is another start, of the window, in a home just as fresh: the window is there before any of
this begins. `--program` measures a bundle.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.record import append_row
from benchmarks.startup import start
from sana_desktop.cli.progress import PHASES as WORDS
from sana_desktop.system.paths import HOME_VARIABLE

PROMPT = "a red apple on a blue background"
# The first words of the lines with which a phase begins, in their order.
BEGINS = {"engine": "note: The starter pack", **{phase.name.lower(): words for phase, words in WORDS.items()}}
PREPARING = "note: Preparing the text encoder"
PHASES = ("start", "engine", "prepare", "load", "encode", "sample", "decode", "save", "end")


class Said(NamedTuple):
    """A line of the program and when it came, in seconds since its start."""

    at: float
    line: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Start, print, and append to the table."""
    parser = argparse.ArgumentParser(description="From nothing to the first picture of the starter pack.")
    parser.add_argument("--program", type=Path, help="of an unpacked bundle, in place of this checkout")
    parser.add_argument("--starts", type=int, default=3, help="how often (%(default)s)")
    parser.add_argument("--csv", type=Path, help="table to append to")
    options = parser.parse_args(arguments)
    bundled = options.program is not None
    program = (str(options.program.absolute()),) if bundled else (sys.executable, "-m", "sana_desktop")
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with tempfile.TemporaryDirectory(prefix="sana-cold-") as temporary:
        windows = [start(Path(temporary, f"w{number}"), environment, program) for number in range(options.starts)]
        found = [first_picture(program, Path(temporary, str(number))) for number in range(options.starts)]
    row: dict[str, object] = {"program": "bundle" if bundled else "checkout", "starts": options.starts}
    took = {name: round(median(one[name] for one in found), 2) for name in (*PHASES, "whole")}
    row["window_s"] = round(median(report["window_ready_s"] for report in windows), 2)
    row |= {f"{name}_s": seconds for name, seconds in took.items()}
    row["largest"] = max(PHASES, key=took.__getitem__)
    for name, value in row.items():
        print(f"{name:>10}: {value}")
    if options.csv is not None:
        append_row(options.csv, row)
    return 0


def first_picture(program: Sequence[str], home: Path) -> dict[str, float]:
    """Seconds of every phase of the first picture in `home`, which must not be there yet, and of the `whole`."""
    command = [*program, "generate", PROMPT, "--seed", "7", "--out", str(home / "apple.png")]
    home.mkdir(parents=True)
    began, began_clock = time.monotonic(), time.time()
    said: list[Said] = []
    with subprocess.Popen(
        command,
        env={**os.environ, HOME_VARIABLE: str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:
        assert running.stderr is not None
        said.extend(Said(time.monotonic() - began, line) for line in running.stderr)
    whole = time.monotonic() - began
    if running.returncode or not (home / "apple.png").is_file():
        raise SystemExit(f"expected a picture, found exit code {running.returncode}: {said[-3:]}")
    (record,) = (home / "cache").rglob("made.json")
    saved = (home / "apple.png").stat().st_mtime - began_clock
    return phases(said, made=record.stat().st_mtime - began_clock, saved=saved, whole=whole)


def phases(said: Sequence[Said], *, made: float, saved: float, whole: float) -> dict[str, float]:
    """Seconds of every phase, and of the `whole`; `made` and `saved` are when text encoder and picture were there."""
    begins = {name: _first(said, words) for name, words in BEGINS.items()}
    marks = [0.0, *begins.values(), saved, whole]
    spans = [end - begin for begin, end in pairwise(marks)]
    found = dict(zip(("start", *BEGINS, "end"), spans, strict=True))
    prepare = made - _first(said, PREPARING)
    return {**found, "prepare": prepare, "load": found["load"] - prepare, "whole": whole}


def _first(said: Sequence[Said], words: str) -> float:
    for at, line in said:
        if line.startswith(words):
            return at
    raise ValueError(f"expected a line that begins with “{words}”, found none among {len(said)}")


if __name__ == "__main__":
    raise SystemExit(main())
