"""One job from start to end with a person, or a script, looking on."""

import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from sana_desktop.cli.boundary import say
from sana_desktop.cli.exit_codes import ExitCode
from sana_desktop.cli.interrupt import leave_at_once, on_interrupt
from sana_desktop.cli.progress import Display
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import Event, JobCancelled, JobFailed, LastEvent, Notice, PictureSaved
from sana_desktop.domain.job import Order
from sana_desktop.domain.picture import Picture
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.saving import OutputPlan, PictureSaver

_SECONDS_BETWEEN_SIGNALS = 0.5


def draw(
    order: Order,
    plan: OutputPlan,
    make_engine: Callable[[], PictureEngine],
    display: Display,
    show: Callable[[PictureSaved], None],
    record: Callable[[Path, Picture], None] | None = None,
) -> None:
    """Draw and save, calling `show` for every picture as soon as it is on the disk, and `record` before.

    All output comes from this thread. Raises the error that ended the job; leaves with exit code 130 after
    Ctrl+C. No thread survives.
    """
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def leave() -> None:
        # Gives the cursor back.
        display.clear()
        leave_at_once()

    with GenerationQueue(make_engine, PictureSaver(plan, record=record), events.put) as jobs:
        try:
            job = jobs.submit(order.recipe, order.count, order.batch, order.latents)
            with on_interrupt(lambda: jobs.cancel(job), leave):
                for event in until_last(events):
                    _present(event, display, show)
        finally:
            display.clear()


def _present(event: Event, display: Display, show: Callable[[PictureSaved], None]) -> None:
    match event:
        case Notice():
            display.clear()
            say(f"note: {event.text}")
        case PictureSaved():
            display.clear()
            show(event)
            display.show(event)
        case JobFailed():
            raise event.error
        case JobCancelled():
            display.clear()
            say(f"cancelled {event.latency:.2f} s after asking")
            raise typer.Exit(ExitCode.CANCELLED)
        case _:
            display.show(event)


def until_last(events: queue.SimpleQueue[Event]) -> Iterator[Event]:
    """The events of a job as they come, up to the one that ends it."""
    while True:
        try:
            # WORKAROUND https://github.com/python/cpython/issues/80116: on Windows Ctrl+C cannot end a wait
            # without a timeout. Remove when Python 3.14 is the oldest that is supported.
            event = events.get(timeout=_SECONDS_BETWEEN_SIGNALS)
        except queue.Empty:
            continue
        yield event
        if isinstance(event, LastEvent):
            return
