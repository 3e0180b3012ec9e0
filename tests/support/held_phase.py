"""An engine that stands still at one phase until a test, or the user, says so."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

from sana_desktop.domain.events import Phase
from support.fake_engine import FakeEngine


@contextmanager
def held_engine(phase: Phase) -> Generator[tuple[FakeEngine, threading.Event, threading.Event]]:
    """An engine that stops at a phase until it is told to go on: (engine, it is there, it may go on)."""
    there, go_on = threading.Event(), threading.Event()

    def hold(now: Phase) -> None:
        if now is phase:
            there.set()
            # Who wants it to stop need not let it go on first.
            while not go_on.wait(0.01) and not engine.cancel.cancelled:
                pass

    engine = FakeEngine(on_phase=hold)
    try:
        yield engine, there, go_on
    finally:
        go_on.set()
