"""The way of pictures to the trash, which may be long, without the window waiting for it."""

import queue
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sana_desktop.errors import OutputError
from sana_desktop.gallery.trash import move_to_trash


class TrashCan(QObject):
    """Moves files to the trash on a thread, one after the other.

    `close` waits until all are there and has to be called before the program ends. `move` raises `OutputError`.

    Signals:
        moved(object): the `Path` of a file that is in the trash now.
        failed(object): the `OutputError` that says why a file stayed where it is.
    """

    moved = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None, *, move: Callable[[Path], None] = move_to_trash) -> None:
        super().__init__(parent)
        self._move = move
        # None ends the thread.
        self._paths: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def throw(self, path: Path) -> None:
        """Move this file soon."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="trash")
            self._thread.start()
        self._paths.put(path)

    def close(self) -> None:
        """Wait for the files that are on their way. Safe to call twice."""
        if self._thread is not None:
            self._paths.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while (path := self._paths.get()) is not None:
            try:
                self._move(path)
            except OutputError as error:
                self.failed.emit(error)
            else:
                self.moved.emit(path)
