"""What the gallery's commands have in common: waiting, stopping, and finding pictures."""

import contextlib
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path
from typing import TypeVar

import typer

from sana_desktop.cli.boundary import say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.interrupt import on_interrupt
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import JobCancelledError, KnownError
from sana_desktop.gallery.reader import GalleryReader
from sana_desktop.gallery.records import PictureRow, PictureState
from sana_desktop.services.library import Library

_Result = TypeVar("_Result")
# So that a minus in front of a word of a search is not taken for an option.
TAKES_MINUS = {"ignore_unknown_options": True}
# Ctrl+C is heard between two waits; see `cli.drawing`.
_SECONDS_BETWEEN_SIGNALS = 0.5
_SECONDS_BETWEEN_LINES = 1.0


def wait_for(future: "Future[_Result]") -> _Result:
    """The result, or the error, of something that the library does."""
    while True:
        try:
            return future.result(_SECONDS_BETWEEN_SIGNALS)
        except NotYet:
            if future.done():
                raise


@contextlib.contextmanager
def stoppable(kept: str) -> Generator[CancelToken]:
    """A token that the first Ctrl+C sets; `kept` is what the person is told then."""
    cancel = CancelToken()
    with on_interrupt(cancel.cancel):
        try:
            yield cancel
        except JobCancelledError:
            say(f"cancelled; {kept}")
            raise


def counting(what: str, clock: Callable[[], float] = time.monotonic) -> Callable[[int, int], None]:
    """Tells at most once a second, on standard error, how far something is."""
    last = clock()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if clock() - last >= _SECONDS_BETWEEN_LINES:
            last = clock()
            say(f"{done} of {total} {what}")

    return tell


@contextlib.contextmanager
def ready_gallery(collaborators: Collaborators) -> Generator[tuple[Library, GalleryReader]]:
    """The gallery with all folders of it looked through at least once, and a way to look into it."""
    with collaborators.open_library() as library:
        with stoppable("what was found until then is kept") as cancel:
            wait_for(library.prepare(cancel))
        with library.reader() as reader:
            yield library, reader


def query_text(words: Sequence[str] | None) -> str:
    """The words of a command line as one search; raises `typer.BadParameter` for what was meant as an option."""
    for word in words or ():
        if word.startswith("--"):
            raise typer.BadParameter(f"no such option: {word}")
    return " ".join(words or ())


def find_rows(
    reader: GalleryReader, names: Sequence[str], state: PictureState = PictureState.PRESENT
) -> tuple[PictureRow, ...]:
    """The pictures that somebody named, by path or number; raises `KnownError` for one that is not there."""
    return tuple(_find_row(reader, name, state) for name in names)


def _find_row(reader: GalleryReader, name: str, state: PictureState) -> PictureRow:
    path = Path(name)
    number = int(name) if name.isascii() and name.isdecimal() and len(name) < 19 and not path.exists() else None
    rows = reader.rows([found] if (found := number or reader.find(path, state)) is not None else [])
    if not rows:
        known = "a number of the gallery" if number is not None else "a picture of the gallery"
        raise KnownError(
            f"{name[:200]} is not {known}.", hint="Look for it: `sana-desktop gallery search`; or import its folder."
        )
    return rows[0]
