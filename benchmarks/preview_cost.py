"""What share of a picture's time its previews take.

    .venv/bin/python -m benchmarks.preview_cost --csv benchmarks/results/preview_cost.csv

The real queue and engine with the starter pack, and the window's own bridge as the listener: it copies every
preview into an image on the engine's thread, as in the window. Pictures are drawn in turn without previews, as
the preferences have it at first (`auto`, 3 %), and with a forced tiny decoder. A picture's time is that of its
phases until the pixels are there; making previews and handing events over are both in it. The promise: at the
defaults the two together take no more than the 3 %.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from benchmarks.record import append_row
from sana_desktop.cli.composition import prepare_environment
from sana_desktop.domain.choices import PreviewChoice, PreviewWish
from sana_desktop.domain.events import Event, PictureDrawn, PreviewReady, StepDone
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import SanaError
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.usual_recipe import usual_recipe
from sana_desktop.system.packs import read_pack
from sana_desktop.system.resources import resources_folder
from sana_desktop.ui.window.bridge import EventBridge

if TYPE_CHECKING:
    from sana_desktop.domain.engine_port import PictureEngine

WISHES = {
    "off": PreviewWish(PreviewChoice.OFF),
    "auto": PreviewWish(),
    "tiny": PreviewWish(PreviewChoice.TINY),
}


@dataclass
class Costs:
    """Seconds of each picture drawn with one wish: whole, for its previews, and for handing its events over."""

    whole: list[float] = field(default_factory=list[float])
    previews: list[float] = field(default_factory=list[float])
    telling: list[float] = field(default_factory=list[float])

    @property
    def share(self) -> float:
        """Of all the pictures' time together."""
        return (sum(self.previews) + sum(self.telling)) / sum(self.whole)


class Drawing(QObject):
    """Draws one picture after the other, each wish in turn, and notes what they cost."""

    def __init__(self, recipe: Recipe, rounds: int, cache: Path, home: Path) -> None:
        super().__init__()
        self.costs = {name: Costs() for name in WISHES}
        self.first_share = 0.0
        self._names = ["auto", *(list(WISHES) * (rounds + 1))]
        self._drawn = -1
        self._recipe = recipe
        self._told = 0.0
        self._failed: SanaError | None = None
        self._bridge = EventBridge(self)
        self._bridge.jobFinished.connect(self._on_finished)
        self._bridge.jobFailed.connect(self._on_failed)

        def make_engine() -> "PictureEngine":
            from sana_desktop.engine.engine import Engine

            pack = read_pack(resources_folder() / "starter")
            return Engine(lambda _: pack, cache, home / "journal", resources_folder(), preview_wish=self._wish)

        self.queue = GenerationQueue(make_engine, self._save, self._listener)

    def run(self, app: QCoreApplication) -> None:
        """Draw everything; raises what the engine met."""
        QTimer.singleShot(0, self._on_finished)
        with self.queue:
            app.exec()
        if self._failed is not None:
            raise self._failed

    def _wish(self) -> PreviewWish:
        return WISHES[self._names[self._drawn]]

    def _save(self, job: int, picture: Picture) -> Path:
        return Path("nowhere.png")

    def _listener(self, event: Event) -> None:
        """On the engine's thread."""
        began = time.perf_counter()
        self._bridge.listener(event)
        if isinstance(event, (StepDone, PreviewReady)):
            self._told += time.perf_counter() - began
        if isinstance(event, PictureDrawn):
            timings = event.picture.timings
            if self._drawn == 0:
                self.first_share = (timings.preview + self._told) / timings.total
            # Every kind once before it counts: the first of a kind warms up.
            elif self._drawn > len(WISHES):
                costs = self.costs[self._names[self._drawn]]
                costs.whole.append(timings.total)
                costs.previews.append(timings.preview)
                costs.telling.append(self._told)
            self._told = 0.0

    @Slot()
    def _on_finished(self, job: int = 0) -> None:
        self._drawn += 1
        if self._drawn == len(self._names):
            QCoreApplication.quit()
            return
        self.queue.submit(self._recipe.with_seed(1 + self._drawn))

    @Slot(int, object)
    def _on_failed(self, job: int, error: SanaError) -> None:
        self._failed = error
        QCoreApplication.quit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and append to the table; 1 if the promise is not kept."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--pictures", type=int, default=30, help="with each wish")
    parser.add_argument("--size", type=int, help="side in pixels instead of the pack's own")
    parser.add_argument("--cache", type=Path, default=Path("build/cache"), help="for the converted text encoder")
    parser.add_argument("--csv", type=Path, help="table to append to")
    options = parser.parse_args(arguments)
    prepare_environment(os.environ)
    pack = read_pack(resources_folder() / "starter")
    side = options.size or pack.base_size
    recipe = replace(usual_recipe(pack), prompt="a red apple on a blue background", size=Size(side, side), seed=1)
    app = QGuiApplication([])
    with tempfile.TemporaryDirectory(prefix="sana-previews-") as temporary:
        drawing = Drawing(recipe, options.pictures, options.cache, Path(temporary))
        drawing.run(app)
    return report(drawing, recipe, options)


def report(drawing: Drawing, recipe: Recipe, options: argparse.Namespace) -> int:
    """Print a line per wish and append the row."""
    shown = recipe.steps - 1
    row: dict[str, object] = {"pack": recipe.pack, "side": recipe.size.width, "pictures_per_wish": options.pictures}
    for name, costs in drawing.costs.items():
        figures = {
            "picture_ms": 1000 * median(costs.whole),
            "preview_ms": 1000 * median(costs.previews) / shown,
            "telling_ms": 1000 * median(costs.telling) / recipe.steps,
            "share_percent": 100 * costs.share,
        }
        row |= {f"{name}_{figure}": round(value, 3) for figure, value in figures.items()}
        print(
            f"{name:>5}: picture {figures['picture_ms']:.0f} ms, a preview {figures['preview_ms']:.2f} ms, telling "
            f"of a step {figures['telling_ms']:.3f} ms (medians), together {figures['share_percent']:.2f} % of the time"
        )
    print(f"The very first picture, at the defaults: {100 * drawing.first_share:.2f} %")
    kept = drawing.costs["auto"].share <= WISHES["auto"].budget
    print(f"auto <= {100 * WISHES['auto'].budget:.0f} %: {'kept' if kept else 'NOT KEPT'}")
    if options.csv is not None:
        first = round(100 * drawing.first_share, 3)
        append_row(options.csv, {**row, "first_picture_share_percent": first, "kept": kept})
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
