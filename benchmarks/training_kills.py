"""Every stage of the training, killed by SIGKILL twice and run again, against the same stage left alone.

    .venv/bin/python -m benchmarks.training_kills build/training build/kills --csv benchmarks/results/training_kills.csv

Stages run as a person runs them, on some things of the fetched data, for a few steps. The first kill comes when a
stage writes something for the first time, the second when the next run has written for the third time; then it may
end. What both ways leave behind is compared: weights, features and pictures by their values. `build/training` is what
`training.fetch` made; Gemma is taken from there if it is prepared, and prepared there if it is not.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file  # pyright: ignore[reportUnknownVariableType]

from benchmarks.record import ROOT, append_row
from training.emoji import other_pictures, read_concepts
from training.styles import STYLES

STARTER = ROOT / "resources" / "starter"
_THINGS, _OTHERS = 6, 12
# At which change of its folder a run is killed; the last run is left alone.
KILLS = (1, 3)
_POLL_S = 0.02
# Notes of a run about itself.
_NOT_COMPARED = {"log.csv", "options.json", "state.pt"}


class Stage(NamedTuple):
    """A stage by its arguments; what it writes is below `out`."""

    name: str
    arguments: tuple[str, ...]
    out: Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, compare, print, and append to the table; 1 if anything differs."""
    parser = argparse.ArgumentParser(description="Every stage of the training, killed twice, against one left alone.")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", nargs="*", help="stages to compare; the others run once")
    parser.add_argument("--csv", type=Path, help="table to append to")
    options = parser.parse_args(arguments)
    shutil.rmtree(options.out, ignore_errors=True)
    data = small_data(options.data, options.out / "data")
    differing: list[str] = []
    for alone, killed in zip(stages(data, options.out / "alone"), stages(data, options.out / "killed"), strict=True):
        run(alone.arguments)
        if options.only and alone.name not in options.only:
            shutil.copytree(alone.out, killed.out, dirs_exist_ok=True)
            continue
        kills = [survive(killed, changes) for changes in KILLS]
        run(killed.arguments)
        found = compare(alone.out, killed.out)
        row = {"stage": alone.name, "kills": sum(kills), **found}
        print(row, flush=True)
        differing += [] if found["differing"] == 0 and sum(kills) else [alone.name]
        if options.csv is not None:
            append_row(options.csv, row)
    print(f"expected no differences, found them after: {', '.join(differing) or 'no stage'}")
    return 1 if differing else 0


def stages(data: Path, out: Path) -> list[Stage]:
    """All stages after `fetch` whose data `fetch` brings without Debian's packages, small."""
    few = ("--save-every", "1", "--steps", "4")
    vae, features, scorer = str(STARTER / "vae"), str(out / "features"), str(out / "scorer")
    prepared = out / "prepared"
    shutil.copytree(data, prepared, symlinks=True)
    decoder = ("--init", vae, "--only", "decoder", "--batch", "2", *few)
    dit = ("--init", str(STARTER / "transformer"), "--batch", "8")
    measured = ("--pack", str(STARTER), "--scorer", scorer, "--count", "4", "--pictures", "4", "--names", "6")
    made = (
        ("prepare", prepared, prepared / "styles", ()),
        ("dcae", prepared, out / "decoder", decoder),
        ("preview", prepared, out / "preview", ("--vae", vae, "--batch", "4", *few)),
        ("features", prepared, out / "features", ("--vae", vae, "--thin", "--scenes", "4", "--formats", "2")),
        ("dit", out / "features", out / "dit", (*dit, *few)),
        ("scorer", prepared, out / "scorer", ("--features", features, "--batch", "16", *few)),
        (
            "evaluate",
            prepared,
            out / "evaluation",
            (*measured, "--manners", "flow-dpm-14", "--cache", str(data / "gemma")),
        ),
    )
    return [
        Stage(name, (f"training.{name}", str(given), *([] if name == "prepare" else [str(target)]), *more), target)
        for name, given, target, more in made
    ]


