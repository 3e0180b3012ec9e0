"""A wish to stop, shared between the one who asks and the one who works."""

import threading
import time

from sana_desktop.errors import JobCancelledError


class CancelToken:
    """Set once, from any thread; tested by the engine before every block, stage and shard."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._asked_at: float | None = None

    def cancel(self) -> None:
        """Ask to stop. Safe to call twice; the first call counts for the latency."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._event.is_set()

    @property
    def seconds_since_asked(self) -> float:
        """Time since the first `cancel`, 0.0 if nobody asked."""
        return 0.0 if self._asked_at is None else time.monotonic() - self._asked_at

    def check(self) -> None:
        """Raise `JobCancelledError` if somebody asked to stop."""
        if self._event.is_set():
            raise JobCancelledError("cancelled")
