"""An engine that stands still until a test says so."""

import threading

from support.fake_engine import FakeEngine

SECONDS = 30.0


class Held:
    """Stops an engine at its first step; `until_held` waits for that, `let_go` lets it draw on without stopping.

    `on_step` may be given to another engine than the one that is ready made.
    """

    def __init__(self) -> None:
        self._held, self._let_go = threading.Event(), threading.Event()
        self.engine = FakeEngine(on_step=self.on_step)

    def on_step(self, step: int) -> None:
        self._held.set()
        assert self._let_go.wait(SECONDS)

    def until_held(self) -> None:
        assert self._held.wait(SECONDS)

    def let_go(self) -> None:
        self._let_go.set()


class UntilStopped:
    """Stops an engine at its first step until it is asked to stop; `until_held` waits until it is there."""

    def __init__(self) -> None:
        self._held = threading.Event()
        self.engine = FakeEngine(on_step=self._on_step)

    def _on_step(self, step: int) -> None:
        self._held.set()
        assert self.engine.cancel._event.wait(SECONDS)

    def until_held(self) -> None:
        assert self._held.wait(SECONDS)
