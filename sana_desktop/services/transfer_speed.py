"""How fast bytes arrive lately, and how long the rest will take."""

from collections import deque
from collections.abc import Callable

SECONDS_BACK = 10.0
LEAST_SECONDS = 1.0


class TransferSpeed:
    """Looks back over the last ten seconds of one fetch. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def saw(self, done: int) -> None:
        """So much is there now. Going back, as after a damaged file, begins anew."""
        now = self._clock()
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        # Ten a second are enough, however often somebody tells.
        if len(self._seen) > 1 and now - self._seen[-2][0] < 0.1:
            self._seen[-1] = (now, done)
        else:
            self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > SECONDS_BACK:
            self._seen.popleft()

    @property
    def bytes_per_second(self) -> float | None:
        """None until enough was seen."""
        if len(self._seen) < 2:
            return None
        seconds = self._seen[-1][0] - self._seen[0][0]
        return (self._seen[-1][1] - self._seen[0][1]) / seconds if seconds >= LEAST_SECONDS else None

    def seconds_left(self, total: int) -> float | None:
        """Until everything is there at this speed; None where nobody can tell."""
        speed = self.bytes_per_second
        return (total - self._seen[-1][1]) / speed if speed else None
