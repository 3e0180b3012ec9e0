"""Reading files on a thread, for a window that must not wait for disks."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

# Tells the window something; False if nobody wants to hear more.
Tell = Callable[[object], bool]
Work = Callable[[Path, Tell], None]

_log = logging.getLogger(__name__)


class PathWorker(QObject):
    """Works on the newest path that it was asked about, on a thread that ends when there is nothing to do.

    `work` runs on that thread and may tell several things; those about an older path are never heard.
    `close` waits for the thread and has to be called before the program ends.

    Signals:
        told(object): what `work` told, on the thread that made the worker.
    """

    told = Signal(object)
    _arrived = Signal(int, object)

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        # Guards the three fields below.
        self._lock = threading.Lock()
        self._wanted: Path | None = None
        self._number = 0
        self._thread: threading.Thread | None = None
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def ask(self, path: Path) -> None:
        """Work on `path` next, and no longer on another."""
        with self._lock:
            self._wanted = path
            self._number += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="reader")
                self._thread.start()

    def forget(self) -> None:
        """Want nothing any more."""
        with self._lock:
            self._wanted = None
            self._number += 1

    def close(self) -> None:
        """Want nothing any more, and wait for the thread. Safe to call twice."""
        self.forget()
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while (task := self._take()) is not None:
            path, number = task
            try:
                self._work(path, lambda news, number=number: self._tell(number, news))
            except Exception:  # noqa: BLE001 - the outer edge of the thread: a file from a stranger must not end it
                _log.exception("%s could not be worked on", path)

    def _take(self) -> tuple[Path, int] | None:
        """The next path, or the end of the thread."""
        with self._lock:
            path, self._wanted = self._wanted, None
            if path is None:
                self._thread = None
                return None
            return path, self._number

    def _tell(self, number: int, news: object) -> bool:
        # Sent under the lock: whoever closes can be sure that nothing is sent to a window that is gone.
        with self._lock:
            if number == self._number:
                self._arrived.emit(number, news)
            return number == self._number

    @Slot(int, object)
    def _on_arrived(self, number: int, news: object) -> None:
        if number == self._number:
            self.told.emit(news)
