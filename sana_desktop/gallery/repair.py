"""Making the gallery agree with the disk again, whatever happened to either."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sana_desktop.gallery.database import integrity_problems, transaction
from sana_desktop.gallery.importer import Check, Progress, ReadFiles, ScanReport, no_check, no_progress, rescan
from sana_desktop.gallery.records import path_from_text


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What was wrong with the database, what the scan of all folders found, and what is still not right."""

    damage: tuple[str, ...]
    scan: ScanReport
    rows_without_file: int

    @property
    def is_sound(self) -> bool:
        """Whether every picture of the gallery has its file now, and the database is whole."""
        return not self.damage and not self.rows_without_file


def repair(
    db: sqlite3.Connection,
    *,
    progress: Progress = no_progress,
    check: Check = no_check,
    read: ReadFiles | None = None,
) -> RepairReport:
    """Check the database, bring the index of words in order, and scan all folders.

    Afterwards no shown picture is without a file, unless its folder cannot be reached, and no readable file is
    without its picture. Files are never changed.
    """
    damage = integrity_problems(db)
    if any(problem.startswith("the index of words") for problem in damage):
        with transaction(db):
            # The index has texts of its own, from which it is made again.
            db.execute("INSERT INTO words (words) VALUES ('rebuild')")
        damage = integrity_problems(db)
    scan = rescan(db, progress=progress, check=check, read=read)
    return RepairReport(damage, scan, _rows_without_file(db))


def _rows_without_file(db: sqlite3.Connection) -> int:
    rows = db.execute("SELECT roots.path, pictures.path FROM pictures JOIN roots USING (root) WHERE state = 0")
    return sum(not (Path(path_from_text(root)) / path_from_text(inside)).is_file() for root, inside in rows)
