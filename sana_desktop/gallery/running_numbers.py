"""The running numbers of new pictures: every folder counts for itself, and is looked through once."""

import os
from pathlib import Path

from sana_desktop.gallery.name_pattern import number_of


class RunningNumbers:
    """Knows the next number of each folder; for one thread."""

    def __init__(self) -> None:
        self._last: dict[Path, int] = {}

    def take(self, folder: Path) -> int:
        """The next number in `folder`, which may not exist yet: one more than the largest that begins a name."""
        if folder not in self._last:
            self._last[folder] = _largest_in(folder)
        self._last[folder] += 1
        return self._last[folder]


def _largest_in(folder: Path) -> int:
    try:
        with os.scandir(folder) as entries:
            return max((number_of(entry.name) for entry in entries), default=0)
    except OSError:
        # A folder that is not there yet, or that may only be written: equal names get numbers of their own.
        return 0
