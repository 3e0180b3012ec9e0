"""How long it takes from the start of the program to a window that is painted and takes input.

    .venv/bin/python -m benchmarks.startup --csv benchmarks/results/startup.csv

Every start is a process of its own with a home of its own, on a disk cache that is warm; `--platform xcb` wants a
screen. Medians and maxima, and how much processor time a start takes, which other work on the machine changes less.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.record import append_row
from sana_desktop.system.paths import HOME_VARIABLE
from sana_desktop.ui.desktop.probe import HEAVY

PHASES = ("imports_s", "window_made_s", "window_ready_s")
# What the issue asks for.
LIMIT_S = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Start, print, and append to the table; 1 if the window comes too late or brings what should come later."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--starts", type=int, default=15, help="how often (%(default)s)")
    parser.add_argument("--platform", default="offscreen", help="Qt's platform: offscreen (%(default)s) or xcb")
    parser.add_argument("--csv", type=Path, help="table to append to")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sana-startup-") as temporary:
        # An installed program has its modules compiled; where none may be written, they are kept for this run.
        environment = os.environ | {
            "QT_QPA_PLATFORM": options.platform,
            "PYTHONPYCACHEPREFIX": str(Path(temporary, "compiled")),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        # The first start warms the disk cache.
        found = [start(Path(temporary, str(number)), environment) for number in range(options.starts + 1)][1:]
    heavy = sorted({name for report in found for name in HEAVY if report[f"{name}_loaded"]})
    ready = median(report["window_ready_s"] for report in found)
    row: dict[str, object] = {"platform": options.platform, "starts": options.starts}
    for name in (*PHASES, "processor_s"):
        values = [report[name] for report in found]
        row |= {f"{name}_median": round(median(values), 3), f"{name}_max": round(max(values), 3)}
        print(f"{name:>16}: median {median(values):.3f}, min {min(values):.3f}, max {max(values):.3f}")
    kept = ready <= LIMIT_S and not heavy
    row |= {"heavy": " ".join(heavy), "kept": kept}
    print(f"wanted window_ready_s <= {LIMIT_S}, without {', '.join(HEAVY)}: {'kept' if kept else 'NOT KEPT'} {heavy}")
    if options.csv is not None:
        append_row(options.csv, row)
    return 0 if kept else 1


def start(
    home: Path, environment: Mapping[str, str], program: Sequence[str] = (sys.executable, "-m", "sana_desktop")
) -> dict[str, float]:
    """Start the program once with `home`, and return what its probe tells, with `processor_s`."""
    report = home / "probe.json"
    settings = home / "config" / "settings.toml"
    settings.parent.mkdir(parents=True)
    # The window is measured, not the engine's warm-up after it, which would keep the process from ending.
    settings.write_text("[drawing]\nwarm_up = false\n", encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [*program, "gui", "--probe", str(report)]
    subprocess.run(command, env={**environment, HOME_VARIABLE: str(home)}, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**json.loads(report.read_text(encoding="utf-8")), "processor_s": processor}


if __name__ == "__main__":
    raise SystemExit(main())
