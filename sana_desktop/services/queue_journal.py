"""The queue on disk: what waits, what is drawn and which pictures exist, whatever ends the program."""

import contextlib
import itertools
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from sana_desktop.domain.job import MOST_PICTURES, Order
from sana_desktop.domain.picture import Picture
from sana_desktop.errors import BugError, KnownError, RecipeError
from sana_desktop.services.queue_rows import (
    LARGEST_JOB,
    LARGEST_RECIPE,
    StoredJob,
    job_from_row,
    order_to_row,
    path_to_text,
)

_log = logging.getLogger(__name__)

FILE_NAME = "queue.sqlite"

MOST_JOBS = 100_000

_SECONDS_FOR_A_LOCK = 0.5
# The last one: tables or columns that are not there.
_DAMAGES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)

_Change = Callable[[sqlite3.Connection], object]
_Result = TypeVar("_Result")


def _first_tables(db: sqlite3.Connection) -> None:
    db.execute(
        "CREATE TABLE jobs (job INTEGER PRIMARY KEY, place INTEGER NOT NULL, state TEXT NOT NULL,"
        " recipe TEXT NOT NULL, count INTEGER NOT NULL, batch INTEGER NOT NULL, latents TEXT)"
    )
    db.execute("CREATE INDEX jobs_by_place ON jobs (place)")
    db.execute(
        "CREATE TABLE pictures (job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE, seed INTEGER NOT NULL,"
        " path TEXT NOT NULL, saved INTEGER NOT NULL, PRIMARY KEY (job, seed)) WITHOUT ROWID"
    )


# A file of version n has seen the first n of them.
MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first_tables,)


@dataclass(frozen=True, slots=True)
class _Question:
    """Something that is done when all changes before it are on the disk, or could not be written."""

    answer: Callable[[sqlite3.Connection], object]


_Task = _Change | _Question | None


