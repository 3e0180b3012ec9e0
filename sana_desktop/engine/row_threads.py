"""Rows of a batch on threads of their own, each with its share of the processor's cores.

A small network gives a core little to do in one operation, and two cores then wait for each other after every one of
thousands. Rows of a batch need nothing of each other: with a thread for each share of them the cores meet once a step.
"""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import torch

# With fewer rows than these for each core, the shares would be too small to keep a core busy.
LEAST_ROWS = 2

_Share = TypeVar("_Share")
_Result = TypeVar("_Result")
# Calls a function with every share and gives the results in order; what one raises is raised when all have ended.
Spread = Callable[[Callable[[_Share], _Result], Sequence[_Share]], list[_Result]]


def in_turn(work: Callable[[_Share], _Result], shares: Sequence[_Share]) -> list[_Result]:
    """One share after the other, on this thread and all cores."""
    return [work(share) for share in shares]


class RowThreads:
    """Threads for the rows of one batch; made and closed by `row_threads`."""

    def __init__(self, pool: ThreadPoolExecutor | None, count: int) -> None:
        self._pool = pool
        self.count = count

    def spread(self, work: Callable[[_Share], _Result], shares: Sequence[_Share]) -> list[_Result]:
        """Call `work` with every share, at the same time, and return the results in order."""
        if self._pool is None:
            return in_turn(work, shares)
        futures = [self._pool.submit(work, share) for share in shares]
        errors = [error for future in futures if (error := future.exception()) is not None]
        if errors:
            raise errors[0]
        return [future.result() for future in futures]


@contextmanager
def row_threads(device: torch.device, rows: int) -> Generator[RowThreads]:
    """Threads for a batch of so many rows: none on a GPU, on one core, or where there are too few rows."""
    cores = torch.get_num_threads()
    count = min(cores, rows // LEAST_ROWS)
    if device.type != "cpu" or count < 2:
        yield RowThreads(None, 1)
        return
    with ThreadPoolExecutor(count, "rows", torch.set_num_threads, (max(1, cores // count),)) as pool:
        try:
            yield RowThreads(pool, count)
        finally:
            # Threads that begin later take the number that was set last, by whomever.
            torch.set_num_threads(cores)
