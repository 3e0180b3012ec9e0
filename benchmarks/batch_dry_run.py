"""Looks through a list of a million lines: how long it takes, and how much memory.

Run it from the checkout: `.venv/bin/python -m benchmarks.batch_dry_run`. The list is written to a temporary folder and
holds lines of all kinds: plain prompts, flags, variants, repeats, comments, and one mistake in a thousand. The command
is the real one, `sana-desktop batch LIST --out DIR --dry-run --json`, in a process of its own.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.record import ROOT, append_row

RESULTS = ROOT / "benchmarks" / "results" / "batch_dry_run.csv"


def main() -> int:
    """Measure, print, and with --record add a row."""
    parser = argparse.ArgumentParser(description="Look through a long list.")
    parser.add_argument("--lines", type=int, default=1_000_000, help="lines of the list (%(default)s)")
    parser.add_argument("--record", action="store_true", help="add a row to the results")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sana-desktop-dry-run-") as folder:
        path = Path(folder) / "list.txt"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines(arguments.lines))
        command = [sys.executable, "-m", "sana_desktop", "batch", str(path), "--out", folder, "--dry-run", "--json"]
        began = time.perf_counter()
        done = subprocess.run(
            [*command, "--seed", "1"],
            cwd=ROOT,
            env=os.environ | {"SANA_DESKTOP_HOME": folder},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        megabytes = path.stat().st_size / 1e6
    found = json.loads(done.stdout)
    mistakes = sum(number % 1000 == 999 for number in range(arguments.lines))
    if found["errors"] != mistakes:
        print(f"expected {mistakes} mistakes, found {found['errors']}: not recorded\n{done.stderr}")
        return 1
    row = {
        "lines": arguments.lines,
        "list_mb": round(megabytes, 1),
        "pictures": found["pictures"],
        "seconds": round(seconds, 1),
        # What it takes of one core: on a busy machine the seconds on the wall are those of others, too.
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": round(used.ru_maxrss * 1024 / 1e6),
    }
    print(row)
    if arguments.record:
        append_row(RESULTS, row)
    return 0


def lines(count: int) -> Iterator[str]:
    """Lines of all kinds, in turn."""
    for number in range(count):
        match number:
            case _ if number % 1000 == 999:
                yield f"a red fox number {number} --sede 7"
            case _ if number % 10 == 1:
                yield f'--prompt "a lighthouse number {number}" --negative_prompt "dark" --steps 10 --seed {number}'
            case _ if number % 10 == 2:
                yield f"a {{red|green|blue}} fox number {number} on a {{hill|roof}}, evening light"
            case _ if number % 10 == 3:
                yield f"a dog's portrait number {number} --n_iter 2 --width 512 --height 256"
            case _ if number % 100 == 4:
                yield "# a comment between them"
            case _:
                yield f"a quiet harbour in the morning, boats, fog, number {number}, soft light, oil on canvas"


if __name__ == "__main__":
    sys.exit(main())
