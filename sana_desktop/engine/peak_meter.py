"""How much memory was in use at the most since somebody last asked: of the card, or of this process."""

from contextlib import suppress
from pathlib import Path

import psutil
import torch

# Linux keeps the peak of every process, and forgets it when told so.
STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_PEAK = "VmHWM:"
_FORGET_PEAK = "5"


class PeakMeter:
    """Measures one device: of a card what tensors hold, because torch gives back the rest when needed.

    Where the system keeps no peak that can be reset, what is in use when asked counts.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._process = psutil.Process()

    def begin(self) -> None:
        """Forget what was in use before."""
        if self._device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self._device)
            return
        # Another system, or one that does not allow it.
        with suppress(OSError):
            FORGET.write_text(_FORGET_PEAK)

    def peak(self) -> int:
        """Bytes at the most since `begin`."""
        if self._device.type == "cuda":
            return torch.cuda.max_memory_allocated(self._device)
        return max(self._kept_peak(), self.now())

    def now(self) -> int:
        """Bytes in use at the moment."""
        if self._device.type == "cuda":
            return torch.cuda.memory_allocated(self._device)
        return self._process.memory_info().rss

    def _kept_peak(self) -> int:
        try:
            lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return 0
        found = next((line for line in lines if line.startswith(_PEAK)), "")
        words = found.split()
        return int(words[1]) * 1024 if len(words) > 1 and words[1].isdecimal() else 0
