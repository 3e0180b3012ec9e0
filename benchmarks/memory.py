"""How much memory a piece of work takes at its peak, watched from a thread beside it."""

import gc
import threading
from types import TracebackType
from typing import Self

import psutil

INTERVAL_S = 0.005


class PeakMemory:
    """Watches the resident memory of this process; bytes are in `before`, `peak`, `after` and `added` afterwards.

    Pages of mapped files count only as far as `anonymous` is False: with it, only what the process itself allocated.
    """

    def __init__(self, *, anonymous: bool = False) -> None:
        self._process = psutil.Process()
        self._anonymous = anonymous
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="peak memory")
        self.before = self.peak = self.after = 0

    @property
    def added(self) -> int:
        """Bytes at the peak beyond those before."""
        return self.peak - self.before

    def now(self) -> int:
        """Bytes resident at the moment."""
        if self._anonymous:
            with open("/proc/self/smaps_rollup", encoding="ascii") as file:  # noqa: PTH123  # not a file but the kernel
                return sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Anonymous:"))
        return self._process.memory_info().rss

    def __enter__(self) -> Self:
        gc.collect()
        self.before = self.peak = self.now()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self.after = self.now()
        self.peak = max(self.peak, self.after)

    def _watch(self) -> None:
        while not self._stop.wait(INTERVAL_S):
            self.peak = max(self.peak, self.now())
