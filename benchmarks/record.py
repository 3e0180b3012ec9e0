"""Rows of results: what was measured, on which machine, with which versions, at which commit."""

import csv
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of all values do not exceed; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


def append_row(path: Path, row: Mapping[str, object]) -> None:
    """Add `row` to the table in `path`, with when, where and what; a table with other columns is an error."""
    whole = {**_where(), **row}
    path.parent.mkdir(parents=True, exist_ok=True)
    exists = path.is_file()
    if exists:
        with path.open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file), list[str]())
        if columns != list(whole):
            raise ValueError(f"{path} has other columns: expected {list(whole)}, found {columns}")
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(whole), lineterminator="\n")
        if not exists:
            writer.writeheader()
        writer.writerow(whole)


def _where() -> dict[str, object]:
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "commit": _commit(),
        "processor": _processor(),
        "cores": _cores(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0,
        "python": platform.python_version(),
        "torch": version("torch"),
    }


def _cores() -> int | None:
    try:
        # Not there on a machine that only measures kernels.
        import psutil
    except ModuleNotFoundError:
        return os.cpu_count()
    return psutil.cpu_count(logical=False) or psutil.cpu_count()


def _commit() -> str:
    """The commit that is checked out, with a plus if something was changed since."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        # A bare machine that only measures has no git.
        return "unknown"
    return said.stdout.strip() or "unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
