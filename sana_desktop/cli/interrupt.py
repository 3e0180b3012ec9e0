"""Ctrl+C as a request: the first one asks the work to stop, the second one stops waiting for it."""

import contextlib
import os
import signal
from collections.abc import Callable, Generator

from sana_desktop.cli.exit_codes import ExitCode


def leave_at_once() -> None:
    """End the process without waiting for its threads. Files are written whole or not at all, so none suffers."""
    os._exit(ExitCode.CANCELLED)


@contextlib.contextmanager
def on_interrupt(ask: Callable[[], None], leave: Callable[[], None] = leave_at_once) -> Generator[None]:
    """Call `ask` at the first Ctrl+C inside the block and `leave` at every further one.

    Main thread only. `ask` is called between two steps of whatever the main thread does. A program that was
    told to ignore Ctrl+C, as `nohup` does, goes on doing so.
    """
    asked = False

    def on_signal(number: int, frame: object) -> None:
        nonlocal asked
        if asked:
            leave()
            return
        asked = True
        ask()

    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, on_signal)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
