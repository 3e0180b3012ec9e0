"""Reading the settings of dropped pictures on a thread of its own."""

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from sana_desktop.domain.inspected import Inspected
from sana_desktop.errors import BugError, RecipeError, SanaError
from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.picture import inspected
from sana_desktop.gallery.readers.source import open_picture, read_carried

THUMBNAIL_SIDE = 320
# Unpacked in memory, four bytes each, to make a thumbnail.
MOST_PIXELS = 24 * 2**20
SECONDS_TO_END = 2.0


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture: RGB rows of 8-bit pixels, top row first, width * height * 3 bytes."""

    rgb: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PictureInspected:
    """The settings of the picture called `name`; `thumbnail` is None where unpacking it would take too much."""

    ticket: int
    name: str
    found: Inspected
    thumbnail: Thumbnail | None


@dataclass(frozen=True, slots=True)
class InspectionFailed:
    """Why a dropped thing could not be read."""

    ticket: int
    name: str
    error: SanaError


@dataclass(frozen=True, slots=True)
class _Request:
    ticket: int
    source: Path | bytes
    name: str


class Inspection:
    """Reads one picture at a time; a new one takes the place of those before it, which are then never reported.

    `listener` is called on the reading thread, once for every picture that was not overtaken. The thread
    begins with the first picture and does not keep the program from ending.
    """

    def __init__(self, listener: Callable[[PictureInspected | InspectionFailed], None]) -> None:
        self._listener = listener
        # Guards the fields below. Never held while reading or while the listener is called.
        self._changed = threading.Condition()
        self._waiting: _Request | None = None
        self._newest = 0
        self._closed = False
        self._thread: threading.Thread | None = None

    def inspect(self, source: Path | bytes, name: str = "") -> int:
        """Read a file, or the bytes of one, and tell the listener; returns the ticket of the answer at once."""
        name = name or (source.name if isinstance(source, Path) else "The picture")
        with self._changed:
            if self._closed:
                raise BugError("A picture was dropped on a closed inspection.")
            self._newest += 1
            self._waiting = _Request(self._newest, source, name)
            if self._thread is None:
                # A daemon: a network disk that does not answer must not keep the program from ending.
                self._thread = threading.Thread(target=self._work, name="inspection", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            return self._newest

    def cancel(self) -> None:
        """Report nothing of what was asked for so far."""
        with self._changed:
            self._waiting = None
            self._newest += 1

    def close(self) -> None:
        """Cancel, and wait two seconds at most for the thread to end."""
        with self._changed:
            self._closed = True
            self._waiting = None
            self._newest += 1
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(SECONDS_TO_END)

    def _work(self) -> None:
        while (request := self._next()) is not None:
            answer = self._answer(request)
            if self._is_wanted(request):
                self._listener(answer)

    def _next(self) -> _Request | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._waiting is not None)
            request, self._waiting = self._waiting, None
            return request

    def _is_wanted(self, request: _Request) -> bool:
        with self._changed:
            return request.ticket == self._newest

    def _answer(self, request: _Request) -> PictureInspected | InspectionFailed:
        try:
            carried = read_carried(request.source, request.name)
            source = request.source
            beside = source.with_suffix(".txt") if isinstance(source, Path) else None
            found = inspected(carried, request.name, beside)
            thumbnail = _thumbnail(request, carried) if self._is_wanted(request) else None
        except SanaError as error:
            return InspectionFailed(request.ticket, request.name, error)
        except Exception as error:  # noqa: BLE001  # the worker's boundary: a hostile file must not end the thread
            bug = BugError(f"{type(error).__name__} while reading a picture.", details=traceback.format_exc())
            return InspectionFailed(request.ticket, request.name, bug)
        return PictureInspected(request.ticket, request.name, found, thumbnail)


def _thumbnail(request: _Request, carried: Carried) -> Thumbnail | None:
    """The picture small, if its header says that unpacking it is cheap and nothing bulky stands in the way."""
    if carried.bulky or not 0 < carried.width * carried.height <= MOST_PIXELS:
        return None
    try:
        with open_picture(request.source, request.name) as file, Image.open(file, formats=(carried.kind,)) as image:
            # JPEG files can be unpacked at an eighth of their size.
            image.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            # First coarsely: of a large picture only a few pixels for each of the thumbnail's are looked at.
            image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=2.0)
            small = image.convert("RGB")
    # What Pillow's readers end in on damaged files; a picture without a thumbnail is still worth showing.
    except (OSError, ValueError, SyntaxError, EOFError, RecipeError, Warning):
        return None
    return Thumbnail(small.tobytes(), small.width, small.height)
