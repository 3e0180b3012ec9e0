"""The gallery at work: one thread writes it, whoever wants to look reads."""

import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.picture import Picture
from sana_desktop.errors import BugError, KnownError, OutputError
from sana_desktop.gallery import changes, database, thumbnails
from sana_desktop.gallery.agreement import rescan_changed
from sana_desktop.gallery.database import explaining, open_database, transaction
from sana_desktop.gallery.facts import facts_of_saved
from sana_desktop.gallery.importer import Progress, ScanReport, no_progress, rescan, scan_folder, scan_new_folders
from sana_desktop.gallery.latents_file import latents_beside
from sana_desktop.gallery.reader import GalleryReader, find_picture
from sana_desktop.gallery.records import PictureState, RootKind, path_from_text, settled
from sana_desktop.gallery.repair import RepairReport, repair
from sana_desktop.gallery.small_picture import small_jpeg
from sana_desktop.gallery.thumbnails import ThumbnailStore
from sana_desktop.gallery.trash import move_to_trash
from sana_desktop.gallery.trash_return import Trash
from sana_desktop.services.fact_readers import FactReaders
from sana_desktop.services.folder_watch import SECONDS_BETWEEN_LOOKS, FolderWatch

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class LibraryChanged:
    """Something was written; `added` are the numbers of pictures that were saved just now."""

    added: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryTrouble:
    """What the user should know of the gallery: it cannot be opened, or was made anew."""

    error: KnownError


LibraryEvent = LibraryChanged | LibraryTrouble


def ignore(event: LibraryEvent) -> None:
    """Nobody listens."""


