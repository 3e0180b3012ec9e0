"""Draws pictures one at a time and several together, in turn, with the starter pack: whether a batch is worth it.

Run it from the checkout: `.venv/bin/python benchmarks/batch_throughput.py`. Both draw the same seeds of one prompt;
a round is one measurement of each, and the ratio is that of the medians. Nothing is recorded unless every picture of a
batch is within one level of the same picture drawn alone.
"""

import argparse
import os
import sys
import time
from functools import partial
from statistics import median

from record import ROOT, append_row

from sana_desktop.cli.composition import make_engine, prepare_environment, shipped_packs
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.choices import PreviewChoice, PreviewWish, Solver
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.system.packs import choose_pack
from sana_desktop.system.paths import AppPaths

RESULTS = ROOT / "benchmarks" / "results" / "batch_throughput.csv"


def main() -> int:
    """Measure, print, and with --record add rows."""
    parser = argparse.ArgumentParser(description="One at a time, or several together?")
    parser.add_argument("--batches", type=int, nargs="+", default=[4, 8], help="sizes of batches (%(default)s)")
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each (%(default)s)")
    parser.add_argument("--record", action="store_true", help="add a row for each to the results")
    arguments = parser.parse_args()
    prepare_environment(os.environ)
    engine = make_engine(
        AppPaths.find(),
        partial(choose_pack, folders=(shipped_packs(),)),
        preview_wish=lambda: PreviewWish(PreviewChoice.OFF),
    )
    draw(engine, [[recipe(0)]])
    for batch in arguments.batches:
        alone: list[float] = []
        together: list[float] = []
        sample: list[float] = []
        furthest = 0
        for number in range(arguments.rounds):
            recipes = [recipe(1000 + number * batch + place) for place in range(batch)]
            seconds, ones = draw(engine, [[one] for one in recipes])
            alone.append(seconds / batch)
            seconds, many = draw(engine, [recipes])
            together.append(seconds / batch)
            sample.append(sum(one.timings.sample for one in ones) / many[0].timings.sample)
            furthest = max(furthest, *(difference(one, other) for one, other in zip(ones, many, strict=True)))
        row = {
            "batch": batch,
            "alone_seconds": round(median(alone), 4),
            "batch_seconds": round(median(together), 4),
            "ratio": round(median(alone) / median(together), 3),
            "sampling_ratio": round(median(sample), 3),
            "furthest_levels": furthest,
        }
        print(row, flush=True)
        if furthest > 1:
            print("the pictures of a batch are other pictures: not recorded")
            return 1
        if arguments.record:
            append_row(RESULTS, row)
    return 0


def draw(engine: PictureEngine, batches: list[list[Recipe]]) -> tuple[float, list[Picture]]:
    """Seconds for all, and the pictures."""
    began = time.perf_counter()
    pictures = [
        picture for batch in batches for picture in engine.generate(1, tuple(batch), lambda event: None, CancelToken())
    ]
    seconds = time.perf_counter() - began
    for batch in batches:
        engine.forget(tuple(batch))
    return seconds, pictures


def recipe(seed: int) -> Recipe:
    """A picture as the starter pack likes it."""
    return Recipe(
        prompt="red apple on a blue background",
        size=Size(256, 256),
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
