"""Bringing the gallery and the folders of pictures together: what is new, changed, moved, or gone."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sana_desktop.errors import KnownError
from sana_desktop.gallery.changes import add_root, put_picture, renew_print, set_state, touch
from sana_desktop.gallery.database import transaction
from sana_desktop.gallery.facts import facts_of_file
from sana_desktop.gallery.prints import FIRST_PRINT_BYTES, first_fingerprint
from sana_desktop.gallery.records import PictureFacts, PictureState, RootKind, path_from_text, path_to_text
from sana_desktop.gallery.walk import FoundFile, picture_files

# Files whose facts are written in one transaction; what an interrupted import did before stays done.
FILES_AT_ONCE = 256
MOST_PROBLEMS = 20

Progress = Callable[[int, int], None]
Check = Callable[[], None]
# Given a folder and files in it, chunk by chunk, the facts of each or why there are none, in the same order.
ReadFiles = Callable[[Path, Iterable[list[str]]], Iterator[list[PictureFacts | str]]]


def no_progress(done: int, total: int) -> None:
    """Nobody looks on."""


def no_check() -> None:
    """Nobody stops it."""


@dataclass(slots=True)
class ScanReport:
    """What a scan found: numbers of pictures, and why files could not be read (the first few)."""

    seen: int = 0
    added: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    unreadable: int = 0
    problems: list[str] = field(default_factory=list[str])

    def add(self, other: "ScanReport") -> None:
        """Count another scan in."""
        for name in ("seen", "added", "changed", "moved", "missing", "unreadable"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.problems = [*self.problems, *other.problems][:MOST_PROBLEMS]


@dataclass(frozen=True, slots=True)
class _Known:
    picture: int
    length: int
    modified: int


def scan_folder(
    db: sqlite3.Connection,
    folder: Path,
    kind: RootKind,
    *,
    progress: Progress = no_progress,
    check: Check = no_check,
    read: ReadFiles | None = None,
) -> ScanReport:
    """Take in all pictures below `folder`, which is only read, and mark those that are gone.

    Only files that are new or have another date or length are opened, so that a scan that was interrupted goes
    on where it was. `check` raises to stop; what was found until then is kept. `progress` hears how many of the
    files that have to be opened are done; `read` opens them (without it, this thread does). Raises
    `OutputError` if the folder is not there.
    """
    folder = folder.resolve()
    roots = _roots(db)
    # A part of a folder that is looked through anyway does not become one of its own.
    folder, kind = next(((root, own) for root, own in roots if folder.is_relative_to(root)), (folder, kind))
    found = list(picture_files(folder, check, frozenset(root for root, _ in roots if root != folder)))
    with transaction(db):
        root = add_root(db, folder, kind)
    known = _known(db, root)
    report = ScanReport(seen=len(found))
    there = {file.inside for file in found}
    # Gone from their places; some of the new files may be these.
    gone = {entry.picture for inside, entry in known.items() if inside not in there and _is_gone(folder / inside)}
    fresh = [file for file in found if not _is_known(file, known.get(file.inside))]
    older = _lengths_of_first_prints(db) if fresh else frozenset[int]()
    done = 0
    names = iter(file.inside for file in fresh)
    for batch in (read or read_here)(folder, _chunks(fresh)):
        check()
        with transaction(db):
            # The facts first: `zip` would lose a name at the end of every batch.
            for facts, inside in zip(batch, names, strict=False):
                if isinstance(facts, str):
                    _note_unreadable(report, facts)
                else:
                    if facts.length in older:
                        _renew(db, folder / inside, facts.print)
                    _take(db, root, inside, facts, known.get(inside), gone, report)
        done += len(batch)
        progress(done, len(fresh))
    with transaction(db):
        set_state(db, gone, PictureState.MISSING)
        db.execute("UPDATE roots SET scanned = 1 WHERE root = ?", (root,))
    report.missing = len(gone)
    return report


def scan_new_folders(db: sqlite3.Connection, *, check: Check = no_check, read: ReadFiles | None = None) -> ScanReport:
    """Scan the folders that were never looked through to their end; those that are not there have to wait."""
    report = ScanReport()
    for folder, kind in _roots(db, unscanned=True):
        if folder.is_dir():
            report.add(scan_folder(db, folder, kind, check=check, read=read))
    return report


def rescan(
    db: sqlite3.Connection,
    *,
    progress: Progress = no_progress,
    check: Check = no_check,
    read: ReadFiles | None = None,
) -> ScanReport:
    """Scan every folder of the gallery; one that is not there becomes a problem of the report."""
    report = ScanReport()
    for text, kind in db.execute("SELECT path, kind FROM roots ORDER BY root").fetchall():
        folder = Path(path_from_text(text))
        try:
            if kind == RootKind.LOOSE:
                report.add(_look_after(db, folder))
            else:
                report.add(scan_folder(db, folder, RootKind(kind), progress=progress, check=check, read=read))
        except KnownError as error:
            report.problems = [*report.problems, str(error)][:MOST_PROBLEMS]
    return report


def _roots(db: sqlite3.Connection, *, unscanned: bool = False) -> list[tuple[Path, RootKind]]:
    """The folders that are looked through, with all in them; the innermost first."""
    sql = "SELECT path, kind FROM roots WHERE kind <> ? AND scanned <= ?"
    rows = db.execute(sql, (RootKind.LOOSE, 0 if unscanned else 1)).fetchall()
    roots = [(Path(path_from_text(text)), RootKind(kind)) for text, kind in rows]
    return sorted(roots, key=lambda root: -len(root[0].parts))


def _look_after(db: sqlite3.Connection, folder: Path) -> ScanReport:
    """See whether the known pictures of a folder are there that is not looked through."""
    (root,) = db.execute("SELECT root FROM roots WHERE path = ?", (path_to_text(folder),)).fetchone()
    known = _known(db, root)
    gone = [entry.picture for inside, entry in known.items() if _is_gone(folder / inside)]
    with transaction(db):
        set_state(db, gone, PictureState.MISSING)
        back = _known(db, root, PictureState.MISSING)
        for inside, entry in back.items():
            if entry.picture not in gone and (folder / inside).is_file():
                facts = read_one(folder, inside)
                if isinstance(facts, PictureFacts):
                    _renew(db, folder / inside, facts.print)
                    put_picture(db, root, inside, facts)
    return ScanReport(seen=len(known), missing=len(gone))


def _known(db: sqlite3.Connection, root: int, state: PictureState = PictureState.PRESENT) -> dict[str, _Known]:
    sql = "SELECT path, picture, length, modified FROM pictures WHERE root = ? AND state = ?"
    rows = db.execute(sql, (root, state)).fetchall()
    return {path_from_text(path): _Known(picture, size, modified) for path, picture, size, modified in rows}


def _is_known(file: FoundFile, known: _Known | None) -> bool:
    return known is not None and (known.length, known.modified) == (file.length, file.modified)


def _is_gone(path: Path) -> bool:
    """Whether there is certainly no file; a folder that may not be read right now says nothing."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def read_here(folder: Path, chunks: Iterable[list[str]]) -> Iterator[list[PictureFacts | str]]:
    """Read files one after the other on this thread."""
    for chunk in chunks:
        yield [read_one(folder, inside) for inside in chunk]


