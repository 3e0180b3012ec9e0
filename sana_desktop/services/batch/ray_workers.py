"""The machines of a Ray cluster as workers: one actor for each GPU, and one for each machine without any.

Ray places the actors, moves recipes and pictures, and notices machines that come or go. It is imported here and
nowhere else, when a run asks for it: it is not installed with the program (`pip install sana-desktop[cluster]`).
"""

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sana_desktop import __version__
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import BugError, KnownError, MachineError
from sana_desktop.services.batch.cluster import BATCHES_OF_A_WORKER, Drawn, Lost, Said

# Before Ray is imported: it would tell its makers that it is used.
QUIET = {"RAY_USAGE_STATS_ENABLED": "0"}
MOST_DEATHS = 3
_SECONDS_BETWEEN_COUNTS = 2.0
_LONGEST_REASON = 120

MakeEngine = Callable[[], PictureEngine]


class Drawer:
    """An engine on one machine of the cluster; Ray makes it there and calls it, one call after the other."""

    def __init__(self, make_engine: MakeEngine, environment: Mapping[str, str]) -> None:
        for name, value in environment.items():
            os.environ.setdefault(name, value)
        self._engine = make_engine()

    def version(self) -> str:
        """Of the program on that machine."""
        return __version__

    def draw(self, recipes: tuple[Recipe, ...]) -> tuple[tuple[Picture, ...], tuple[str, str, bool] | None]:
        """The pictures, or what went wrong: the message, a hint or details, and whether it is the world's fault."""
        try:
            pictures = self._engine.generate(0, recipes, lambda event: None, CancelToken())
        except KnownError as error:
            return (), (str(error), error.hint, True)
        except MemoryError:
            return (), ("The memory of the machine is full.", "Draw a smaller picture or fewer at once.", True)
        except Exception as error:  # noqa: BLE001 - errors of any kind are told, not thrown, across machines
            return (), (f"{type(error).__name__}: {error}", getattr(error, "details", ""), False)
        self._engine.forget(recipes)
        return pictures, None


@dataclass(slots=True, eq=False)
class _Slot:
    """An actor, where it is, and which batches it has; `ready` once its engine is made."""

    actor: Any
    node: str
    host: str
    ready: bool = False
    tickets: set[int] = field(default_factory=set[int])


