"""Asking once a day whether there is a newer version, for those who have named a page that knows."""

import logging
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sana_desktop.errors import KnownError
from sana_desktop.system.fetch.hub import TroubleError
from sana_desktop.system.newer_version import newer_version
from sana_desktop.system.whole_files import write_whole

FILE_NAME = "update-asked.txt"
SECONDS_TO_END = 1.0
_LARGEST_NOTE = 100

_log = logging.getLogger(__name__)


class UpdateCheck:
    """Asks on a thread of its own, and fetches nothing but that one page.

    `read_page` gives the text at an address; `asked` is the file that remembers the day, so that starting the
    program ten times asks once. `tell(version)` is called on the thread when a version after `own` exists.
    What goes wrong stands in the log: nobody wants to hear every morning that a page does not answer.
    """

    def __init__(
        self,
        read_page: Callable[[str], str],
        own: str,
        asked: Path,
        tell: Callable[[str], None],
        today: Callable[[], date] = date.today,
    ) -> None:
        self._read_page = read_page
        self._own = own
        self._asked = asked
        self._tell = tell
        self._today = today
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, address: str) -> None:
        """Ask the page at `address`, unless that is empty or it was asked today; returns at once."""
        if self._thread is not None or not address.strip():
            return
        # Nothing depends on it: a server that does not answer must not keep the program from ending.
        self._thread = threading.Thread(target=self._work, args=(address,), name="update check", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Tell nothing more. Safe to call twice."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(SECONDS_TO_END)

    def _work(self, address: str) -> None:
        note = f"{self._today().isoformat()} {address}"
        try:
            if self._noted() == note:
                return
            # Before asking: a page that fails is asked again tomorrow and not at the next start.
            write_whole(self._asked, note.encode("utf-8"))
            version = newer_version(self._read_page(address), self._own)
        except (KnownError, TroubleError, OSError) as error:
            _log.info("whether there is a newer version could not be asked: %s", error)
            return
        if version and not self._closed.is_set():
            self._tell(version)

    def _noted(self) -> str:
        try:
            with self._asked.open("rb") as file:
                return file.read(_LARGEST_NOTE * 4).decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
