"""The thread that looks into the gallery for the window: search as you type, and what is known of each picture."""

import logging
import threading
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from time import perf_counter

from PySide6.QtCore import QObject, Qt, Signal, Slot

from sana_desktop.errors import KnownError
from sana_desktop.gallery.reader import GalleryReader, Sort
from sana_desktop.gallery.records import Album
from sana_desktop.gallery.search import parse_search

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the numbers of pictures in order, and how many seconds that took.

    `sizes` says how many there are in each stack of which `pictures` has the first.
    """

    text: str
    sort: Sort
    pictures: "array[int]"
    seconds: float
    sizes: Mapping[int, int] = field(default_factory=dict[int, int])


@dataclass(frozen=True, slots=True)
class Overview:
    """What there is to choose from: albums, tags and packs, the latter two with how many pictures they have."""

    albums: tuple[Album, ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    packs: tuple[tuple[str, int], ...] = ()


class _Lane(IntEnum):
    """Kinds of questions, the most urgent first. Of each kind only the newest is worth an answer."""

    FIND = 0
    ROWS = 1
    OVERVIEW = 2
    READY = 3


_Work = Callable[[GalleryReader], object]


class Looker(QObject):
    """Asks the gallery, on a thread of its own that begins with the first question.

    `open_reader` is called on that thread, again after something went wrong. `close` has to be called before the
    program ends.

    Signals:
        found(object): the `Found` of the newest search.
        rowsRead(object): the `PictureRow`s that were asked for last.
        overviewRead(object): the `Overview`.
        refused(object): the `KnownError` that says why a search cannot be answered.
    """

    found = Signal(object)
    rowsRead = Signal(object)
    overviewRead = Signal(object)
    refused = Signal(object)

    _arrived = Signal(int, int, object)

    def __init__(self, open_reader: Callable[[], GalleryReader], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_reader = open_reader
        # Guards all that follows.
        self._changed = threading.Condition()
        self._wanted: dict[_Lane, _Work] = {}
        self._numbers = dict.fromkeys(_Lane, 0)
        self._thread: threading.Thread | None = None
        self._closed = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def find(self, text: str, sort: Sort, *, stacked: bool = False) -> None:
        """Look for pictures; see `gallery.search` for the language. `stacked` leaves out look-alikes."""

        def work(reader: GalleryReader) -> Found:
            start = perf_counter()
            search = parse_search(text)
            pictures = reader.search(search, sort)
            if stacked and not search.opens_stack:
                stacks = reader.stacked(pictures)
                return Found(text, sort, stacks.pictures, perf_counter() - start, stacks.sizes)
            return Found(text, sort, pictures, perf_counter() - start)

        self._ask(_Lane.FIND, work)
        if not self._numbers[_Lane.READY]:
            # Once, when there is nothing else to do: the first letter that is typed shall not wait for it.
            self._ask(_Lane.READY, GalleryReader.get_ready)

    def read_rows(self, pictures: Sequence[int]) -> None:
        """Read what is known of pictures, and no longer of those asked for before."""
        wanted = tuple(pictures)
        self._ask(_Lane.ROWS, lambda reader: reader.rows(wanted))

    def read_overview(self) -> None:
        """Read albums, tags and packs."""
        self._ask(_Lane.OVERVIEW, lambda reader: Overview(reader.albums(), reader.tags(), reader.packs()))

    def close(self) -> None:
        """Stop, and wait for the thread. Safe to call twice."""
        with self._changed:
            self._closed = True
            self._wanted.clear()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _ask(self, lane: _Lane, work: _Work) -> None:
        with self._changed:
            if self._closed:
                return
            self._numbers[lane] += 1
            self._wanted[lane] = work
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="gallery looker")
                self._thread.start()
            self._changed.notify_all()

    def _run(self) -> None:
        reader: GalleryReader | None = None
        while (task := self._take()) is not None:
            lane, number, work = task
            try:
                reader = self._open_reader() if reader is None else reader
                answer = work(reader)
            except KnownError as error:
                answer = error
            except Exception as error:  # noqa: BLE001 - the edge of the thread
                _log.exception("a question to the gallery failed by a mistake of ours")
                answer = KnownError(str(error) or type(error).__name__)
            if lane is not _Lane.READY:
                self._tell(lane, number, answer)
        if reader is not None:
            reader.close()

    def _take(self) -> tuple[_Lane, int, _Work] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._closed)
            if self._closed:
                return None
            lane = min(self._wanted)
            return lane, self._numbers[lane], self._wanted.pop(lane)

    def _tell(self, lane: _Lane, number: int, answer: object) -> None:
        # Under the lock: whoever closes can be sure that nothing is sent to a window that is gone.
        with self._changed:
            if not self._closed and number == self._numbers[lane]:
                self._arrived.emit(lane, number, answer)

    @Slot(int, int, object)
    def _on_arrived(self, lane: int, number: int, answer: object) -> None:
        if self._closed or number != self._numbers[_Lane(lane)]:
            return
        match answer:
            case Found():
                self.found.emit(answer)
            case Overview():
                self.overviewRead.emit(answer)
            case KnownError():
                self.refused.emit(answer)
            case _:
                self.rowsRead.emit(answer)
