"""Whole pictures for the light table, read on a thread; the next ones before they are asked for."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from sana_desktop.ui.basics.picture_files import read_image
from sana_desktop.ui.gallery.bounded_shelf import BoundedShelf

_log = logging.getLogger(__name__)

# A dozen pictures of 2048 x 2048 pixels.
MOST_BYTES = 192 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Large:
    """The picture of a file; a null one with the reason where there is none."""

    path: Path
    image: QImage
    problem: str = ""


class LargeLoader(QObject):
    """Reads the pictures that were wanted last, the first of them first, on a thread that begins when needed.

    `close` has to be called before the program ends.

    Signals:
        loaded(object): a `Large`, which `get` gives from now on.
    """

    loaded = Signal(object)

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept = BoundedShelf[Path, Large](MOST_BYTES)
        # Guards all that follows.
        self._changed = threading.Condition()
        self._wanted: list[Path] = []
        self._thread: threading.Thread | None = None
        self._closed = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def get(self, path: Path) -> Large | None:
        """The picture, if it is there."""
        return self._kept.get(path)

    def want(self, paths: Sequence[Path]) -> None:
        """Read these, in this order, as far as they are not there, and none of those that were wanted before."""
        missing = [path for path in paths if path not in self._kept]
        with self._changed:
            if self._closed:
                return
            self._wanted = missing
            if missing and self._thread is None:
                self._thread = threading.Thread(target=self._run, name="large pictures")
                self._thread.start()
            self._changed.notify_all()

    def close(self) -> None:
        """Stop, and wait for the thread. Safe to call twice."""
        with self._changed:
            self._closed = True
            self._wanted = []
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while (path := self._take()) is not None:
            try:
                large = Large(path, *read_image(path))
            except Exception as error:  # noqa: BLE001 - the edge of the thread: a stranger's file must not end it
                _log.exception("%s cannot be shown", path)
                large = Large(path, QImage(), str(error) or type(error).__name__)
            # Under the lock: whoever closes can be sure that nothing is sent to a window that is gone.
            with self._changed:
                if not self._closed:
                    self._arrived.emit(large)

    def _take(self) -> Path | None:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._closed)
            return None if self._closed else self._wanted.pop(0)

    @Slot(object)
    def _on_arrived(self, large: Large) -> None:
        if not self._closed:
            self._kept.put(large.path, large, max(1, large.image.sizeInBytes()))
            self.loaded.emit(large)
