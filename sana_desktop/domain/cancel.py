"""A wish to stop, shared between the one who asks and the one who works."""

import threading
import time
from enum import StrEnum

from sana_desktop.errors import JobCancelledError


class Stop(StrEnum):
    """What shall become of a picture that is stopped.

    `discard` pays for nothing more; `keep` decodes what the network has predicted so far; `suspend` leaves
    behind what is needed to go on with it later, because the program is about to end.
    """

    DISCARD = "discard"
    KEEP = "keep"
    SUSPEND = "suspend"


class CancelToken:
    """Set once, from any thread; tested by the engine before every block, stage and shard."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._asked_at: float | None = None
        self._stop: Stop | None = None

    def cancel(self, stop: Stop = Stop.DISCARD) -> None:
        """Ask to stop. The first call counts for the latency; a later one may only change `keep` to another."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
        if self._stop in (None, Stop.KEEP):
            self._stop = stop
        self._event.set()

    @property
    def stop(self) -> Stop | None:
        """What was asked for; None if nobody asked."""
        return self._stop

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop, in whichever way."""
        return self._event.is_set()

    @property
    def seconds_since_asked(self) -> float:
        """Time since the first `cancel`, 0.0 if nobody asked."""
        return 0.0 if self._asked_at is None else time.monotonic() - self._asked_at

    def check(self) -> None:
        """Raise `JobCancelledError` if somebody asked to stop."""
        if self._event.is_set():
            raise JobCancelledError("cancelled")

    def wait(self, seconds: float) -> None:
        """Wait for `seconds`, or until somebody asks to stop, and then as `check`."""
        self._event.wait(seconds)
        self.check()

    def check_keeping(self) -> None:
        """As `check`, but go on where what is there shall be kept: for the work after the last step."""
        if self._event.is_set() and self._stop is not Stop.KEEP:
            raise JobCancelledError("cancelled")
