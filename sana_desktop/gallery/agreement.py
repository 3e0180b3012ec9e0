"""Whether a folder is as the gallery knows it: what the program saves itself causes no look through everything."""

import os
import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path

from sana_desktop.gallery.importer import ReadFiles, ScanReport, no_check, rescan
from sana_desktop.gallery.records import RootKind, path_from_text, path_to_text
from sana_desktop.gallery.walk import is_picture_name

_State = tuple[int, int]


def rescan_changed(
    db: sqlite3.Connection,
    folders: Collection[Path],
    *,
    check: Callable[[], None] = no_check,
    read: ReadFiles | None = None,
) -> ScanReport:
    """Scan every folder of the gallery, unless it knows already all that changed directly in `folders`."""
    if all(agrees(db, folder) for folder in folders):
        return ScanReport()
    return rescan(db, check=check, read=read)


def agrees(db: sqlite3.Connection, folder: Path) -> bool:
    """Whether the pictures directly in `folder` are those that the gallery has there, with their lengths and dates."""
    roots = [
        (Path(path_from_text(text)), int(root))
        for root, text in db.execute("SELECT root, path FROM roots WHERE kind <> ?", (RootKind.LOOSE,)).fetchall()
    ]
    inside = [(place, root) for place, root in roots if folder.is_relative_to(place)]
    if not inside:
        return False
    place, root = max(inside, key=lambda one: len(one[0].parts))
    there = _files(folder)
    known = _known(db, root, folder.relative_to(place).as_posix(), deep=there is None)
    return known == (there or {})


def _files(folder: Path) -> dict[str, _State] | None:
    """Names of pictures with length and date; None for a folder that cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return {
                entry.name: ((stat := entry.stat(follow_symlinks=False)).st_size, stat.st_mtime_ns)
                for entry in entries
                if not entry.name.startswith(".")
                and is_picture_name(entry.name)
                and entry.is_file(follow_symlinks=False)
            }
    except OSError:
        return None


def _known(db: sqlite3.Connection, root: int, inside: str, *, deep: bool) -> dict[str, _State]:
    """What the gallery has directly in a folder, or, if it is `deep`, anywhere below it."""
    # Without the quotes of JSON at its end: what all texts of paths in this folder begin with.
    start = '"' if inside == "." else f"{path_to_text(inside)[:-1]}/"
    # The letter behind the last one: everything that begins so lies between them, and the index of places finds it.
    end = start[:-1] + chr(ord(start[-1]) + 1)
    sql = "SELECT path, length, modified FROM pictures WHERE root = ? AND state = 0 AND path >= ? AND path < ?"
    rows = db.execute(sql, (root, start, end)).fetchall()
    found = {path_from_text(path): (int(length), int(modified)) for path, length, modified in rows}
    skip = 0 if inside == "." else len(inside) + 1
    return {path[skip:]: state for path, state in found.items() if deep or "/" not in path[skip:]}
