"""Noticing that somebody else changes the folders of the gallery, while the program is open."""

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 5.0
MOST_FOLDERS = 50_000


@dataclass(frozen=True, slots=True)
class _Seen:
    """When a folder was changed last (nanoseconds), and the folders in it."""

    modified: int
    inner: tuple[str, ...]


class FolderStates:
    """Remembers when folders were changed; for one thread.

    A system changes the date of a folder when a name comes, goes or changes in it, so only dates are looked at,
    and only folders that changed are listed: a thousand of them take a few milliseconds. A file that is written to
    in its place is not noticed; programs that edit pictures put a new file there. Links are not followed.
    """

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def look(self, folders: Iterable[Path]) -> frozenset[Path]:
        """The folders among these and below them that are not as they were at the last look."""
        seen: dict[str, _Seen] = {}
        waiting = [str(folder) for folder in folders]
        while waiting and len(seen) < MOST_FOLDERS:
            place = waiting.pop()
            now = self._state(place)
            if now is not None and place not in seen:
                seen[place] = now
                waiting += now.inner
        before, self._seen = self._seen, seen
        places = seen.keys() | before.keys()
        return frozenset(Path(place) for place in places if seen.get(place) != before.get(place))

    def _state(self, place: str) -> _Seen | None:
        try:
            modified = os.stat(place, follow_symlinks=False).st_mtime_ns  # noqa: PTH116  # thousands, again and again
            before = self._seen.get(place)
            if before is not None and before.modified == modified:
                return before
            with os.scandir(place) as entries:
                inner = tuple(
                    sorted(
                        entry.path
                        for entry in entries
                        if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
                    )
                )
        except OSError:
            # It went away, or is somebody else's.
            return None
        return _Seen(modified, inner)


class FolderWatch:
    """Looks again and again, on a thread of its own, until `close`.

    `changed` is called on that thread with the folders in which something changed, once they are quiet again, so that
    a program that copies a thousand files causes one call. What changed before the first look is not told.
    """

    def __init__(
        self,
        folders: Callable[[], Iterable[Path]],
        changed: Callable[[frozenset[Path]], None],
        seconds: float = SECONDS_BETWEEN_LOOKS,
    ) -> None:
        self._folders = folders
        self._changed = changed
        self._seconds = seconds
        self._states = FolderStates()
        self._pending: frozenset[Path] = frozenset()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="folder watch")
        self._thread.start()

    def close(self) -> None:
        """Look no more. Safe to call twice."""
        self._ended.set()
        self._thread.join()

    def look(self) -> None:
        """What the thread does each time."""
        changed = self._states.look(self._folders())
        if changed:
            self._pending |= changed
        elif self._pending:
            pending, self._pending = self._pending, frozenset()
            self._changed(pending)

    def _work(self) -> None:
        self._states.look(self._folders())
        while not self._ended.wait(self._seconds):
            self.look()
