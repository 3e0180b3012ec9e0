"""A listener that remembers."""

from typing import TypeVar

from sana_desktop.domain.events import Event, PhaseStarted, StepDone

Kind = TypeVar("Kind", bound=Event)


class RecordingListener:
    """Keeps every event in the order in which it came."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Kind], job: int | None = None) -> list[Kind]:
        """The events of one kind, of all jobs or of one."""
        return [event for event in self.events if isinstance(event, kind) and job in (None, event.job)]

    def story(self, job: int = 1) -> list[str]:
        """The events of a job in short: the kind, and what the phase or step is. Previews are left out."""
        return [text for event in self.events if event.job == job and (text := _short(event))]


def _short(event: Event) -> str:
    match event:
        case PhaseStarted():
            return event.phase.value
        case StepDone():
            return f"{event.step}/{event.steps}"
        case _:
            name = type(event).__name__
            return "" if name == "PreviewReady" else name