def read_one(folder: Path, inside: str) -> PictureFacts | str:
    """The facts of one file, or why there are none."""
    try:
        return facts_of_file(folder / inside)
    except KnownError as error:
        return str(error)
    except OSError as error:
        return f"{inside}: {error.strerror or type(error).__name__}"


def _chunks(files: list[FoundFile]) -> Iterator[list[str]]:
    for start in range(0, len(files), FILES_AT_ONCE):
        yield [file.inside for file in files[start : start + FILES_AT_ONCE]]


def _take(
    db: sqlite3.Connection,
    root: int,
    inside: str,
    facts: PictureFacts,
    known: _Known | None,
    gone: set[int],
    report: ScanReport,
) -> None:
    if known is not None:
        (content,) = db.execute("SELECT print FROM pictures WHERE picture = ?", (known.picture,)).fetchone()
        if content == facts.print:
            touch(db, known.picture, facts.length, facts.modified)
            return
    put = put_picture(db, root, inside, facts, _left_behind(db, facts.print, gone))
    gone.discard(put.picture)
    if known is not None:
        report.changed += 1
    elif put.is_new:
        report.added += 1
    else:
        report.moved += 1


def _left_behind(db: sqlite3.Connection, content: bytes, gone: set[int]) -> set[int]:
    """Pictures with this content whose files are `gone`, also from folders that are looked through later."""
    # The plus keeps SQLite from looking through all that are present instead of the few with this print.
    sql = (
        "SELECT picture, roots.path, pictures.path FROM pictures CROSS JOIN roots USING (root)"
        " WHERE print = ? AND +state = 0"
    )
    return {
        picture
        for picture, folder, inside in db.execute(sql, (content,)).fetchall()
        # A disk that is not plugged in has lost nothing.
        if picture in gone
        or (Path(path_from_text(folder)).is_dir() and _is_gone(Path(path_from_text(folder)) / path_from_text(inside)))
    }


def _lengths_of_first_prints(db: sqlite3.Connection) -> frozenset[int]:
    """How long the files are whose prints are of the first kind: only others as long can be the same."""
    rows = db.execute("SELECT DISTINCT length FROM pictures WHERE length(print) = ?", (FIRST_PRINT_BYTES,))
    return frozenset(length for (length,) in rows)


def _renew(db: sqlite3.Connection, path: Path, content: bytes) -> None:
    """Let what is known of the file under a print of the first kind be known under its present one."""
    try:
        with path.open("rb") as file:
            renew_print(db, first_fingerprint(file), content)
    except OSError:
        # It went away meanwhile; the next scan says so.
        return


def _note_unreadable(report: ScanReport, reason: str) -> None:
    report.unreadable += 1
    if len(report.problems) < MOST_PROBLEMS:
        report.problems.append(reason)
