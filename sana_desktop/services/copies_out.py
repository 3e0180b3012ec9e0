"""Copies of chosen pictures, and sheets of them, made on a thread of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.gallery.contact_sheet import SheetPicture
from sana_desktop.gallery.exporting import export_pictures, export_sheets
from sana_desktop.gallery.records import PictureRow
from sana_desktop.services.library import Library


class CopyKind(Enum):
    """What is made: copies as the files are, copies that tell nothing but the picture, or sheets of small pictures."""

    WHOLE = auto()
    WITHOUT_SETTINGS = auto()
    SHEET = auto()


@dataclass(frozen=True, slots=True)
class CopiesReport:
    """How many files were made, and why pictures were passed over."""

    made: int
    problems: tuple[str, ...] = ()


class CopiesOut:
    """Makes copies one order after the other. `close` has to be called before the program ends."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._ending = CancelToken()
        # Begins its thread with the first order.
        self._thread = ThreadPoolExecutor(1, "copies")

    def make(
        self,
        pictures: Sequence[int],
        folder: Path,
        kind: CopyKind,
        progress: Callable[[int, int], None],
        cancel: CancelToken,
    ) -> "Future[CopiesReport]":
        """Put something into a folder, where nothing is replaced; `progress` is heard on the thread.

        A picture that cannot be read becomes a problem of the report; fails with `OutputError` for a folder that
        cannot be written to. What was made before `cancel` stays.
        """

        def check() -> None:
            self._ending.check()
            cancel.check()

        def work() -> CopiesReport:
            with self._library.reader() as reader:
                rows = reader.rows(pictures)
            if kind is CopyKind.SHEET:
                return CopiesReport(len(export_sheets(self._small(rows, progress, check), folder)))
            whole = kind is CopyKind.WHOLE
            paths = [row.path for row in rows]
            done = export_pictures(paths, folder, with_texts=whole, progress=progress, check=check)
            problems = tuple(one.problem for one in done if one.copy is None)
            return CopiesReport(len(done) - len(problems), problems)

        return self._thread.submit(work)

    def close(self) -> None:
        """Stop, and wait for the thread. Safe to call twice."""
        self._ending.cancel()
        self._thread.shutdown()

    def _small(
        self, rows: Sequence[PictureRow], progress: Callable[[int, int], None], check: Callable[[], None]
    ) -> list[SheetPicture]:
        found: list[SheetPicture] = []
        with self._library.thumbnail_store() as store:
            for row in rows:
                check()
                found.append(SheetPicture(store.get_or_make(row.facts.print, row.path), row.path.name))
                progress(len(found), len(rows))
        return found
