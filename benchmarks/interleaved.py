"""Taking times in turn, so that whatever else the machine does meets every contestant alike."""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

import torch

PASSES_BEFORE = 1


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of every round: on the clock, and of all the process's threads together.

    The second hardly knows what else runs on the machine; it is what ratios on a busy one are judged by.
    """

    wall: tuple[float, ...]
    processor: tuple[float, ...]

    @property
    def wall_median(self) -> float:
        """The middle round on the clock."""
        return median(self.wall)

    @property
    def processor_median(self) -> float:
        """The middle round of the threads' time."""
        return median(self.processor)


def ratio(slow: Times, fast: Times) -> float:
    """How many times as fast `fast` is, on the clock: the median over rounds, each compared with its neighbour."""
    return median(left / right for left, right in zip(slow.wall, fast.wall, strict=True))


def processor_ratio(slow: Times, fast: Times) -> float:
    """The same by the threads' time."""
    return median(left / right for left, right in zip(slow.processor, fast.processor, strict=True))


def in_turn(
    contestants: Mapping[str, Callable[[], object]], rounds: int, passes_before: int = PASSES_BEFORE
) -> dict[str, Times]:
    """Run every contestant `rounds` times, one after the other, the order turning round after each round."""
    for run in contestants.values():
        for _ in range(passes_before):
            run()
    names = list(contestants)
    wall: dict[str, list[float]] = {name: [] for name in names}
    processor: dict[str, list[float]] = {name: [] for name in names}
    gc.collect()
    for turn in range(rounds):
        for name in names if turn % 2 == 0 else reversed(names):
            _settle()
            began, began_processor = time.perf_counter(), time.process_time()
            contestants[name]()
            _settle()
            wall[name].append(time.perf_counter() - began)
            processor[name].append(time.process_time() - began_processor)
    return {name: Times(tuple(wall[name]), tuple(processor[name])) for name in names}


def _settle() -> None:
    """Wait for what a GPU was told to do."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