class QueueJournal:
    """Remembers the jobs of a `GenerationQueue` in an SQLite file that belongs to a thread of its own.

    What changes the journal returns at once and is on the disk, safe from a kill and from a power cut, a few
    milliseconds later, in the order in which it was told; `flush` waits for that. A full disk stops nothing:
    what could not be written is tried again with whatever comes next, and `take_trouble` tells.

    One program uses the file at a time. Opening it takes some milliseconds and raises `KnownError` if
    another program uses it, a newer one wrote it, or it cannot be opened; it then stays as it is. A damaged
    one is set aside beside it, and `notice` says so. `close` it after the queue.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._notices: list[str] = []
        self._trouble: str | None = None
        # Whether the last attempt to write failed; the writer's own.
        self._failing = False
        # None is the end.
        self._tasks: queue.SimpleQueue[_Task] = queue.SimpleQueue()
        opened: Future[int] = Future()
        self._thread = threading.Thread(target=self._work, args=(opened,), name="queue journal")
        self._thread.start()
        self._next_job = opened.result()

    @property
    def next_job(self) -> int:
        """A number larger than those of the jobs that were in the file when it was opened."""
        return self._next_job

    @property
    def notice(self) -> str:
        """What the user should know about the file as it was found; empty if all was well."""
        return " ".join(self._notices)

    def take_trouble(self) -> str | None:
        """What the user should know because writing fails; told once, until it has succeeded again."""
        trouble, self._trouble = self._trouble, None
        return trouble

    def add(self, job: int, order: Order, *, first: bool = False) -> None:
        """A job waits, after all others or before them."""
        self._tasks.put(partial(_add, job=job, order=order, first=first))

    def started(self, job: int) -> None:
        """The engine took the job: at the next start it comes before those that wait."""
        self._tasks.put(lambda db: db.execute("UPDATE jobs SET state = 'running' WHERE job = ?", (job,)))

    def announce(self, job: int, picture: Picture, path: Path) -> None:
        """A picture is about to be written to this path, which is free; returns when that is on the disk.

        It makes findable what is written by a program that ends before it can call `saved`.
        """
        self._tasks.put(partial(_put_picture, job=job, seed=picture.recipe.seed, path=path, saved=False))
        self.flush()

    def saved(self, job: int, seed: int, path: Path) -> None:
        """A picture is on the disk."""
        self._tasks.put(partial(_put_picture, job=job, seed=seed, path=path, saved=True))

    def reorder(self, jobs: Sequence[int]) -> None:
        """The jobs that wait, all of them, are drawn in this order from now on."""
        places = [(place, job) for place, job in enumerate(jobs, 1)]
        self._tasks.put(lambda db: db.executemany("UPDATE jobs SET place = ? WHERE job = ?", places))

    def remove(self, jobs: Iterable[int]) -> None:
        """These jobs have ended, one way or the other."""
        gone = [(job,) for job in jobs]
        self._tasks.put(lambda db: db.executemany("DELETE FROM jobs WHERE job = ?", gone))

    def load(self) -> tuple[StoredJob, ...]:
        """The jobs that have not ended, in their order; raises `KnownError` if the disk does not give them.

        A job that cannot be read is left out and stays in the file, and `notice` says so.
        """
        loaded: Future[tuple[StoredJob, ...]] = Future()
        self._ask(lambda db: _settle(loaded, partial(self._load, db)))
        return loaded.result()

    def flush(self) -> None:
        """Wait until everything that was told so far is on the disk, or could not be written."""
        done = threading.Event()
        self._ask(lambda db: done.set())
        done.wait()

    def close(self) -> None:
        """Write what is left and close the file. Safe to call twice."""
        self._tasks.put(None)
        self._thread.join()

    def __enter__(self) -> "QueueJournal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, answer: Callable[[sqlite3.Connection], object]) -> None:
        if not self._thread.is_alive():
            raise BugError("The queue's journal was asked something after it was closed.")
        self._tasks.put(_Question(answer))

    def _work(self, opened: Future[int]) -> None:
        _settle(opened, self._open)
        if opened.exception() is None:
            with contextlib.closing(self._db):
                self._serve()

    def _serve(self) -> None:
        unwritten: list[_Change] = []
        more = True
        while more:
            tasks = _all_of(self._tasks)
            more = None not in tasks
            unwritten += [task for task in tasks if task is not None and not isinstance(task, _Question)]
            if unwritten and self._commit(unwritten):
                unwritten = []
            for task in tasks:
                if isinstance(task, _Question):
                    task.answer(self._db)

    def _commit(self, changes: list[_Change]) -> bool:
        """Make changes in one transaction; False if the disk did not take them."""
        try:
            with _transaction(self._db):
                for change in changes:
                    _make(change, self._db)
        except sqlite3.Error as error:
            _log.error("%s was not written: %s", self._file, error)
            if not self._failing:
                self._trouble = (
                    f"The queue cannot be remembered ({error}); jobs that wait now are lost when the program ends. "
                    f"Is there space on the disk of {self._file.parent}?"
                )
            self._failing = True
            return False
        self._failing = False
        return True

    def _open(self) -> int:
        with _explaining(self._file):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._db = _connect(self._file)
            except sqlite3.DatabaseError as error:
                if _code(error) not in _DAMAGES:
                    raise
                _log.warning("%s is damaged: %s", self._file, error)
                kept = _set_aside(self._file)
                self._notices.append(f"The queue of the last run could not be read; its file was kept as {kept}.")
                self._db = _connect(self._file)
            (largest,) = self._db.execute("SELECT max(job) FROM jobs WHERE job <= ?", (LARGEST_JOB,)).fetchone()
            return largest + 1 if isinstance(largest, int) and largest > 0 else 1

    def _load(self, db: sqlite3.Connection) -> tuple[StoredJob, ...]:
        stored: list[StoredJob] = []
        unreadable = 0
        with _explaining(self._file):
            rows = db.execute(
                "SELECT job, iif(length(recipe) <= ?, recipe, NULL), count, batch, latents FROM jobs"
                " ORDER BY place, job LIMIT ?",
                (LARGEST_RECIPE, MOST_JOBS),
            ).fetchall()
            for row in rows:
                try:
                    stored.append(job_from_row(row, _pictures(db, row[0])))
                except (RecipeError, ValueError, RecursionError) as error:
                    _log.warning("a job in %s cannot be read: %s", self._file, error)
                    unreadable += 1
        if unreadable:
            self._notices.append(
                f"{unreadable} of the last run's jobs could not be read and were left out; they stay in {self._file}."
            )
        return tuple(stored)


def _connect(file: Path) -> sqlite3.Connection:
    """The file with all its tables, for this program alone, and its jobs in the order in which they are due."""
    # No implicit transactions: each of ours begins and ends where it says so.
    db = sqlite3.connect(file, timeout=_SECONDS_FOR_A_LOCK, isolation_level=None)
    try:
        # Half a character is refused later, by the recipe, instead of ending the reading of all.
        db.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise KnownError(
                f"The queue was written by a newer Sana Desktop ({file.name} has version {version}, this program "
                f"knows {len(MIGRATIONS)}). It was left as it is, and jobs are not remembered this time.",
                hint="Update this program.",
            )
        db.execute("PRAGMA journal_mode = WAL")
        # Each transaction waits for the disk, which costs nobody time: it has a thread of its own.
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        for number, migrate in enumerate(MIGRATIONS[version:], version + 1):
            with _transaction(db):
                migrate(db)
                db.execute(f"PRAGMA user_version = {number}")
        _check(db)
        _put_in_order(db)
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection) -> None:
    """Raise `DatabaseError` for pages that do not fit together and for tables that are not ours."""
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        error = sqlite3.DatabaseError(str(verdict)[:200])
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error
    db.execute("SELECT job, place, state, recipe, count, batch, latents FROM jobs LIMIT 0")
    db.execute("SELECT job, seed, path, saved FROM pictures LIMIT 0")


def _put_in_order(db: sqlite3.Connection) -> None:
    """Let all jobs wait, the interrupted ones before the others."""
    with _transaction(db):
        jobs = db.execute("SELECT job FROM jobs ORDER BY state <> 'running', place, job").fetchall()
        db.executemany(
            "UPDATE jobs SET state = 'queued', place = ? WHERE job = ?",
            [(place, job) for place, (job,) in enumerate(jobs, 1)],
        )


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


def _add(db: sqlite3.Connection, job: int, order: Order, first: bool) -> None:
    place = "coalesce(min(place), 1) - 1" if first else "coalesce(max(place), 0) + 1"
    db.execute(f"INSERT INTO jobs SELECT ?, {place}, 'queued', ?, ?, ?, ? FROM jobs", (job, *order_to_row(order)))


def _put_picture(db: sqlite3.Connection, job: int, seed: int, path: Path, saved: bool) -> None:
    db.execute("REPLACE INTO pictures VALUES (?, ?, ?, ?)", (job, seed, path_to_text(path), saved))


def _pictures(db: sqlite3.Connection, job: object) -> list[tuple[object, ...]]:
    sql = "SELECT seed, path, saved FROM pictures WHERE job = ? LIMIT ?"
    return db.execute(sql, (job, MOST_PICTURES)).fetchall()


def _make(change: _Change, db: sqlite3.Connection) -> None:
    try:
        change(db)
    except Exception as error:
        if isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.IntegrityError):
            raise
        # A mistake of ours, which is no reason to lose what else is to be written.
        _log.exception("a change does not fit the queue's journal and was left out")


def _settle(future: Future[_Result], work: Callable[[], _Result]) -> None:
    """Let whoever waits for `future` have what `work` returns or raises."""
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001 - the edge of the thread: raised in the one that waits
        future.set_exception(error)


def _all_of(tasks: queue.SimpleQueue[_Task]) -> list[_Task]:
    """Wait for a task; what came meanwhile is taken too, so that one transaction does for all."""
    found = [tasks.get()]
    with contextlib.suppress(queue.Empty):
        while found[-1] is not None:
            found.append(tasks.get_nowait())
    return found


def _code(error: sqlite3.Error) -> int:
    """SQLite's reason without its details; 0 if the error is Python's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextlib.contextmanager
def _transaction(db: sqlite3.Connection) -> Generator[None]:
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
def _explaining(file: Path) -> Generator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise KnownError(
                "Another Sana Desktop is using the queue; jobs of this one are not remembered.",
                hint="Close one of them.",
            ) from error
        raise _not_opened(file, error) from error
    except OSError as error:
        raise _not_opened(file, error.strerror or error) from error


def _not_opened(file: Path, reason: object) -> KnownError:
    return KnownError(
        f"The queue's file {file} cannot be used ({reason}); jobs are not remembered this time.",
        hint="Look whether the folder can be written to and the disk has space.",
    )
