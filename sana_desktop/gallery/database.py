"""The gallery's database file: opened, brought up to date, or set aside if it is damaged."""

import contextlib
import itertools
import logging
import sqlite3
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from sana_desktop.errors import KnownError
from sana_desktop.gallery.migrations import MIGRATIONS

_log = logging.getLogger(__name__)

FILE_NAME = "gallery.sqlite"

# Another Sana Desktop may be writing; it never does so for long.
SECONDS_FOR_A_LOCK = 10.0
_CACHE_KIB = 16 * 1024
# The last one: tables or columns that are not there.
_DAMAGES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
_NEEDED = (
    "SELECT root, path, kind, scanned FROM roots",
    "SELECT picture, root, path, length, modified, print, width, height, created, tool, prompt, negative, seed, steps,"
    " guidance, solver, pack, recipe, provenance, rating, favourite, state FROM pictures",
    "SELECT tag, name FROM tags",
    "SELECT picture, tag FROM picture_tags",
    "SELECT prompt, tags, name, negative FROM words",
    "SELECT album, name, query FROM albums",
    "SELECT album, picture FROM album_pictures",
    "SELECT print, look FROM looks",
)


@dataclass(frozen=True, slots=True)
class OpenedDatabase:
    """A connection that writes. `is_new` says that nothing is in it yet; `notice` is for the user if not empty."""

    db: sqlite3.Connection
    is_new: bool
    notice: str = ""


def open_database(file: Path) -> OpenedDatabase:
    """Open the file for writing, in its present form; makes it if there is none. Any number of programs may do so.

    A damaged file is set aside beside it, and an empty one takes its place. Raises `KnownError`, and touches
    nothing, if a newer program wrote it; also if it cannot be opened.
    """
    with explaining(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _connect(file)
        except sqlite3.DatabaseError as error:
            if _code(error) not in _DAMAGES:
                raise
            _log.warning("%s is damaged: %s", file, error)
        kept = _set_aside(file)
        notice = (
            f"The gallery's database was damaged and is made anew from the pictures; "
            f"ratings, tags and albums in it are lost. The old file was kept as {kept}."
        )
        return OpenedDatabase(_connect(file).db, True, notice)


def open_reader(file: Path) -> sqlite3.Connection:
    """A connection that sees what is written and changes nothing; for the thread that asks for it.

    Raises `KnownError` if there is no database of this version.
    """
    with explaining(file):
        if not file.is_file():
            raise KnownError(f"There is no gallery at {file} yet.", hint="Draw a picture, or import a folder.")
        db = _raw(file)
        try:
            version = _version(db)
            if version != len(MIGRATIONS):
                raise _other_version(file, version)
            db.execute("PRAGMA query_only = ON")
        except BaseException:
            db.close()
            raise
        return db


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Generator[None]:
    """All changes of the block, on the disk when it ends, or none."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # SQLite has done so itself after some errors, a full disk among them.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def explaining(file: Path) -> Generator[None]:
    """Turn what SQLite and the disk raise into a `KnownError` about the gallery's file."""
    try:
        yield
    except sqlite3.Error as error:
        if _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise KnownError(
                "Another Sana Desktop is writing to the gallery and does not come to an end.", hint="Close one of them."
            ) from error
        raise _not_usable(file, error) from error
    except OSError as error:
        raise _not_usable(file, error.strerror or error) from error


def integrity_problems(db: sqlite3.Connection) -> tuple[str, ...]:
    """What SQLite finds wrong with its file, its index of words included; empty if all is well."""
    found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)").fetchall()]
    problems = [] if found == ["ok"] else found
    if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
        problems.append("a row belongs to a row that is not there")
    try:
        db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        problems.append(f"the index of words: {error}")
    return tuple(problems)


def _connect(file: Path) -> OpenedDatabase:
    db = _raw(file)
    try:
        version = _version(db)
        if version > len(MIGRATIONS):
            raise _other_version(file, version)
        db.execute("PRAGMA journal_mode = WAL")
        # A power cut may take the last moments, never the whole; the pictures tell the rest.
        db.execute("PRAGMA synchronous = NORMAL")
        if version < len(MIGRATIONS):
            _migrate(db)
        _check(db)
    except BaseException:
        db.close()
        raise
    return OpenedDatabase(db, version == 0)


def _migrate(db: sqlite3.Connection) -> None:
    """Bring the file up to date in one transaction; another program may have done so meanwhile."""
    with transaction(db):
        for number, migrate in enumerate(MIGRATIONS[_version(db) :], _version(db) + 1):
            migrate(db)
            db.execute(f"PRAGMA user_version = {number}")


def _raw(file: Path) -> sqlite3.Connection:
    # No implicit transactions: each of ours begins and ends where it says so.
    db = sqlite3.connect(file, timeout=SECONDS_FOR_A_LOCK, isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return db


def _version(db: sqlite3.Connection) -> int:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


def _check(db: sqlite3.Connection) -> None:
    """Raise `DatabaseError` for pages that do not fit together and for tables that are not ours."""
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        error = sqlite3.DatabaseError(str(verdict)[:200])
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error
    for sql in _NEEDED:
        db.execute(f"{sql} LIMIT 1").fetchone()


def _set_aside(file: Path) -> Path:
    """Give a damaged file, and what SQLite keeps beside it, a free name."""
    names = itertools.chain([".unreadable"], (f".unreadable-{number}" for number in itertools.count(2)))
    kept = next(path for path in (file.with_name(file.name + name) for name in names) if not path.exists())
    # The database last: without it a later start would take the rest for that of a new one.
    for beside in ("-wal", "-shm", "-journal", ""):
        part = file.with_name(file.name + beside)
        if part.exists():
            part.replace(kept.with_name(kept.name + beside))
    return kept


def _code(error: sqlite3.Error) -> int:
    """SQLite's reason without its details; 0 if the error is Python's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _other_version(file: Path, version: int) -> KnownError:
    if version > len(MIGRATIONS):
        return KnownError(
            f"The gallery was written by a newer Sana Desktop ({file.name} has version {version}, this program knows "
            f"{len(MIGRATIONS)}). It was left as it is; new pictures are saved but do not appear in it.",
            hint="Update this program.",
        )
    return KnownError(f"{file.name} has version {version}; this program knows {len(MIGRATIONS)}.")


def _not_usable(file: Path, reason: object) -> KnownError:
    return KnownError(
        f"The gallery's file {file} cannot be used ({reason}).",
        hint="Look whether the folder can be written to and the disk has space. Pictures are saved all the same.",
    )
