"""How much memory an order will take on this machine: arithmetic on shapes, put right by the pictures drawn so far."""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import cast

import psutil

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.events import Event, Phase, PictureSaved
from sana_desktop.domain.memory_plan import MemoryPlan
from sana_desktop.domain.picture import MemoryUse
from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine.memory_needs import (
    Arithmetic,
    Needs,
    PackShape,
    arithmetic_for,
    fitting_plan,
    needs,
    try_shape,
)
from sana_desktop.errors import KnownError
from sana_desktop.services.pack_fit import fast_on
from sana_desktop.system.hardware import Hardware, read_hardware
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.pack_needs import SHARE_OF_MEMORY, FitLevel, level_of
from sana_desktop.system.small_files import read_json_object
from sana_desktop.system.whole_files import write_whole

_log = logging.getLogger(__name__)

FILE_NAME = "memory.json"
FORMAT = 2
MOST_LESSONS = 9
MOST_KINDS = 200
MOST_SHAPES = 8
# torch, transformers and their tables, beyond what the program has before the first picture, until that is measured.
LIBRARIES = 300_000_000

_Key = tuple[str, str]
_PHASES = ("encode", "sample", "decode")
# Bytes beyond the arithmetic, by phase: the newest pictures'.
_Lessons = dict[str, list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryForecast:
    """Bytes at the peak of an order, where it is, by which plan; of the card where one draws, else of this process."""

    needed: int
    phase: Phase
    plan: MemoryPlan
    level: FitLevel
    total: int
    on_gpu: bool


class MemoryBook:
    """Learns from pictures what arithmetic on shapes does not know, and forecasts orders. For any thread.

    What is learned is how many bytes each phase of a picture took beyond the arithmetic, for a pack in a precision:
    libraries, tables, what allocators keep. With `path` it goes on from what is there and writes it again after every
    lesson; a file that cannot be understood counts as none. `read` looks at the machine, which may take seconds. Make
    it before anything is drawn: the size of the process then is what it takes without networks.
    """

    def __init__(self, path: Path | None = None, read: Callable[[], Hardware] = read_hardware) -> None:
        self._path = path
        self._read = read
        self._hardware: Hardware | None = None
        self._lock = threading.Lock()
        self._beyond: dict[_Key, _Lessons] = {} if path is None else _read(path)
        self._shapes: dict[PackManifest, PackShape | None] = {}
        self._idle = psutil.Process().memory_info().rss

    def look(self) -> None:
        """Look at the machine; before this, nothing is forecast or learned. Not for the window's thread."""
        self._hardware = self._read()

    def listener(self, event: Event, find_pack: Callable[[str], PackManifest]) -> None:
        """Learn from what a queue tells, on the engine's thread: writing the file may take a moment there."""
        if isinstance(event, PictureSaved) and event.picture.memory.peak:
            try:
                pack = find_pack(event.picture.recipe.pack)
            except KnownError:
                return
            self.learn(pack, event.picture.recipe, event.picture.memory)

    def learn(self, pack: PackManifest, recipe: Recipe, used: MemoryUse, *, idle: int | None = None) -> None:
        """Take note of what a picture took, in a process that takes `idle` bytes without networks, if not in this."""
        hardware = self._hardware
        found = None if hardware is None else self._needs(pack, recipe, hardware, used.plan)
        if hardware is None or found is None or not used.sample:
            # A picture gone on with says little about the whole.
            return
        own = 0 if hardware.gpu is not None else (self._idle if idle is None else idle)
        with self._lock:
            key = _key(pack, recipe)
            lessons = self._beyond.pop(key, {})
            for phase in _PHASES:
                # A phase that did not run teaches nothing.
                if taken := int(getattr(used, phase)):
                    beyond = taken - own - int(getattr(found, phase))
                    lessons[phase] = [*lessons.get(phase, []), beyond][-MOST_LESSONS:]
            self._beyond[key] = lessons
            while len(self._beyond) > MOST_KINDS:
                del self._beyond[next(iter(self._beyond))]
            text = _text(self._beyond)
        if self._path is not None:
            try:
                write_whole(self._path, text.encode())
            except OSError as error:
                _log.warning("%s cannot be written (%s)", self._path, error)

    def forecast(
        self,
        pack: PackManifest,
        recipe: Recipe,
        *,
        plan: MemoryPlan | None = None,
        pictures: int = 1,
        idle: int | None = None,
    ) -> MemoryForecast | None:
        """The memory that `recipe` takes at its peak, by `plan` or the one that fits.

        `idle` is what a process takes without networks, if not this one. None for a pack that cannot be understood,
        and before the machine was looked at.
        """
        hardware, shape = self._hardware, self._shape(pack)
        if hardware is None or shape is None:
            return None
        on_gpu = hardware.gpu is not None
        place = hardware.gpu or hardware
        own = 0 if on_gpu else (self._idle if idle is None else idle)
        beyond = self._beside(_key(pack, recipe), 0 if on_gpu else LIBRARIES)
        free = round(hardware.gpu.memory_free * SHARE_OF_MEMORY) if hardware.gpu else self._free(own)

        def needed(plan: MemoryPlan) -> Needs:
            return _needs(shape, pack, recipe, hardware, plan, pictures).plus(*(own + more for more in beyond))

        chosen = plan or fitting_plan(lambda plan: needed(plan).peak, free, on_gpu=on_gpu)
        found = needed(chosen)
        return MemoryForecast(
            needed=found.peak,
            phase=found.phase,
            plan=chosen,
            level=level_of(found.peak, free, place.memory_total),
            total=place.memory_total,
            on_gpu=on_gpu,
        )

    def _free(self, own: int) -> int:
        """What this process may have in all: what is free, and what it has itself."""
        held = max(own, psutil.Process().memory_info().rss)
        return round(psutil.virtual_memory().available * SHARE_OF_MEMORY) + held

    def _needs(self, pack: PackManifest, recipe: Recipe, hardware: Hardware, plan: MemoryPlan) -> Needs | None:
        shape = self._shape(pack)
        return None if shape is None else _needs(shape, pack, recipe, hardware, plan, 1)

    def _shape(self, pack: PackManifest) -> PackShape | None:
        with self._lock:
            if pack not in self._shapes:
                if len(self._shapes) >= MOST_SHAPES:
                    self._shapes.clear()
                self._shapes[pack] = try_shape(pack)
            return self._shapes[pack]

    def _beside(self, key: _Key, unknown: int) -> tuple[int, int, int]:
        """Bytes beyond the arithmetic in each phase: of this pack and precision, else of any that was drawn."""
        with self._lock:
            own, others = self._beyond.get(key, {}), list(self._beyond.values())
        encode, sample, decode = (
            own.get(phase) or [one for lessons in others for one in lessons.get(phase, [])] or [unknown]
            for phase in _PHASES
        )
        return round(median(encode)), round(median(sample)), round(median(decode))


def _needs(
    shape: PackShape, pack: PackManifest, recipe: Recipe, hardware: Hardware, plan: MemoryPlan, pictures: int
) -> Needs:
    passes = 2 if recipe.guidance > 1 and recipe.solver is not Solver.SPRINT else 1
    arithmetic, on_gpu = _arithmetic(pack, recipe, hardware), hardware.gpu is not None
    return needs(shape, arithmetic, recipe.size, plan, pictures=pictures, passes=passes, on_gpu=on_gpu)


def _arithmetic(pack: PackManifest, recipe: Recipe, hardware: Hardware) -> Arithmetic:
    return arithmetic_for(pack.precisions, recipe.precision, fast_on(hardware))


def _key(pack: PackManifest, recipe: Recipe) -> _Key:
    return (pack.id, recipe.precision.value)


def _text(beyond: dict[_Key, _Lessons]) -> str:
    kinds = [{"pack": pack, "precision": precision, "beyond": lessons} for (pack, precision), lessons in beyond.items()]
    return json.dumps({"format": FORMAT, "kinds": kinds})


def _read(path: Path) -> dict[_Key, _Lessons]:
    try:
        document = read_json_object(path)
    except KnownError:
        return {}
    kinds = document.get("kinds")
    if document.get("format") != FORMAT or not isinstance(kinds, list):
        return {}
    beyond: dict[_Key, _Lessons] = {}
    for kind in cast(list[object], kinds)[:MOST_KINDS]:
        values = _object(kind)
        pack, precision, by_phase = values.get("pack"), values.get("precision"), _object(values.get("beyond"))
        lessons = {phase: whole for phase in _PHASES if (whole := _whole_numbers(by_phase.get(phase)))}
        if isinstance(pack, str) and isinstance(precision, str) and lessons:
            beyond[pack, precision] = lessons
    return beyond


def _object(value: object) -> dict[str, object]:
    return cast(dict[str, object], value) if isinstance(value, dict) else {}


def _whole_numbers(value: object) -> list[int]:
    listed = cast(list[object], value) if isinstance(value, list) else []
    return [one for one in listed if isinstance(one, int) and not isinstance(one, bool)][-MOST_LESSONS:]
