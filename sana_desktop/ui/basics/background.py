"""Work that would hold up the window, done on a thread, its result brought back as a signal."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal


class Background(QObject):
    """Calls `work` once, on a thread of its own, when it is started.

    Keep it as long as the answer is wanted. `work` says itself what goes wrong: what it raises goes to
    `threading.excepthook`, and then no answer comes.

    Signals:
        done(object): what `work` returned.
    """

    done = Signal(object)

    def __init__(self, work: Callable[[], Any]) -> None:
        # Without a parent: it must outlive the widget that waits for it, if that goes first.
        super().__init__()
        self._work = work
        self._thread = threading.Thread(target=self._run, name="background")

    def start(self) -> None:
        """Begin; nothing happens where it has begun."""
        if self._thread.ident is None:
            self._thread.start()

    def wait(self) -> None:
        """Return when the work is done; the answer may still be on its way."""
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        self.done.emit(self._work())