def small_data(data: Path, out: Path) -> Path:
    """Some things, some other emoji, and the drawings of these, as links into `data`; Gemma as it is there."""
    concepts = read_concepts(data)
    some = concepts[:: len(concepts) // _THINGS][:_THINGS]
    others = [
        path for held_out in (False, True) for path in other_pictures(data, concepts, held_out=held_out)[:_OTHERS]
    ]
    assets = out / "pictures/assets"
    assets.mkdir(parents=True)
    for path in [*(concept.picture for concept in some), *others]:
        (assets / path.name).symlink_to(path.absolute())
    keys = {concept.key for concept in some}
    entries = json.loads((data / "names/en/data.json").read_text(encoding="utf-8"))
    chosen = [entry for entry in entries if entry["hexcode"].lower().removesuffix("-fe0f") in keys]
    (out / "names/en").mkdir(parents=True)
    (out / "names/en/data.json").write_text(json.dumps(chosen), encoding="utf-8")
    for style in STYLES:
        _small_icons(data / style, out / style, keys)
    (data / "gemma").mkdir(exist_ok=True)
    (out / "gemma").symlink_to((data / "gemma").absolute())
    return out


def _small_icons(icons: Path, out: Path, keys: set[str]) -> None:
    described: dict[str, Any] = json.loads((icons / "icons.json").read_text(encoding="utf-8"))
    by_code: dict[str, str] = json.loads((icons / "chars.json").read_text(encoding="utf-8"))
    chosen = {code: name for code, name in by_code.items() if code.removesuffix("-fe0f") in keys}
    described["icons"] = {name: described["icons"][name] for name in chosen.values() if name in described["icons"]}
    out.mkdir()
    (out / "icons.json").write_text(json.dumps(described), encoding="utf-8")
    (out / "chars.json").write_text(json.dumps(chosen), encoding="utf-8")


def run(arguments: Sequence[str]) -> None:
    """Run a stage to its end."""
    subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def survive(stage: Stage, changes: int) -> bool:
    """Run a stage and kill it when its folder has changed so many times; whether it had not ended by then."""
    with subprocess.Popen([sys.executable, "-m", *stage.arguments], cwd=ROOT, stdout=subprocess.DEVNULL) as running:
        seen = look(stage.out)
        while running.poll() is None and changes:
            time.sleep(_POLL_S)
            if (now := look(stage.out)) != seen:
                seen, changes = now, changes - 1
        if running.poll() is None:
            os.kill(running.pid, signal.SIGKILL)
    return running.returncode == -signal.SIGKILL


def look(folder: Path) -> dict[str, tuple[int, int]]:
    """Sizes and times of the files below a folder."""
    found: dict[str, tuple[int, int]] = {}
    for path in folder.rglob("*"):
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        if path.is_file():
            found[str(path)] = status.st_size, status.st_mtime_ns
    return found


def compare(alone: Path, killed: Path) -> dict[str, object]:
    """How many files both ways left, how many differ in their values, and by how much at most."""
    names = [{path.relative_to(folder) for path in folder.rglob("*") if _counts(path)} for folder in (alone, killed)]
    distances = [distance(alone / name, killed / name) for name in sorted(names[0] & names[1])]
    strangers = len(names[0] ^ names[1])
    return {
        "files": len(names[0]),
        "differing": sum(away > 0 for away in distances) + strangers,
        "largest_difference": max(distances, default=0.0),
    }


def _counts(path: Path) -> bool:
    # Half-written files of ours and of safetensors, which a kill leaves behind and nothing reads.
    half = path.suffix == ".partial" or path.name.startswith(".tmp")
    return path.is_file() and path.name not in _NOT_COMPARED and not half


def distance(one: Path, other: Path) -> float:
    """The largest difference of any value of two files of weights or pictures; 0 or infinity for other files."""
    if one.suffix == ".safetensors":
        tensors = load_file(one), load_file(other)
        if {name: value.shape for name, value in tensors[0].items()} != {
            name: value.shape for name, value in tensors[1].items()
        }:
            return float("inf")
        pairs = [(value.double(), tensors[1][name].double()) for name, value in tensors[0].items()]
        return max((float((a - b).abs().max()) for a, b in pairs if torch.numel(a)), default=0.0)
    if one.suffix == ".png":
        with Image.open(one) as first, Image.open(other) as second:
            return float(np.abs(np.asarray(first, dtype=float) - np.asarray(second, dtype=float)).max())
    return 0.0 if one.read_bytes() == other.read_bytes() else float("inf")


if __name__ == "__main__":
    raise SystemExit(main())
