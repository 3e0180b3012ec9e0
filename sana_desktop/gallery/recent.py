"""The newest pictures of a folder."""

import heapq
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sana_desktop.gallery.metadata import SUFFIXES

# Names of pictures may have folders in them; more than this is no collection of pictures.
DEEPEST = 4
MOST_FILES = 200_000


def recent_pictures(folder: Path, most: int) -> list[Path]:
    """At most `most` picture files in `folder` and the folders in it, the newest first.

    Looks at names and dates only. Hidden ones, links, and folders that may not be read are passed over; a
    folder that is not there is empty.
    """
    newest = heapq.nlargest(most, islice(_dated(folder, DEEPEST), MOST_FILES))
    return [Path(path) for _, path in newest]


def _dated(folder: Path | str, depth: int) -> Iterator[tuple[int, str]]:
    """When pictures were written, in nanoseconds, and their paths."""
    inner: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                # Unfinished files are hidden as well.
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    inner.append(entry.path)
                elif Path(entry.name).suffix.lower() in SUFFIXES and entry.is_file(follow_symlinks=False):
                    yield entry.stat(follow_symlinks=False).st_mtime_ns, entry.path
    except OSError:
        # It went away, or is somebody else's.
        pass
    if depth > 1:
        for path in inner:
            yield from _dated(path, depth - 1)
