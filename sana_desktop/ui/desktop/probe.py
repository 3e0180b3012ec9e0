"""Measuring how long the window takes to appear, for `sana-desktop gui --probe`."""

import json
import os
import sys
import time
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

HEAVY = ("torch", "transformers", "tokenizers")


def process_age() -> float:
    """Seconds since this process was started.

    On Linux by the clock that counts from the boot: what psutil tells is off by as much as the clock on the wall was
    set since then, which was 0.8 s where it was noticed.
    """
    stat = Path("/proc/self/stat")
    if not stat.is_file():
        return time.time() - psutil.Process().create_time()
    # After the name, which may hold spaces and brackets, the moment of the start is number 20.
    ticks = int(stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


class StartProbe(QObject):
    """Writes seconds since the start of the process to `path` once a window has been painted.

    The file is one JSON object: `<name>_s` for every mark, `window_ready_s` for the moment when the window
    is painted and takes input, and `<library>_loaded` for the libraries that should come later.

    Signals:
        written(): the file is there.
    """

    written = Signal()

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._age, self._born = process_age(), time.monotonic()
        self._report: dict[str, object] = {}
        self._window: QWidget | None = None

    def mark(self, name: str) -> None:
        """Note that now the part called `name` is over."""
        self._report[f"{name}_s"] = self._seconds()

    def watch(self, window: QWidget) -> None:
        """Wait for `window`, which is about to be shown, to be painted."""
        self._window = window
        window.installEventFilter(self)

    def _on_ready(self) -> None:
        self.mark("window_ready")
        self._report |= {f"{name}_loaded": name in sys.modules for name in HEAVY}
        self._path.write_text(json.dumps(self._report, indent=1) + "\n", encoding="utf-8")
        self.written.emit()

    def _seconds(self) -> float:
        return round(self._age + time.monotonic() - self._born, 3)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the first painting."""
        if event.type() is QEvent.Type.Paint and self._window is not None:
            self._window.removeEventFilter(self)
            self._window = None
            # The children are painted after their window; then comes the turn of what waits, such as typing.
            QTimer.singleShot(0, self, self._on_ready)
        return False
