"""Small pictures, kept in one file of the cache by the content of the large ones."""

import contextlib
import logging
import sqlite3
from pathlib import Path
from types import TracebackType

from sana_desktop.gallery.small_picture import small_jpeg_of

_log = logging.getLogger(__name__)

FILE_NAME = "thumbnails.sqlite"
MOST_BYTES = 2**30
# When there are too many, this part of them goes at once, so that it does not happen every time.
_PART_TO_DROP = 10
_VERSION = 1
_SECONDS_FOR_A_LOCK = 2.0


class ThumbnailStore:
    """JPEG files by the print of the picture that they show (see `prints.fingerprint`).

    For one thread; several stores, of other programs too, may use the same file. It is a cache: together they
    have `most_bytes`, the oldest go first, and where the file is damaged or the disk refuses, nothing is kept
    and nothing is raised.
    """

    def __init__(self, file: Path, most_bytes: int = MOST_BYTES) -> None:
        self._file = file
        self._most_bytes = most_bytes
        self._db = self._open()
        self._bytes = 0 if self._db is None else self._count(self._db)

    def get(self, content: bytes) -> bytes | None:
        """The small picture, None if there is none."""
        if self._db is None:
            return None
        try:
            row = self._db.execute("SELECT jpeg FROM thumbnails WHERE print = ?", (content,)).fetchone()
        except sqlite3.Error as error:
            self._give_up(error)
            return None
        return None if row is None else bytes(row[0])

    def get_or_make(self, content: bytes, path: Path) -> bytes | None:
        """The small picture of a file, made now if there is none; None if it cannot be made."""
        jpeg = self.get(content)
        if jpeg is None:
            jpeg = small_jpeg_of(path)
            if jpeg is not None:
                self.put(content, jpeg)
        return jpeg

    def put(self, content: bytes, jpeg: bytes) -> None:
        """Keep a small picture in place of the one that was there."""
        if self._db is None or len(jpeg) > self._most_bytes:
            return
        try:
            self._db.execute("INSERT OR REPLACE INTO thumbnails (print, jpeg) VALUES (?, ?)", (content, jpeg))
            self._bytes += len(jpeg)
            if self._bytes > self._most_bytes:
                self._drop_oldest(self._db)
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Give the file back. Safe to call twice."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def __enter__(self) -> "ThumbnailStore":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> sqlite3.Connection | None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            try:
                return _connect(self._file)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                # Everything in it can be made again.
                _log.warning("%s is damaged and made anew: %s", self._file, error)
                for beside in ("-wal", "-shm", ""):
                    self._file.with_name(self._file.name + beside).unlink(missing_ok=True)
                return _connect(self._file)
        except (OSError, sqlite3.Error) as error:
            _log.warning("no thumbnails are kept in %s: %s", self._file, error)
            return None

    def _count(self, db: sqlite3.Connection) -> int:
        with contextlib.suppress(sqlite3.Error):
            # The pages of the file, which is known at once; adding up all lengths would read them all.
            (pages,), (free,) = (db.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count"))
            (size,) = db.execute("PRAGMA page_size").fetchone()
            return (pages - free) * size
        return 0

    def _drop_oldest(self, db: sqlite3.Connection) -> None:
        db.execute(
            "DELETE FROM thumbnails WHERE number <= (SELECT number FROM thumbnails ORDER BY number"
            f" LIMIT 1 OFFSET (SELECT count(*) / {_PART_TO_DROP} FROM thumbnails))"
        )
        self._bytes = self._count(db)

    def _give_up(self, error: sqlite3.Error) -> None:
        _log.warning("no thumbnails are kept in %s from now on: %s", self._file, error)
        self.close()


def _connect(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=_SECONDS_FOR_A_LOCK, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        # What a power cut takes is made again.
        db.execute("PRAGMA synchronous = OFF")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError(f"version {version}")
        db.execute(
            "CREATE TABLE IF NOT EXISTS thumbnails (number INTEGER PRIMARY KEY, print BLOB NOT NULL UNIQUE,"
            " jpeg BLOB NOT NULL)"
        )
        db.execute(f"PRAGMA user_version = {_VERSION}")
        db.execute("SELECT number, print, jpeg FROM thumbnails LIMIT 1").fetchone()
    except BaseException:
        db.close()
        raise
    return db
