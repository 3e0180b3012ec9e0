"""A small file that the program keeps for itself: read once, written in the background, never half."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from sana_desktop.errors import OutputError
from sana_desktop.system.whole_files import set_aside, write_whole

_log = logging.getLogger(__name__)


class KeptFile:
    """The file at `path`, or none at all: without a path nothing is read or written.

    `write` returns at once; a thread that lives only as long as there is something to write puts the newest
    content on the disk, whole or not at all. `failed` is called on that thread when the disk does not let us;
    by default the log says so. `close` waits for it.
    """

    def __init__(self, path: Path | None, failed: Callable[[OutputError], None] | None = None) -> None:
        self._path = path
        self._failed = failed
        self._lock = threading.Lock()
        self._waiting: bytes | None = None
        self._thread: threading.Thread | None = None

    def read(self, largest: int) -> bytes | None:
        """The content; None where there is none, or none that can be read, or more than `largest` bytes."""
        if self._path is None:
            return None
        try:
            with self._path.open("rb") as file:
                data = file.read(largest + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("%s cannot be read: %s", self._path, error)
            return None
        if len(data) > largest:
            self.set_aside(f"it is larger than {largest} bytes")
            return None
        return data

    def set_aside(self, reason: str) -> None:
        """Rename a file that cannot be understood to `<name>.unreadable`, so that nothing in it is lost."""
        if self._path is not None:
            _log.warning("%s starts afresh: %s", self._path, reason)
            set_aside(self._path)

    def write(self, data: bytes) -> None:
        """Let this be the content; what waits to be written is replaced."""
        if self._path is None:
            return
        with self._lock:
            self._waiting = data
            if self._thread is None:
                # No daemon: the program ends when the last word is on the disk.
                self._thread = threading.Thread(target=self._write_all, name=f"write {self._path.name}")
                self._thread.start()

    def close(self) -> None:
        """Wait until everything is written."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _write_all(self) -> None:
        assert self._path is not None
        while True:
            with self._lock:
                data, self._waiting = self._waiting, None
                if data is None:
                    self._thread = None
                    return
            try:
                write_whole(self._path, data)
            except OSError as error:
                self._tell(self._path, error)

    def _tell(self, path: Path, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        told = OutputError(
            f"{path.name} could not be written to {path.parent}: {reason}.",
            hint="Free some space, or see to it that the folder can be written to.",
        )
        if self._failed is None:
            _log.warning("%s", told)
        else:
            self._failed(told)
