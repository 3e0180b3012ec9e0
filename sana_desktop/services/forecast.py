"""How long an order will take on this machine, learned from the pictures that it has drawn."""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.events import (
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobStarted,
    PhaseStarted,
    PictureSaved,
)
from sana_desktop.domain.job import Order
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.services.speed_file import read_speeds, speeds_text, write_speeds
from sana_desktop.services.speeds import Speeds, Work

FILE_NAME = "speeds.json"
MOST_PROMPTS = 256

_Prompt = tuple[str, str, str]


class Basis(StrEnum):
    """What a forecast stands on."""

    MEASURED = "measured"
    SCALED = "scaled from another size"
    UNKNOWN = "nothing drawn with this pack yet"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Seconds for an order, None where nothing like it was ever drawn."""

    seconds: float | None
    basis: Basis


class SpeedBook:
    """Remembers how long steps and decodes took, and says how long an order will take. For any thread.

    Steps of the transformer cost in proportion to the latent positions (its attention is linear), decodes to
    the pixels; so a size that was never drawn is told from the nearest that was. What only a first picture
    pays, starting the engine, loading the pack and reading a new prompt, is kept apart.

    With `path` it goes on from what is there and writes it again after every job that drew something; a file
    that cannot be understood counts as none. `clock` gives seconds.
    """

    def __init__(self, path: Path | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._speeds = Speeds() if path is None else read_speeds(path)
        self._job_began: float | None = None
        self._startup = 0.0
        self._unsaved = False
        # What the engine has in memory, as far as its pictures tell: the pack in its precision, and prompts.
        self._warm: tuple[str, str] | None = None
        self._prompts: dict[_Prompt, None] = {}

    def listener(self, event: Event) -> None:
        """Learn from what a queue tells, on the engine's thread: writing the file may take a moment there."""
        match event:
            case JobStarted():
                self._job_began = self._clock()
            case PhaseStarted() if self._job_began is not None:
                # Until its first phase the first job waits for torch.
                self._startup = self._clock() - self._job_began
                self._job_began = None
            case PictureSaved(picture=picture):
                self.learn(picture, startup=self._startup)
                self._startup = 0.0
            case JobFinished() | JobFailed() | JobCancelled():
                self.save()
            case _:
                pass

    def learn(self, picture: Picture, *, startup: float = 0.0) -> None:
        """Take note of a picture, for which the engine needed `startup` seconds before its first phase."""
        recipe, spent = picture.recipe, picture.timings
        seeds = picture.provenance.batch_seeds
        if seeds and recipe.seed != seeds[0]:
            # The timings are those of the whole batch, once.
            return
        work = work_of(recipe, max(1, len(seeds)))
        steps = recipe.stop_after or recipe.steps
        with self._lock:
            self._speeds.drawn_on(picture.provenance.device)
            cold = self._warm != (work.pack, work.precision)
            if cold:
                self._speeds.note_load(work, startup + spent.load)
            if _prompt(recipe) not in self._prompts:
                self._speeds.note_encode(work, spent.encode)
            # A picture finished from kept latents took hardly any steps: it says nothing about them.
            if spent.sample > 0 and spent.decode > 0:
                self._speeds.note(work, spent.sample / steps, spent.decode, cold=cold)
            self._warm = (work.pack, work.precision)
            self._prompts[_prompt(recipe)] = None
            if len(self._prompts) > MOST_PROMPTS:
                del self._prompts[next(iter(self._prompts))]
            self._unsaved = True

    def forecast(self, order: Order, done: int = 0) -> Forecast:
        """Seconds for the pictures of `order` but the first `done`, if it were drawn next."""
        return self.forecast_all([(order, done)])

    def forecast_all(self, orders: Iterable[tuple[Order, int]]) -> Forecast:
        """As `forecast`, for several drawn one after the other: a pack is loaded and a prompt read once."""
        works: Counter[tuple[Work, int]] = Counter()
        firsts: dict[tuple[str, str], Work] = {}
        prompts: dict[_Prompt, Work] = {}
        for order, done in orders:
            recipe, count = order.recipe, max(0, order.count - done)
            steps = recipe.stop_after or recipe.steps
            whole, rest = divmod(count, order.batch)
            for batch, times in ((order.batch, whole), (rest, 1 if rest else 0)):
                if times:
                    work = work_of(recipe, batch)
                    works[work, steps] += times
                    firsts.setdefault((work.pack, work.precision), work)
                    prompts.setdefault(_prompt(recipe), work)
        with self._lock:
            seconds, basis = self._drawing(works)
            if seconds is not None:
                for pack, work in firsts.items():
                    seconds += 0.0 if pack == self._warm else _median(self._speeds.loads(work))
                for prompt, work in prompts.items():
                    seconds += 0.0 if prompt in self._prompts else _median(self._speeds.encodes(work))
        return Forecast(seconds, basis)

    def save(self) -> None:
        """Write the file if there is news; a disk that refuses is only logged."""
        with self._lock:
            text = speeds_text(self._speeds) if self._unsaved and self._path is not None else None
            self._unsaved = False
        if text is not None and self._path is not None:
            write_speeds(self._path, text)

    def _drawing(self, works: Mapping[tuple[Work, int], int]) -> tuple[float | None, Basis]:
        """Seconds for so many times so many steps and a decode."""
        seconds, basis = 0.0, Basis.MEASURED
        for (work, steps), times in works.items():
            known = self._nearest(work)
            if known is None:
                return None, Basis.UNKNOWN
            if known != work:
                basis = Basis.SCALED
            step, decode = self._speeds.medians(known)
            seconds += times * (steps * step * work.per_step / known.per_step + decode * work.pixels / known.pixels)
        return seconds, basis

    def _nearest(self, work: Work) -> Work | None:
        """The measured work that is most like `work`, of the same pack in the same precision."""
        like = [one for one in self._speeds.works() if (one.pack, one.precision) == (work.pack, work.precision)]
        return min(like, key=lambda one: _distance(one, work), default=None)


def work_of(recipe: Recipe, batch: int) -> Work:
    """What decides about the time of a step and of a decode of `batch` pictures together."""
    # Without guidance, and in a network that takes it as an input, one pass per step is enough.
    passes = 2 if recipe.guidance > 1 and recipe.solver is not Solver.SPRINT else 1
    positions = recipe.size.latent_width * recipe.size.latent_height
    return Work(recipe.pack, recipe.precision.value, positions, batch, passes)


def _distance(one: Work, other: Work) -> tuple[float, bool, bool]:
    return (
        abs(math.log(one.per_step / other.per_step)),
        one.batch != other.batch,
        one.passes != other.passes,
    )


def _prompt(recipe: Recipe) -> _Prompt:
    return (recipe.pack, recipe.prompt, recipe.negative)


def _median(values: list[float]) -> float:
    return median(values) if values else 0.0
