"""Ctrl+C in the terminal behind the window, and the system's wish that the program ends."""

import os
import signal
import socket
from collections.abc import Callable
from types import FrameType, TracebackType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

NUMBERS = (signal.SIGINT, signal.SIGTERM)
# What shells report for a program that Ctrl+C ended.
EXIT_CODE = 130


class StopSignals(QObject):
    """Inside its `with` block, the first such signal of the system is repeated as one of Qt; a second one leaves.

    Main thread only. A signal that the program was told to ignore, as `nohup` does, stays ignored.

    Signals:
        received(): somebody wants the program to end.
    """

    received = Signal()

    def __init__(self, leave: Callable[[int], object] = os._exit, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._leave = leave
        self._asked = False
        # Python runs its handlers between two steps of Python, and Qt may wait for hours without taking one.
        # This pair of sockets is written to at once, by Python itself, and wakes Qt.
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)

    def __enter__(self) -> "StopSignals":
        self._writer_before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.getsignal(number) for number in NUMBERS}
        for number, handler in self._before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._writer_before)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            self._leave(EXIT_CODE)
        self._asked = True

    def _on_activated(self) -> None:
        # Reading runs Python, and so the handler above before anything else.
        self._reader.recv(64)
        self.received.emit()
