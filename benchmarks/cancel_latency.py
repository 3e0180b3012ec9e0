"""How soon a cancelled job ends, and how soon the next one moves.

    .venv/bin/python -m benchmarks.cancel_latency --csv benchmarks/results/cancel_latency.csv

The real queue and engine. A job is cancelled at a random moment of its steps, another at one of its decode, in
turn; behind each waits the next job. Measured are the seconds from asking to `JobCancelled`, and to the first step
of the next job. The engine can stop before every block of the transformer and every layer of the decoder, so the
longest of these are timed in the same process. The promise is kept by a phase whose slowest cancel took no longer
than one block of the transformer and 50 ms. At full size a single convolution of the decoder takes longer than that
and cannot be interrupted; how many do is printed. `--pack 0.6b` draws with networks of the published size and random
weights (2 GB in a temporary folder).
"""

import argparse
import os
import random
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.record import append_row
from sana_desktop.cli.composition import prepare_environment
from sana_desktop.domain.events import Event, JobCancelled, JobFailed, JobFinished, Phase, PhaseStarted, StepDone
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.usual_recipe import usual_recipe
from sana_desktop.system.pack_manifest import PackManifest, PackPreview
from sana_desktop.system.packs import read_pack
from sana_desktop.system.resources import resources_folder

if TYPE_CHECKING:
    from sana_desktop.domain.engine_port import PictureEngine

ALLOWED_S = 0.050
BLOCK_RUNS = 5
PHASES = (Phase.SAMPLE, Phase.DECODE)


class Watch:
    """A listener that notes when what happened, and lets another thread wait for it."""

    def __init__(self) -> None:
        self._heard: defaultdict[int, list[tuple[float, Event]]] = defaultdict(list)
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        now, job = time.perf_counter(), getattr(event, "job", 0)
        with self._changed:
            self._heard[job].append((now, event))
            self._changed.notify_all()

    def first(self, kind: type[Event], job: int, phase: Phase | None = None) -> float | None:
        """The time of the first such event of a job, None if there was none yet; raises if the job failed."""
        for at, event in self._heard[job]:
            if isinstance(event, JobFailed):
                raise RuntimeError(str(event.error)) from event.error
            if isinstance(event, kind) and phase in (None, getattr(event, "phase", None)):
                return at
        return None

    def wait(self, kind: type[Event], job: int, phase: Phase | None = None) -> float:
        """The time of the first such event, waited for."""
        with self._changed:
            self._changed.wait_for(lambda: self.first(kind, job, phase) is not None)
        return self.first(kind, job, phase) or 0.0


@dataclass
class Latencies:
    """Seconds of one phase: of every cancel, until the next job's first step, and of its pieces between two checks."""

    cancel: list[float] = field(default_factory=list[float])
    next_step: list[float] = field(default_factory=list[float])
    pieces: list[float] = field(default_factory=list[float])

    @property
    def block(self) -> float:
        """Seconds of the longest piece."""
        return max(self.pieces)