class RayWorkers:
    """Everything that draws on the cluster at `address`: “auto” for that of this machine, or ray://HOST:PORT.

    `make_engine` and `environment` travel to the machines, which need this program in the same version, and the
    packs. Raises `KnownError` where there is no Ray or no cluster.
    """

    def __init__(self, address: str, make_engine: MakeEngine, environment: Mapping[str, str]) -> None:
        self._ray = _connected(address)
        self._make_engine = make_engine
        self._environment = dict(environment)
        self._slots: list[_Slot] = []
        # What Ray is asked for, and what the answer will mean: a slot's version, or a batch.
        self._asked: dict[Any, tuple[_Slot, int | None]] = {}
        self._deaths: Counter[str] = Counter()
        self._broken: dict[str, str] = {}
        self._counted = 0.0
        self._sayings: list[Said] = []
        self._count()

    def free(self) -> int:
        """Batches that ready machines would take now."""
        return sum(BATCHES_OF_A_WORKER - len(slot.tickets) for slot in self._slots if slot.ready)

    def hand_out(self, ticket: int, recipes: tuple[Recipe, ...]) -> None:
        """Give a batch to the machine with the least to do."""
        slot = min((slot for slot in self._slots if slot.ready), key=lambda slot: len(slot.tickets))
        slot.tickets.add(ticket)
        self._asked[slot.actor.draw.remote(recipes)] = (slot, ticket)

    def news(self, seconds: float) -> Sequence[Drawn | Lost | Said]:
        """As `Workers` says. Raises `MachineError` where no machine of the cluster can draw."""
        if time.monotonic() - self._counted > _SECONDS_BETWEEN_COUNTS:
            self._count()
        found: list[Drawn | Lost | Said] = [*self._sayings]
        self._sayings.clear()
        refs = list(self._asked)
        if not refs:
            time.sleep(seconds)
            return found
        done, _ = self._ray.wait(refs, num_returns=1, timeout=0 if found else seconds)
        if done:
            done, _ = self._ray.wait(refs, num_returns=len(refs), timeout=0)
        for ref in done:
            slot, ticket = self._asked.pop(ref)
            found.extend(self._version(slot, ref) if ticket is None else [self._result(slot, ticket, ref)])
        return found

    def close(self) -> None:
        """Let the actors go and leave the cluster as it was."""
        for slot in self._slots:
            self._ray.kill(slot.actor)
        self._slots.clear()
        self._ray.shutdown()

    def _count(self) -> None:
        """Look which machines there are, and put an engine on every place that has none."""
        self._counted = time.monotonic()
        alive = [node for node in self._ray.nodes() if node["Alive"]]
        names = {node["NodeID"] for node in alive}
        # What such a machine had is told as lost by the answers that Ray will never get.
        self._slots = [slot for slot in self._slots if slot.node in names]
        taken = Counter(slot.node for slot in self._slots)
        for node in alive:
            name, has = str(node["NodeID"]), cast(Mapping[str, float], node["Resources"])
            gpus, cpus = int(has.get("GPU", 0)), int(has.get("CPU", 0))
            if name in self._broken or (gpus < 1 and cpus < 1):
                continue
            need = {"num_gpus": 1, "num_cpus": 0} if gpus else {"num_cpus": cpus}
            for _ in range(max(1, gpus) - taken[name]):
                self._slots.append(self._new_slot(name, str(node["NodeManagerHostname"]), need))
        if alive and not self._slots and self._broken:
            raise MachineError(next(iter(self._broken.values())), hint="No machine of the cluster can draw.")

    def _new_slot(self, node: str, host: str, need: Mapping[str, int]) -> _Slot:
        # Imported here with the rest of Ray.
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        place = NodeAffinitySchedulingStrategy(node, soft=False)
        kind = self._ray.remote(Drawer).options(scheduling_strategy=place, max_restarts=0, **need)
        slot = _Slot(kind.remote(self._make_engine, self._environment), node, host)
        self._asked[slot.actor.version.remote()] = (slot, None)
        return slot

    def _version(self, slot: _Slot, ref: Any) -> list[Said]:
        try:
            version = self._ray.get(ref)
        except self._ray.exceptions.RayError as error:
            self._died(slot, f"{slot.host} cannot draw: {_shortened(error)}")
            return []
        if version != __version__:
            self._broken[slot.node] = f"{slot.host} has version {version} of this program, expected {__version__}."
            self._ray.kill(slot.actor)
            self._slots.remove(slot)
            return [Said(self._broken[slot.node])]
        slot.ready = True
        ready = sum(one.ready for one in self._slots)
        return [Said(f"{slot.host} draws now; engines on the cluster: {ready}")]

    def _result(self, slot: _Slot, ticket: int, ref: Any) -> Drawn | Lost:
        slot.tickets.discard(ticket)
        try:
            pictures, wrong = self._ray.get(ref)
        except self._ray.exceptions.RayError as error:
            self._died(slot, f"The engine on {slot.host} ended: {_shortened(error)}")
            return Lost(ticket)
        if wrong is None:
            return Drawn(ticket, pictures)
        message, more, known = wrong
        error = KnownError(message, hint=more) if known else BugError(message, details=more)
        return Drawn(ticket, error=error)

    def _died(self, slot: _Slot, reason: str) -> None:
        """Forget an actor; a machine on which one dies again and again gets no other."""
        if slot not in self._slots:
            return
        slot.ready = False
        self._slots.remove(slot)
        # It may only be out of reach, and must not keep the place.
        self._ray.kill(slot.actor)
        self._deaths[slot.node] += 1
        if self._deaths[slot.node] >= MOST_DEATHS:
            self._broken[slot.node] = reason
        self._sayings.append(Said(reason))
        # Soon, to see whether the whole machine is gone.
        self._counted = 0.0


def _connected(address: str) -> Any:
    for name, value in QUIET.items():
        os.environ[name] = value
    try:
        # Imported here because it is large, and not installed with the program.
        import ray
    except ImportError as error:
        raise KnownError(
            f"Ray is not installed ({error}).",
            hint="pip install “sana-desktop[cluster]” on this machine and all others.",
        ) from None
    try:
        ray.init(address=address, namespace="sana-desktop", log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise MachineError(
            f"There is no Ray cluster at {address} ({_shortened(error)}).",
            hint="Start one with `ray start --head`, or give its address as ray://HOST:10001.",
        ) from error
    return ray


def _shortened(error: BaseException) -> str:
    return " ".join(str(error).split())[:_LONGEST_REASON]
