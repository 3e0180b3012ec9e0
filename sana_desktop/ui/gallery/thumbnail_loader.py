"""Small pictures from the cache, unpacked on threads; what is no longer seen is no longer loaded."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage

from sana_desktop.gallery.thumbnails import ThumbnailStore

_log = logging.getLogger(__name__)

# One core for these, one for the window.
THREADS = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture that is seen: the print of its content, which names the small one, and its file."""

    content: bytes
    path: Path


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A small picture with no side longer than `side` pixels; null if the file cannot be shown."""

    content: bytes
    image: QImage
    side: int


class ThumbnailLoader(QObject):
    """Loads the pictures that were asked for last, the first of them first, on threads that begin when needed.

    `open_store` is called once on each thread. `close` has to be called before the program ends.

    Signals:
        loaded(object): a list of `Loaded`.
    """

    loaded = Signal(object)

    _arrived = Signal()

    def __init__(
        self, open_store: Callable[[], ThumbnailStore], parent: QObject | None = None, *, threads: int = THREADS
    ) -> None:
        super().__init__(parent)
        self._open_store = open_store
        self._most_threads = threads
        # Guards all that follows.
        self._changed = threading.Condition()
        # The next one is at the end.
        self._wanted: list[Wanted] = []
        self._side = 0
        self._busy: set[bytes] = set()
        self._done: list[Loaded] = []
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def want(self, wanted: Sequence[Wanted], side: int) -> None:
        """Load these at most `side` pixels large, and none of those that were wanted before."""
        with self._changed:
            if self._closed:
                return
            self._side = side
            self._wanted = [one for one in reversed(wanted) if one.content not in self._busy]
            if self._wanted and len(self._threads) < self._most_threads:
                thread = threading.Thread(target=self._run, name="thumbnails")
                self._threads.append(thread)
                thread.start()
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many pictures are not begun yet."""
        return len(self._wanted)

    def close(self) -> None:
        """Stop, and wait for the threads. Safe to call twice."""
        with self._changed:
            self._closed = True
            self._wanted = []
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        with self._open_store() as store:
            while (task := self._take()) is not None:
                wanted, side = task
                try:
                    jpeg = store.get_or_make(wanted.content, wanted.path)
                    image = QImage() if jpeg is None else unpacked(jpeg, side)
                except Exception:  # noqa: BLE001 - the edge of the thread: a stranger's file must not end it
                    _log.exception("%s cannot be shown small", wanted.path)
                    image = QImage()
                self._put(Loaded(wanted.content, image, side))

    def _take(self) -> tuple[Wanted, int] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._closed)
            if self._closed:
                return None
            wanted = self._wanted.pop()
            self._busy.add(wanted.content)
            return wanted, self._side

    def _put(self, loaded: Loaded) -> None:
        with self._changed:
            self._busy.discard(loaded.content)
            if self._closed:
                return
            self._done.append(loaded)
            # Those that are not fetched yet take this one along.
            if len(self._done) == 1:
                self._arrived.emit()

    @Slot()
    def _on_arrived(self) -> None:
        with self._changed:
            done, self._done = self._done, []
        if done and not self._closed:
            self.loaded.emit(done)


def unpacked(jpeg: bytes, side: int) -> QImage:
    """The picture in a JPEG file, as a screen wants it, with no side longer than `side` pixels."""
    image = QImage.fromData(jpeg, "JPG")  # pyright: ignore[reportCallIssue, reportArgumentType]  # Qt takes bytes
    if max(image.width(), image.height()) > side:
        size = image.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
        image = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return image.convertToFormat(QImage.Format.Format_RGB32)
