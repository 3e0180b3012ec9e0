"""Kills `sana-desktop batch` again and again, goes on with it, and compares with a run that nobody disturbed.

Run it from the checkout: `.venv/bin/python scripts/kill_the_batch.py`. It draws `--items` pictures with the starter
pack twice: once in one go, and once with `--kills` kills (SIGKILL) at random moments and `--resume` after each. At the
end there must be exactly that many pictures, none twice, none half, the manifest and the gallery must know each of
them once, and no pixel may differ by more than one level. The exit code is 0 if all of that is so.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

from PIL import Image, ImageChops

from sana_desktop.cli.app import build_app
from sana_desktop.cli.composition import collaborators
from sana_desktop.gallery.database import FILE_NAME
from sana_desktop.gallery.reader import GalleryReader
from sana_desktop.services.batch.manifest import read_items
from sana_desktop.system.paths import AppPaths

THINGS = ("red apple", "yellow sun", "green frog", "blue heart", "orange cat", "pink flower", "brown bear", "moon")
COLOURS = ("white", "blue", "green", "yellow", "grey")


def main() -> int:
    """Read the arguments; be the child, or the one who kills it."""
    parser = argparse.ArgumentParser(description="Kill a batch while it draws.")
    parser.add_argument("--items", type=int, default=500, help="pictures in the list (%(default)s)")
    parser.add_argument("--kills", type=int, default=25, help="how often (%(default)s)")
    parser.add_argument("--steps", type=int, default=4, help="solver steps of each picture (%(default)s)")
    parser.add_argument("--batch", type=int, default=1, help="pictures to draw at a time (%(default)s)")
    parser.add_argument("--random", type=int, default=None, help="seed of the moments, to try them again")
    parser.add_argument("--home", type=Path, default=None, help="folder to work in, which stays")
    parser.add_argument("--fake", action="store_true", help="draw with an engine of paper")
    parser.add_argument("--child", nargs=argparse.REMAINDER, default=None, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is not None:
        run_command(arguments.child, fake=arguments.fake)
        return 0
    seed = random.randrange(10**6) if arguments.random is None else arguments.random
    print(f"moments from --random {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="sana-desktop-batch-kills-") as folder:
        home = arguments.home or Path(folder)
        return Killer(home, arguments, random.Random(seed)).run()


def run_command(line: list[str], *, fake: bool) -> None:
    """What the terminal program does; with `fake`, its engine needs no networks."""
    parts = collaborators()
    if fake:
        sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
        from support.fake_engine import FakeEngine

        def make_engine(*_: object, **__: object) -> FakeEngine:
            return FakeEngine(on_step=lambda step: time.sleep(0.01))

        parts = replace(parts, make_engine=make_engine)
    build_app(parts)(line, prog_name="sana-desktop")


class Killer:
    """Draws the list in two folders, and disturbs the second."""

    def __init__(self, home: Path, arguments: argparse.Namespace, chance: random.Random) -> None:
        self._home = home
        self._arguments = arguments
        self._chance = chance
        self._list = home / "list.txt"
        self._problems: list[str] = []

    def run(self) -> int:
        """Draw, kill, compare, and say what was found."""
        self._home.mkdir(parents=True, exist_ok=True)
        self._list.write_text("".join(f"{line}\n" for line in list_lines(self._arguments.items)), encoding="utf-8")
        began = time.monotonic()
        self._finish("whole", resume=False)
        whole = time.monotonic() - began
        print(f"undisturbed: {whole:.0f} s", flush=True)
        began = time.monotonic()
        kills = self._kill_often()
        self._finish("killed", resume=True)
        print(f"killed {kills} times: {time.monotonic() - began:.0f} s", flush=True)
        if kills < self._arguments.kills:
            self._problems.append(f"only {kills} kills found something to kill")
        self._compare()
        for problem in self._problems:
            print(f"problem: {problem}")
        print(f"{kills} kills, problems: {len(self._problems)}")
        return 1 if self._problems else 0

    def _start(self, name: str, *, resume: bool) -> "subprocess.Popen[str]":
        line = ["batch", str(self._list), "--out", str(self._home / name), "--seed", "7"]
        line += ["--steps", str(self._arguments.steps), "--jobs-per-batch", str(self._arguments.batch)]
        line += ["--resume"] if resume else []
        fake = ["--fake"] if self._arguments.fake else []
        return subprocess.Popen(
            [sys.executable, __file__, *fake, "--child", *line],
            env=os.environ | {"SANA_DESKTOP_HOME": str(self._home / "home")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _finish(self, name: str, *, resume: bool) -> None:
        started = resume and (self._home / name / "manifest.jsonl").exists()
        child = self._start(name, resume=started)
        _, said = child.communicate()
        if child.returncode:
            self._problems.append(f"{name} ended with {child.returncode}: {said[-500:]}")

    def _kill_often(self) -> int:
        kills, folder = 0, self._home / "killed"
        for turn in range(self._arguments.kills):
            turns_left = self._arguments.kills - turn
            done = len(list(folder.glob("*.png")))
            more = self._chance.randrange(max(1, 2 * (self._arguments.items - done) // (turns_left + 1)))
            child = self._start("killed", resume=(folder / "manifest.jsonl").exists())
            # Until it has saved so many, and then for a moment that may be any.
            while child.poll() is None and len(list(folder.glob("*.png"))) < done + max(1, more):
                time.sleep(0.005)
            time.sleep(self._chance.random() * (0.05 if self._arguments.fake else 1.0))
            if child.poll() is None:
                child.send_signal(signal.SIGKILL)
                kills += 1
            child.communicate()
        return kills

    def _compare(self) -> None:
        whole, killed = self._home / "whole", self._home / "killed"
        self._problems += compare_runs(whole, killed, self._arguments.items)
        for folder in (whole, killed):
            self._problems += check_run(folder, self._home / "home")
        left = [path.name for path in killed.iterdir() if path.suffix not in (".png", ".jsonl")]
        if left:
            print(f"unfinished files of killed programs, swept an hour later: {len(left)}")


def list_lines(items: int) -> Iterator[str]:
    """Lines for so many pictures, of all kinds: plain ones, several of one prompt, variants, their own seeds."""
    left = items
    number = 0
    while left:
        thing, colour = THINGS[number % len(THINGS)], COLOURS[number % len(COLOURS)]
        many = min(left, 3 if number % 4 == 1 else 1)
        flags = f" --n_iter {many}" if many > 1 else f" --seed {number * 1000}" if number % 4 == 2 else ""
        words = "{happy|sad} " if number % 4 == 3 else ""
        yield f"{words}{thing} on a {colour} background{flags}"
        left -= many
        number += 1


def compare_runs(whole: Path, other: Path, items: int) -> list[str]:
    """What is wrong with the pictures of `other`, which should be those of `whole`, `items` of them."""
    problems: list[str] = []
    wanted, found = ({path.name: path for path in folder.glob("*.png")} for folder in (whole, other))
    if len(wanted) != items or set(wanted) != set(found):
        problems.append(f"{len(wanted)} pictures in {whole.name}, {len(found)} in {other.name}, or other names")
    different, largest = 0, 0
    for name in sorted(set(wanted) & set(found)):
        apart = difference(wanted[name], found[name])
        different += apart > 0
        largest = max(largest, apart)
    print(f"pictures: {len(found)}, not bit-identical: {different}, largest difference: {largest}/255")
    if largest > 1:
        problems.append(f"a pixel differs by {largest} levels")
    return problems


def check_run(folder: Path, home: Path) -> list[str]:
    """What manifest, files and gallery of a run say against each other."""
    problems: list[str] = []
    name = folder.name
    saved = [line for line in read_items(folder / "manifest.jsonl") if line["status"] == "saved"]
    twice = [index for index, count in Counter(line["index"] for line in saved).items() if count > 1]
    files = {line["file"] for line in saved}
    on_disk = {path.name for path in folder.glob("*.png")}
    if twice or files != on_disk:
        problems.append(f"{name}: the manifest has {len(twice)} twice, {len(files ^ on_disk)} other files")
    if [line["index"] for line in sorted(saved, key=lambda one: one["index"])] != list(range(len(on_disk))):
        problems.append(f"{name}: the manifest has gaps")
    paths = AppPaths.below(home)
    with GalleryReader(paths.data / FILE_NAME) as reader:
        rows = Counter(row.path for row in reader.rows(reader.search()) if row.path.parent == folder)
    if {path.name for path in rows} != on_disk or max(rows.values(), default=0) > 1:
        missing = sorted(on_disk - {path.name for path in rows})
        problems.append(f"{name}: the gallery does not know {json.dumps(missing[:3])} or {len(missing)} in all")
    return problems


def difference(one: Path, other: Path) -> int:
    """By how many of 255 levels the pixels of two pictures differ at most."""
    with Image.open(one) as first, Image.open(other) as second:
        bands = ImageChops.difference(first.convert("RGB"), second.convert("RGB")).getextrema()
    # Pillow declares all that it may be; of three bands it is three pairs.
    return max(int(high) for _, high in cast("tuple[tuple[int, int], ...]", bands))


if __name__ == "__main__":
    sys.exit(main())
