"""What a thread of a service answers, brought back to the window's own thread."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from sana_desktop.errors import JobCancelledError, KnownError

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


def ignore(result: object) -> None:
    """The result tells nobody anything."""


class Answers(QObject):
    """Waits for futures without blocking; what they give is handed on in the thread that made this object.

    After `close`, which has to be called before the program ends, nothing is heard any more.

    Signals:
        failed(object): the `KnownError` of a future for which nobody else wants to hear it.
    """

    failed = Signal(object)

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._closed = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def watch(
        self,
        future: "Future[_Result]",
        done: Callable[[_Result], None] = ignore,
        failed: Callable[[KnownError], None] | None = None,
    ) -> None:
        """Call `done` with the result; for a `KnownError`, `failed`. What was cancelled is over without a word."""
        future.add_done_callback(partial(self._pass_on, done, failed))

    def close(self) -> None:
        """Hear nothing any more. Safe to call twice."""
        with self._lock:
            self._closed = True

    def _pass_on(
        self, done: Callable[[_Result], None], failed: Callable[[KnownError], None] | None, future: "Future[_Result]"
    ) -> None:
        # Under the lock: whoever closes can be sure that nothing is sent to a window that is gone.
        with self._lock:
            if not self._closed:
                self._arrived.emit(partial(self._tell, done, failed, future))

    def _tell(
        self, done: Callable[[_Result], None], failed: Callable[[KnownError], None] | None, future: "Future[_Result]"
    ) -> None:
        if future.cancelled():
            return
        match future.exception():
            case None:
                done(future.result())
            case JobCancelledError():
                pass
            case KnownError() as error:
                (self.failed.emit if failed is None else failed)(error)
            case error:
                _log.error("a service failed by a mistake of ours", exc_info=error)

    @Slot(object)
    def _on_arrived(self, tell: Callable[[], None]) -> None:
        if not self._closed:
            tell()
