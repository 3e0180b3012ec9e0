"""A recorder without a GPU: a replay computes again, into the same tensor, from whatever the inputs hold by then."""

from collections.abc import Callable

import torch
from torch import Tensor


class FakeRecording:
    """A program that was recorded."""

    def __init__(self, run: Callable[[], Tensor], told: list[str], off_by: float) -> None:
        self._run = run
        self._told = told
        self._off_by = off_by
        self.output = torch.full_like(run(), torch.nan)

    def replay(self) -> None:
        """Compute again."""
        self._told.append("replay")
        self.output.copy_(self._run() + self._off_by)


class FakeRecorder:
    """Tells in `told` what it was asked for; `failure` is raised by every recording, `off_by` makes replays wrong."""

    def __init__(
        self, *, failure: Exception | None = None, off_by: float = 0.0, needed: int = 1, room: int = 1000
    ) -> None:
        self.told: list[str] = []
        self.failure = failure
        self._off_by = off_by
        self._needed = needed
        self._room = room

    def rehearse(self, run: Callable[[], Tensor]) -> Tensor:
        """Run plainly."""
        self.told.append("rehearse")
        return run()

    def needed(self) -> int:
        """As it was made."""
        return self._needed

    def room(self) -> int:
        """As it was made."""
        return self._room

    def held(self) -> int:
        """What the recordings since the last release needed."""
        released = len(self.told) - self.told[::-1].index("release") if "release" in self.told else 0
        return self._needed * self.told[released:].count("record")

    def record(self, run: Callable[[], Tensor]) -> FakeRecording:
        """Keep what is to be run."""
        self.told.append("record")
        if self.failure is not None:
            raise self.failure
        return FakeRecording(run, self.told, self._off_by)

    def release(self) -> None:
        """Tell."""
        self.told.append("release")
