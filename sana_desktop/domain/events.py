"""What worker code tells the world about a job, as frozen values.

Every event carries the job's number. Payloads are plain bytes and numbers, so that they may cross
threads and, one day, processes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sana_desktop.domain.job import Order
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import SanaError


class Phase(StrEnum):
    """The parts of a job, in order."""

    LOAD = "load"
    ENCODE = "encode"
    SAMPLE = "sample"
    DECODE = "decode"
    SAVE = "save"


@dataclass(frozen=True, slots=True)
class JobQueued:
    """The job waits for its turn; `done` of its pictures exist already, drawn before the program last ended."""

    job: int
    order: Order
    done: int = 0


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """The jobs that wait, in the order in which they will be drawn, and whether the queue is paused."""

    waiting: tuple[int, ...]
    paused: bool


@dataclass(frozen=True, slots=True)
class JobStarted:
    """The engine took the job from the queue."""

    job: int
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """A part of the job began."""

    job: int
    phase: Phase


@dataclass(frozen=True, slots=True)
class StepDone:
    """`step` of `steps` solver steps are done (1-based)."""

    job: int
    step: int
    steps: int


@dataclass(frozen=True, slots=True)
class PreviewReady:
    """The picture as the network would finish it now: RGB rows of 8-bit pixels."""

    job: int
    step: int
    rgb: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know that did not stop the job (a prompt cut, a fallback taken)."""

    job: int
    text: str


@dataclass(frozen=True, slots=True)
class MemoryShort:
    """Memory was full in `phase`; the job goes on from where it was as `plan` says."""

    job: int
    phase: Phase
    plan: str


@dataclass(frozen=True, slots=True)
class PictureDrawn:
    """Pixels exist; they are not on disk yet."""

    job: int
    picture: Picture


@dataclass(frozen=True, slots=True)
class PictureSaved:
    """The picture is on disk."""

    job: int
    path: Path
    picture: Picture


@dataclass(frozen=True, slots=True)
class JobFinished:
    """The job ended with all its pictures on disk."""

    job: int


@dataclass(frozen=True, slots=True)
class JobFailed:
    """The job ended with an error; `error` is a `KnownError` or a `BugError`."""

    job: int
    error: SanaError


@dataclass(frozen=True, slots=True)
class JobCancelled:
    """The job stopped because it was asked to, `latency` seconds after the asking."""

    job: int
    latency: float


JobEvent = (
    JobQueued
    | JobStarted
    | PhaseStarted
    | StepDone
    | PreviewReady
    | Notice
    | MemoryShort
    | PictureDrawn
    | PictureSaved
    | JobFinished
    | JobFailed
    | JobCancelled
)
Event = JobEvent | QueueChanged
LastEvent = JobFinished | JobFailed | JobCancelled
Emit = Callable[[Event], None]
