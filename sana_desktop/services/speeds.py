"""What is remembered of the speeds of this machine."""

from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

# Works that are remembered, the latest used ones, and measurements of each.
MOST_WORKS = 200
MOST_VALUES = 9

PackKey = tuple[str, str]
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Work:
    """What decides about the time of a step: the pack, its precision, latent positions, pictures, passes."""

    pack: str
    precision: str
    positions: int
    batch: int
    passes: int

    @property
    def per_step(self) -> int:
        """What a step costs, in positions that go through the network."""
        return self.positions * self.batch * self.passes

    @property
    def pixels(self) -> int:
        """What a decode costs, in latent positions."""
        return self.positions * self.batch


@dataclass(slots=True)
class Measured:
    """Seconds of steps and decodes. `cold` while all that is known is a first picture, which also loads."""

    steps: list[float]
    decodes: list[float]
    cold: bool


@dataclass(slots=True)
class Speeds:
    """Measurements on one device; those on another are forgotten when it draws."""

    device: str = ""
    measured: dict[Work, Measured] = field(default_factory=dict[Work, Measured])
    load_seconds: dict[PackKey, list[float]] = field(default_factory=dict[PackKey, list[float]])
    encode_seconds: dict[PackKey, list[float]] = field(default_factory=dict[PackKey, list[float]])

    def drawn_on(self, device: str) -> None:
        """Forget what was measured on another device."""
        if device != self.device:
            self.measured.clear()
            self.load_seconds.clear()
            self.encode_seconds.clear()
            self.device = device

    def note(self, work: Work, step: float, decode: float, *, cold: bool) -> None:
        """Seconds of one step and one decode; `cold` if parts of the pack were loaded meanwhile."""
        known = self.measured.pop(work, None)
        if known is None or (known.cold and not cold):
            known = Measured([], [], cold)
        elif cold and not known.cold:
            self.measured[work] = known
            return
        known.steps = [*known.steps, step][-MOST_VALUES:]
        known.decodes = [*known.decodes, decode][-MOST_VALUES:]
        # The latest used stands at the end, where `_trim` begins last.
        self.measured[work] = known
        _trim(self.measured)

    def note_load(self, work: Work, seconds: float) -> None:
        """Seconds from a cold start until the prompt was read."""
        _append(self.load_seconds, (work.pack, work.precision), seconds)

    def note_encode(self, work: Work, seconds: float) -> None:
        """Seconds for a prompt that was new."""
        _append(self.encode_seconds, (work.pack, work.precision), seconds)

    def works(self) -> list[Work]:
        """Everything that was measured."""
        return list(self.measured)

    def medians(self, work: Work) -> tuple[float, float]:
        """Seconds of a step and of a decode of something in `works`."""
        known = self.measured[work]
        return median(known.steps), median(known.decodes)

    def loads(self, work: Work) -> list[float]:
        """Seconds of the last cold starts of the pack."""
        return self.load_seconds.get((work.pack, work.precision), [])

    def encodes(self, work: Work) -> list[float]:
        """Seconds of the last new prompts of the pack."""
        return self.encode_seconds.get((work.pack, work.precision), [])


def _append(table: dict[_Key, list[float]], key: _Key, seconds: float) -> None:
    table[key] = [*table.pop(key, []), seconds][-MOST_VALUES:]
    _trim(table)


def _trim(table: dict[_Key, list[float]] | dict[_Key, Measured]) -> None:
    while len(table) > MOST_WORKS:
        del table[next(iter(table))]