def measure(queue: GenerationQueue, watch: Watch, recipe: Recipe, cancels: int) -> dict[Phase, Latencies]:
    """Cancel `cancels` jobs, half of them in each phase."""
    job = 0
    # The first run loads, the second tells how long the phases take.
    for _ in range(2):
        job = queue.submit(recipe)
        watch.wait(JobFinished, job)
    began = [watch.wait(PhaseStarted, job, phase) for phase in (*PHASES, Phase.SAVE)]
    lasting = {phase: began[index + 1] - began[index] for index, phase in enumerate(PHASES)}
    print(", ".join(f"{phase} takes {seconds:.2f} s" for phase, seconds in lasting.items()))
    found = {phase: Latencies() for phase in PHASES}
    chance = random.Random(0)
    for _ in range(cancels // len(PHASES)):
        for phase in PHASES:
            while not cancel_one(queue, watch, recipe, phase, chance.uniform(0.0, lasting[phase]), found[phase]):
                pass
    return found


def cancel_one(
    queue: GenerationQueue, watch: Watch, recipe: Recipe, phase: Phase, delay: float, found: Latencies
) -> bool:
    """Cancel a job `delay` seconds into a phase, with another behind it; False if the phase was over before."""
    job, following = queue.submit(recipe), queue.submit(replace(recipe, steps=2))
    until = watch.wait(PhaseStarted, job, phase) + delay
    time.sleep(max(0.0, until - time.perf_counter()))
    after = PHASES[1] if phase is PHASES[0] else Phase.SAVE
    asked = time.perf_counter()
    in_time = watch.first(PhaseStarted, job, after) is None
    queue.cancel(job)
    queue.wait(job)
    moved = watch.wait(StepDone, following)
    queue.cancel(following)
    queue.wait(following)
    ended = watch.first(JobCancelled, job)
    if not in_time or ended is None:
        return False
    found.cancel.append(ended - asked)
    found.next_step.append(moved - asked)
    return True


def seconds_between_checks(manifest: PackManifest, recipe: Recipe, cache: Path) -> dict[Phase, list[float]]:
    """Seconds from each check to the next, medians of some runs, in each phase."""
    import torch

    from sana_desktop.engine.decode import decode_latents
    from sana_desktop.engine.device import choose_for_pack, find_device
    from sana_desktop.engine.pack_loader import LoadedPack
    from sana_desktop.engine.prompt import PromptFeatures
    from sana_desktop.engine.sample import initial_latents, sample
    from sana_desktop.engine.text_features import TextFeatures

    device = find_device()
    pack = LoadedPack(manifest, device, choose_for_pack(device, manifest), cache, resources_folder())
    transformer, vae = pack.transformer(lambda: None), pack.vae(lambda: None)
    text = TextFeatures(torch.randn(1, 12, transformer.config.caption_channels), torch.ones(1, 12, dtype=torch.bool))
    features = PromptFeatures(text, text, ())
    one_step = replace(recipe, steps=2).stopped_after(1)
    noise_1Khw = initial_latents([recipe], None, transformer.config.in_channels)
    return {
        Phase.SAMPLE: _between(
            lambda mark: sample([one_step], pack, transformer, [features], noise_1Khw, lambda state: None, mark)
        ),
        Phase.DECODE: _between(lambda mark: decode_latents(vae, noise_1Khw, mark)),
    }


def _between(run: Callable[[Callable[[], None]], object]) -> list[float]:
    runs: list[list[float]] = []
    for _ in range(BLOCK_RUNS + 1):
        marks: list[float] = []
        run(lambda marks=marks: marks.append(time.perf_counter()))
        marks.append(time.perf_counter())
        runs.append([later - sooner for sooner, later in pairwise(marks)])
    # Not the first: memory is being fetched there.
    return [median(seconds) for seconds in zip(*runs[1:], strict=True)]


def random_pack(folder: Path) -> PackManifest:
    """Write the networks of Sana 0.6B and its autoencoder, untrained; all else is as in the starter pack."""
    import torch

    from sana_desktop.engine.weights.save import save_autoencoder, save_transformer
    from sana_models.configs import DC_AE_F32C32, SANA_0_6B
    from sana_models.dc_ae import DCAutoencoder
    from sana_models.dit import SanaTransformer

    save_transformer(
        SanaTransformer(replace(SANA_0_6B, caption_channels=640)), folder / "transformer", dtype=torch.bfloat16
    )
    save_autoencoder(DCAutoencoder(DC_AE_F32C32), folder / "vae", dtype=torch.bfloat16)
    return replace(
        read_pack(resources_folder() / "starter"),
        folder=folder,
        id="random-0.6b",
        base_size=512,
        preview=PackPreview(),
    )


def keep_nothing(job: int, picture: Picture) -> Path:
    """Save a picture by forgetting it."""
    return Path("nowhere.png")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and append to the table; 1 if a promise is not kept."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--cancels", type=int, default=60)
    parser.add_argument("--pack", choices=("starter", "0.6b"), default="starter")
    parser.add_argument("--size", type=int, help="side in pixels instead of the pack's own")
    parser.add_argument("--steps", type=int, help="steps instead of the pack's own")
    parser.add_argument("--cache", type=Path, default=Path("build/cache"), help="for the converted text encoder")
    parser.add_argument("--csv", type=Path, help="table to append to")
    options = parser.parse_args(arguments)
    prepare_environment(os.environ)
    with tempfile.TemporaryDirectory(prefix="sana-cancel-") as temporary:
        home = Path(temporary)
        pack = random_pack(home / "pack") if options.pack == "0.6b" else read_pack(resources_folder() / "starter")
        side = options.size or pack.base_size
        recipe = replace(
            usual_recipe(pack),
            prompt="a red apple on a blue background",
            size=Size(side, side),
            steps=options.steps or pack.default_steps,
            seed=1,
        )

        def make_engine() -> "PictureEngine":
            from sana_desktop.engine.engine import Engine

            return Engine(lambda _: pack, options.cache, home / "journal", resources_folder())

        watch = Watch()
        with GenerationQueue(make_engine, keep_nothing, watch) as queue:
            found = measure(queue, watch, recipe, options.cancels)
        for phase, pieces in seconds_between_checks(pack, recipe, options.cache).items():
            found[phase].pieces = pieces
    return report(found, options, side)


def report(found: dict[Phase, Latencies], options: argparse.Namespace, side: int) -> int:
    """Print a line per phase and append the row."""
    row: dict[str, object] = {"pack": options.pack, "side": side, "cancels_per_phase": options.cancels // len(PHASES)}
    allowed = found[Phase.SAMPLE].block + ALLOWED_S
    kept = True
    for phase, seen in found.items():
        in_time = max(seen.cancel) <= allowed
        kept = kept and in_time
        figures = {
            "block": seen.block,
            "cancel_median": median(seen.cancel),
            "cancel_max": max(seen.cancel),
            "next_step_median": median(seen.next_step),
            "next_step_max": max(seen.next_step),
        }
        row |= {f"{phase}_{name}_ms": round(1000 * seconds, 1) for name, seconds in figures.items()}
        words = ", ".join(f"{name.replace('_', ' ')} {1000 * seconds:.1f}" for name, seconds in figures.items())
        verdict = "kept" if in_time else "NOT KEPT"
        long = sum(piece > allowed for piece in seen.pieces)
        print(f"{phase:>6}: {words} ms; {long} of {len(seen.pieces)} pieces are longer than allowed")
        print(f"        cancel <= one block of the transformer + {1000 * ALLOWED_S:.0f} ms: {verdict}")
    if options.csv is not None:
        append_row(options.csv, {**row, "kept": kept})
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
