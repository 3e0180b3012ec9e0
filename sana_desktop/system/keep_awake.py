"""Holding off the machine's sleep while it works, by whatever means the desktop offers."""

import logging
import queue
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

_log = logging.getLogger(__name__)

SECONDS_TO_LET_GO = 3.0

# A library that is missing, a desktop that does not answer, and whatever else the library makes of it.
_TROUBLE = (ImportError, OSError, RuntimeError)


class Lock(Protocol):
    """What holds off sleep between entering and leaving; `active` says after entering whether it does."""

    @property
    def active(self) -> bool:
        """Whether the desktop agreed."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> object: ...


def desktop_lock() -> Lock:
    """A lock of this desktop: GNOME, KDE and their relatives, Windows, macOS."""
    # Imported here because it takes a while, and only programs that draw need it.
    from wakepy import keep

    return keep.running(on_fail="pass")


class KeepAwake:
    """Keeps the machine awake between `acquire` and `release`, if it lets us.

    Both return at once, may be called as often as one likes, and never raise: asking the desktop may take
    seconds and happens on a thread of its own. Where nothing is offered that is written into the log once.
    """

    def __init__(self, make_lock: Callable[[], Lock] = desktop_lock) -> None:
        self._make_lock = make_lock
        # What is wanted; None ends the thread.
        self._wishes: queue.SimpleQueue[bool | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._told = False

    def acquire(self) -> None:
        """Stay awake from now on."""
        if self._thread is None:
            # Daemon: a desktop that does not answer must not keep the program from ending.
            self._thread = threading.Thread(target=self._serve, name="keep-awake", daemon=True)
            self._thread.start()
        self._wishes.put(True)

    def release(self) -> None:
        """Sleep is allowed again."""
        if self._thread is not None:
            self._wishes.put(False)

    def close(self) -> None:
        """Release and end; waits at most three seconds. The desktop also lets go when the program ends."""
        if self._thread is not None:
            self._wishes.put(None)
            self._thread.join(SECONDS_TO_LET_GO)
            self._thread = None

    def __enter__(self) -> "KeepAwake":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _serve(self) -> None:
        wish = self._wishes.get()
        while wish is not None:
            if wish:
                lock = self._hold()
                while wish:
                    wish = self._wishes.get()
                self._let_go(lock)
            else:
                wish = self._wishes.get()

    def _hold(self) -> Lock | None:
        try:
            lock = self._make_lock()
            lock.__enter__()
        except _TROUBLE as error:
            self._tell(str(error))
            return None
        if not lock.active:
            self._tell("this desktop offers nothing that would")
        return lock

    def _let_go(self, lock: Lock | None) -> None:
        if lock is None:
            return
        try:
            lock.__exit__(None, None, None)
        except _TROUBLE as error:
            self._tell(str(error))

    def _tell(self, reason: str) -> None:
        if not self._told:
            self._told = True
            _log.info("the machine may fall asleep while it draws: %s", reason)
