"""A listener that remembers."""

from typing import TypeVar

from sana_desktop.domain.events import (
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobQueued,
    JobStarted,
    PhaseStarted,
    QueueChanged,
    StepDone,
)

Kind = TypeVar("Kind", bound=Event)


class RecordingListener:
    """Keeps every event in the order in which it came."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Kind], job: int | None = None) -> list[Kind]:
        """The events of one kind, of all jobs or of one."""
        return [event for event in self.events if isinstance(event, kind) and (job is None or _job(event) == job)]

    def story(self, job: int = 1) -> list[str]:
        """The events of a job in short: the kind, and what the phase or step is. Previews are left out."""
        return [text for event in self.events if _job(event) == job and (text := _short(event))]

    def changes(self) -> list[str]:
        """What changed the queue or which job runs, in short: queued 1, waiting (1, 2), paused (1,), started 1, ..."""
        return [text for event in self.events if (text := _change(event))]


def _job(event: Event) -> int | None:
    return None if isinstance(event, QueueChanged) else event.job


def _change(event: Event) -> str:
    match event:
        case QueueChanged():
            return f"{'paused' if event.paused else 'waiting'} {event.waiting}"
        case JobQueued():
            return f"queued {event.job}"
        case JobStarted():
            return f"started {event.job}"
        case JobFinished() | JobFailed() | JobCancelled():
            return f"ended {event.job}"
        case _:
            return ""


def _short(event: Event) -> str:
    match event:
        case PhaseStarted():
            return event.phase.value
        case StepDone():
            return f"{event.step}/{event.steps}"
        case _:
            name = type(event).__name__
            return "" if name == "PreviewReady" else name
