"""Draws a list of prompts one at a time and several together, in turn, with the starter pack.

It answers whether a batch is worth it.

Run it from the checkout: `.venv/bin/python -m benchmarks.batch_throughput`. Every picture has a prompt of its own that
was never read before, and both ways do all the work of a list: read the words, take the steps, decode, and write files.
A round is one measurement of each, neighbours in time, the order turning; the ratio is the median of the rounds'.
Nothing is recorded unless every picture of a batch is within one level of the same picture drawn alone.
"""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.record import ROOT, append_row
from sana_desktop.cli.composition import make_engine, prepare_environment, shipped_packs
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.choices import PreviewChoice, PreviewWish, Solver
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.gallery.files import write_new
from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.system.packs import choose_pack
from sana_desktop.system.paths import AppPaths

RESULTS = ROOT / "benchmarks" / "results" / "batch_throughput.csv"
THINGS = ("red apple", "yellow sun", "green frog", "blue heart", "orange cat", "pink flower", "brown bear", "moon")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds for each picture: on the clock, of all threads together, and the clock's for reading and for steps."""

    wall: float
    processor: float
    words: float
    steps: float


def main() -> int:
    """Measure, print, and with --record add rows."""
    parser = argparse.ArgumentParser(description="One at a time, or several together?")
    parser.add_argument("--batches", type=int, nargs="+", default=[8], help="sizes of batches (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each (%(default)s)")
    parser.add_argument("--size", type=int, default=256, help="sides of the pictures (%(default)s)")
    parser.add_argument("--list", type=int, default=32, help="pictures of a measurement (%(default)s)")
    parser.add_argument("--record", action="store_true", help="add a row for each to the results")
    arguments = parser.parse_args()
    prepare_environment(os.environ)
    with tempfile.TemporaryDirectory(prefix="sana-desktop-throughput-") as folder:
        for batch in arguments.batches:
            row = measure(batch, arguments.size, arguments.rounds, arguments.list, Path(folder))
            print(row, flush=True)
            if int(str(row["furthest_levels"])) > 1:
                print("the pictures of a batch are other pictures: not recorded")
                return 1
            if arguments.record:
                append_row(RESULTS, row)
    return 0


def measure(batch: int, side: int, rounds: int, length: int, folder: Path) -> dict[str, object]:
    """A row for batches of this size."""
    engines = {name: engine_in(folder / f"{name}-{batch}") for name in ("alone", "together")}
    for engine in engines.values():
        draw(engine, [(recipe("a warm round", 0, side),)], folder)
    spent: dict[str, list[Spent]] = {name: [] for name in engines}
    furthest = 0
    for number in range(rounds):
        recipes = tuple(recipe(prompt(number * length + place), 1000 + place, side) for place in range(length))
        batches = [recipes[first : first + batch] for first in range(0, length, batch)]
        ways = {"alone": [(one,) for one in recipes], "together": batches}
        drawn: dict[str, list[Picture]] = {}
        for name in ways if number % 2 == 0 else reversed(ways):
            took, drawn[name] = draw(engines[name], ways[name], folder, ahead=name == "together")
            spent[name].append(took)
        furthest = max(furthest, *map(difference, drawn["alone"], drawn["together"]))
    pairs = list(zip(spent["alone"], spent["together"], strict=True))
    return {
        "batch": batch,
        "size": side,
        "pictures": length,
        "rounds": rounds,
        "alone_seconds": round(median(one.wall for one, _ in pairs), 4),
        "batch_seconds": round(median(many.wall for _, many in pairs), 4),
        "ratio": round(median(one.wall / many.wall for one, many in pairs), 3),
        "processor_ratio": round(median(one.processor / many.processor for one, many in pairs), 3),
        "steps_ratio": round(median(one.steps / many.steps for one, many in pairs), 3),
        "words_alone_seconds": round(median(one.words for one, _ in pairs), 4),
        "words_batch_seconds": round(median(many.words for _, many in pairs), 4),
        "furthest_levels": furthest,
    }


def engine_in(home: Path) -> PictureEngine:
    """An engine that remembers nothing of the other's words; the converted text encoder is that of this machine."""
    paths = AppPaths.find()
    own = AppPaths.below(home)
    own.cache.mkdir(parents=True)
    for part in paths.cache.iterdir() if paths.cache.is_dir() else ():
        if part.name != "embeddings":
            (own.cache / part.name).symlink_to(part)
    return make_engine(
        own, partial(choose_pack, folders=(shipped_packs(),)), preview_wish=lambda: PreviewWish(PreviewChoice.OFF)
    )


def draw(
    engine: PictureEngine, batches: list[tuple[Recipe, ...]], folder: Path, *, ahead: bool = False
) -> tuple[Spent, list[Picture]]:
    """What each picture of the batches took, and the pictures, which were written; with `ahead`, as a list does it."""
    began, began_processor = time.perf_counter(), time.process_time()
    pictures: list[Picture] = []
    words = steps = 0.0
    if ahead:
        engine.read_ahead(batches, CancelToken())
        words = time.perf_counter() - began
    for batch in batches:
        drawn = engine.generate(1, batch, lambda event: None, CancelToken())
        words += drawn[0].timings.encode
        steps += drawn[0].timings.sample
        for picture in drawn:
            write_new(folder / "picture.png", partial(write_picture, picture, PictureKind.PNG))
        engine.forget(batch)
        pictures.extend(drawn)
    wall, processor = time.perf_counter() - began, time.process_time() - began_processor
    many = len(pictures)
    return Spent(wall / many, processor / many, words / many, steps / many), pictures


def prompt(number: int) -> str:
    """A different one for every number."""
    return f"{THINGS[number % len(THINGS)]} number {number} on a blue background"


def recipe(words: str, seed: int, side: int) -> Recipe:
    """A picture as the starter pack likes it; it learned 256 pixels."""
    return Recipe(
        prompt=words,
        size=Size(side, side),
        steps=20,
        guidance=4.0,
        seed=seed,
        solver=Solver.FLOW_DPM,
        pack="starter",
    )


def difference(one: Picture, other: Picture) -> int:
    """By how many of 255 levels two pictures differ at most."""
    return max(abs(a - b) for a, b in zip(one.rgb, other.rgb, strict=True))


if __name__ == "__main__":
    sys.exit(main())
