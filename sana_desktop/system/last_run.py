"""How the program ended last time: a file that stands while it runs, and what the interpreter wrote as it died."""

import faulthandler
import logging
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sana_desktop.system.whole_files import write_whole

MARKER_NAME = "running.txt"
NATIVE_NAME = "native-crash.txt"
LARGEST_TRACE = 64 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BadEnd:
    """The last run began at `began` (UTC, as text) and did not end by itself.

    `trace` is where each thread was when the system stopped it; empty where the system gave no time for that,
    as when memory or power ran out.
    """

    began: str
    trace: str


class RunMarker:
    """Stands in `folder` from `begin` to `end`. One program at a time: hold the instance's lock before."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / MARKER_NAME
        self._native = folder / NATIVE_NAME

    def begin(self) -> BadEnd | None:
        """Mark that the program runs; how the run before ended, if it ended badly."""
        bad_end = self._bad_end()
        try:
            write_whole(self._path, datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S").encode("ascii"))
        except OSError as error:
            # A disk that is full must not keep the program from starting.
            _log.warning("a crash will not be noticed: %s", error.strerror)
        return bad_end

    def end(self) -> None:
        """The program ends as it should."""
        for path in (self._path, self._native):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _bad_end(self) -> BadEnd | None:
        if not self._path.is_file():
            return None
        return BadEnd(_read(self._path, 100), _read(self._native, LARGEST_TRACE))


@contextmanager
def catching_native(folder: Path) -> Generator[None]:
    """Until the block ends, a crash inside a library writes where it was to a file in `folder`.

    To be entered after `RunMarker.begin`, which reads what the last run left there. Where the file cannot be
    written, nothing changes.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / NATIVE_NAME).open("wb")
    except OSError as error:
        _log.warning("a crash of a library will leave no trace: %s", error.strerror)
        yield
        return
    before = faulthandler.is_enabled()
    with file:
        faulthandler.enable(file, all_threads=True)
        try:
            yield
        finally:
            faulthandler.disable()
            if before:
                # To standard error, as the interpreter does it; a windowed program on Windows has none.
                with suppress(OSError, RuntimeError, ValueError):
                    faulthandler.enable()


def _read(path: Path, most: int) -> str:
    try:
        with path.open("rb") as file:
            return file.read(most).decode("utf-8", "replace").strip()
    except OSError:
        return ""