class Library:
    """Writes the gallery on a thread of its own, which begins with the first thing to do.

    Every method but `close` returns at once, on any thread. Those that return a future give it the result, or
    the `KnownError` if it cannot be done; changes happen in the order of the calls. `listener` is called on the
    library's thread. A gallery that cannot be opened costs no picture: `record` then tells why, once.
    """

    def __init__(
        self, data: Path, cache: Path, pictures: Path, listener: Callable[[LibraryEvent], None] = ignore
    ) -> None:
        self.file = data / database.FILE_NAME
        self._thumbnail_file = cache / thumbnails.FILE_NAME
        self._pictures = pictures
        self._listener = listener
        # None is the end.
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._watch: FolderWatch | None = None
        self._ending = CancelToken()
        # The thread's own.
        self._db: sqlite3.Connection | None = None
        self._thumbnails: ThumbnailStore | None = None
        self._told = ""

    def record(self, path: Path, picture: Picture) -> None:
        """Take in a picture that was just saved; its thumbnail is made from the pixels at hand."""

        self._put(lambda: self._record(settled(path), picture))

    def reader(self) -> GalleryReader:
        """A way to look, for the thread that asks; close it there. Raises `KnownError` if there is no gallery yet."""
        return GalleryReader(self.file)

    def thumbnail_store(self) -> ThumbnailStore:
        """The small pictures, for the thread that asks; close it there."""
        return ThumbnailStore(self._thumbnail_file)

    def prepare(self, cancel: CancelToken | None = None) -> "Future[ScanReport]":
        """Open the gallery, and look through those of its folders that never were."""
        return self._scan(scan_new_folders, cancel)

    def rescan(self, progress: Progress = no_progress, cancel: CancelToken | None = None) -> "Future[ScanReport]":
        """Look through all folders for what is new, changed, moved or gone; `progress` is heard on the thread."""
        return self._scan(partial(rescan, progress=progress), cancel)

    def import_folder(
        self, folder: Path, progress: Progress = no_progress, cancel: CancelToken | None = None
    ) -> "Future[ScanReport]":
        """Take in a folder of any program's pictures, which is only read, now and at every rescan."""
        return self._scan(partial(scan_folder, folder=folder, kind=RootKind.IMPORTED, progress=progress), cancel)

    def adopt_folder(self, folder: Path) -> "Future[ScanReport]":
        """Take in a folder that this program saved into, with what the gallery never heard of because of a kill."""
        return self._scan(partial(scan_folder, folder=folder, kind=RootKind.OWN), None)

    def watch(self, seconds: float = SECONDS_BETWEEN_LOOKS) -> None:
        """Look from now on whether files come, go or move in the folders of the gallery, and rescan then.

        For a window that stays open; until `close`, on a thread of its own.
        """
        with self._starting:
            if self._closed or self._watch is not None:
                return
            self._watch = FolderWatch(self._watched_folders, self._on_folders_changed, seconds)

    def _on_folders_changed(self, folders: frozenset[Path]) -> None:
        # The watch may have seen something in the moment in which the gallery is closed.
        with contextlib.suppress(BugError):
            self._scan(partial(rescan_changed, folders=folders), None)

    def _watched_folders(self) -> tuple[Path, ...]:
        try:
            with self.reader() as reader:
                return tuple(folder for folder, kind in reader.roots() if kind != RootKind.LOOSE)
        except KnownError:
            # There is no gallery yet, or none that can be read; whoever asks for it will be told.
            return ()

    def repair(self, progress: Progress = no_progress, cancel: CancelToken | None = None) -> "Future[RepairReport]":
        """Make database and disk agree; see `gallery.repair`."""
        return self._scan(partial(repair, progress=progress), cancel)

    def rate(self, pictures: Sequence[int], rating: int) -> "Future[None]":
        """Give 0 (none) to 5 stars."""
        return self._change(lambda db: changes.rate(db, pictures, rating))

    def set_favourite(self, pictures: Sequence[int], favourite: bool) -> "Future[None]":
        """Mark favourites, or take the mark away."""
        return self._change(lambda db: changes.set_favourite(db, pictures, favourite))

    def change_tags(
        self, pictures: Collection[int], add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> "Future[None]":
        """Put tags on pictures and take others off."""
        add, remove = tuple(add), tuple(remove)
        return self._change(lambda db: changes.change_tags(db, pictures, add, remove))

    def save_album(self, name: str, query: str | None = None) -> "Future[None]":
        """Make an album, smart with a query, or give one another query."""
        return self._change(lambda db: changes.save_album(db, name, query))

    def remove_album(self, name: str) -> "Future[None]":
        """Forget an album, not its pictures."""
        return self._change(lambda db: changes.remove_album(db, name))

    def change_album(self, name: str, add: Sequence[int] = (), remove: Sequence[int] = ()) -> "Future[None]":
        """Put pictures into an album and take others out."""
        return self._change(lambda db: changes.change_album(db, name, add, remove))

    def put_looks(self, looks: Mapping[bytes, int]) -> "Future[None]":
        """Note how pictures look, by their prints."""
        return self._change(lambda db: changes.put_looks(db, looks))

    def delete(
        self, pictures: Sequence[int], trash: Callable[[Path], None] = move_to_trash
    ) -> "Future[tuple[int, ...]]":
        """Move files to the trash; the future gives the numbers of those that are there.

        Their ratings, tags and albums are kept: a file that is put back has them again after a rescan. Fails
        with the first `OutputError` of `trash`; files after that one stay.
        """
        return self._ask(lambda: self._with_database(partial(_delete, pictures=pictures, trash=trash)))

    def undelete(
        self, pictures: Sequence[int], bring_back: Callable[[Path, bytes | None], None] | None = None
    ) -> "Future[tuple[int, ...]]":
        """Take pictures out of the trash, to where they were, with all that was said of them.

        The future gives the numbers of those that were there; pictures that nobody threw away are passed over.
        `bring_back` gets path and print, None for files without one (see `trash_return.Trash.bring_back`). Fails
        with its first `OutputError`.
        """
        bring_back = bring_back or Trash.of_this_machine().bring_back
        return self._ask(lambda: self._with_database(partial(_undelete, pictures=pictures, bring_back=bring_back)))

    def forget(self, path: Path) -> "Future[None]":
        """Note that somebody else moved this file to the trash."""
        return self._change(partial(_forget, path=settled(path)))

    def close(self) -> None:
        """Stop scans, write what else is waiting, and end the thread. Safe to call twice."""
        self._ending.cancel()
        with self._starting:
            self._closed = True
            thread, watch = self._thread, self._watch
        if watch is not None:
            watch.close()
        if thread is not None:
            self._tasks.put(None)
            thread.join()

    def __enter__(self) -> "Library":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _record(self, path: Path, picture: Picture) -> None:
        try:
            facts = facts_of_saved(path, picture)
        except OSError as error:
            # Somebody moved it already; a rescan finds it where it is.
            _log.warning("%s was not recorded: %s", path, error)
            return

        jpeg = small_jpeg(picture.rgb, picture.width, picture.height)

        def work(db: sqlite3.Connection) -> int:
            # Deferred: numpy takes a tenth of a second, in which the first picture is drawn anyway.
            from sana_desktop.gallery.looks import look_of

            with transaction(db):
                changes.put_looks(db, {facts.print: look_of(jpeg)})
                return changes.put_picture(db, *changes.root_of(db, path), facts).picture

        try:
            number = self._with_database(work)
        except KnownError as error:
            self._tell_trouble(error)
            return
        if self._thumbnails is None:
            self._thumbnails = self.thumbnail_store()
        self._thumbnails.put(facts.print, jpeg)
        self._listener(LibraryChanged((number,)))

    def _change(self, change: Callable[[sqlite3.Connection], None]) -> "Future[None]":
        def work(db: sqlite3.Connection) -> None:
            with transaction(db):
                change(db)

        return self._ask(lambda: self._with_database(work))

    def _scan(self, scan: Callable[..., _Result], cancel: CancelToken | None) -> "Future[_Result]":
        def check() -> None:
            self._ending.check()
            if cancel is not None:
                cancel.check()

        def work(db: sqlite3.Connection) -> _Result:
            with FactReaders() as read:
                return scan(db, check=check, read=read)

        return self._ask(lambda: self._with_database(work))

    def _ask(self, work: Callable[[], _Result]) -> "Future[_Result]":
        future: Future[_Result] = Future()

        def answer() -> None:
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - the edge of the thread: raised in the one that waits
                future.set_exception(error)
            else:
                future.set_result(result)
            # Also after a failure: a scan that was stopped has written what it found until then.
            self._listener(LibraryChanged())

        self._put(answer)
        return future

    def _put(self, task: Callable[[], None]) -> None:
        with self._starting:
            if self._closed:
                raise BugError("The gallery was asked something after it was closed.")
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="library")
                self._thread.start()
            self._tasks.put(task)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task()
            except Exception:  # noqa: BLE001 - the edge of the thread
                _log.exception("the gallery's thread goes on after a mistake of ours")
        self._let_go()
        if self._thumbnails is not None:
            self._thumbnails.close()

    def _with_database(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """What `work` returns; raises `KnownError` for what is wrong with the database, which is opened anew then."""
        with explaining(self.file):
            db = self._ready()
            try:
                return work(db)
            except sqlite3.DatabaseError:
                # If it is damaged, opening it will find out and make another one.
                self._let_go()
                raise

    def _ready(self) -> sqlite3.Connection:
        if self._db is None:
            opened = open_database(self.file)
            self._db = opened.db
            with transaction(opened.db):
                changes.ensure_own(opened.db, self._pictures.resolve())
            if opened.notice:
                self._tell_trouble(KnownError(opened.notice))
        return self._db

    def _let_go(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _tell_trouble(self, error: KnownError) -> None:
        _log.warning("%s", error)
        if self._told != str(error):
            self._told = str(error)
            self._listener(LibraryTrouble(error))


def _delete(db: sqlite3.Connection, pictures: Sequence[int], trash: Callable[[Path], None]) -> tuple[int, ...]:
    sql = "SELECT roots.path, pictures.path FROM pictures JOIN roots USING (root) WHERE picture = ? AND state = 0"
    gone: list[int] = []
    for picture in pictures:
        row = db.execute(sql, (picture,)).fetchone()
        if row is None:
            continue
        # First the row: whatever ends the program now, none is shown without its file.
        with transaction(db):
            changes.set_state(db, [picture], PictureState.DELETED)
        path = Path(path_from_text(row[0])) / path_from_text(row[1])
        try:
            trash(path)
        except OutputError:
            with transaction(db):
                changes.set_state(db, [picture], PictureState.PRESENT)
            raise
        if latents_beside(path).is_file():
            # Nobody looks for them where the picture is gone; a system that refuses leaves 64 KB behind.
            with contextlib.suppress(OutputError):
                trash(latents_beside(path))
        gone.append(picture)
    return tuple(gone)


def _undelete(
    db: sqlite3.Connection, pictures: Sequence[int], bring_back: Callable[[Path, bytes | None], None]
) -> tuple[int, ...]:
    sql = (
        "SELECT roots.path, pictures.path, print FROM pictures JOIN roots USING (root) WHERE picture = ? AND state = ?"
    )
    back: list[int] = []
    for picture in pictures:
        row = db.execute(sql, (picture, PictureState.DELETED)).fetchone()
        if row is None:
            continue
        # First the file: whatever ends the program now, the next scan finds it and its row.
        path = Path(path_from_text(row[0])) / path_from_text(row[1])
        bring_back(path, row[2])
        with contextlib.suppress(OutputError):
            bring_back(latents_beside(path), None)
        with transaction(db):
            changes.set_state(db, [picture], PictureState.PRESENT)
        back.append(picture)
    return tuple(back)


def _forget(db: sqlite3.Connection, path: Path) -> None:
    picture = find_picture(db, path)
    if picture is not None:
        changes.set_state(db, [picture], PictureState.DELETED)
