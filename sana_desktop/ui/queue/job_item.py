"""What the window knows about one job, and how it says so."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QImage

from sana_desktop.domain.cancel import Stop
from sana_desktop.domain.events import Phase
from sana_desktop.domain.job import JobState, Order
from sana_desktop.errors import BugError, SanaError


@dataclass(slots=True, eq=False)
class JobItem:
    """One job as far as its events have told. Changed by the board alone.

    `done` counts pictures on the disk, `fraction` is the share of the work that is done. `thumbnail` is small:
    the newest preview or picture. `stopping` says that the user asked for its end, `latency` how many seconds
    it took then; `resting` that the queue is paused between two of its batches.
    """

    job: int
    order: Order
    done: int = 0
    restored: bool = False
    state: JobState = JobState.QUEUED
    phase: Phase | None = None
    step: int = 0
    fraction: float = 0.0
    thumbnail: QImage | None = None
    path: Path | None = None
    error: SanaError | None = None
    stopping: Stop | None = None
    resting: bool = False
    latency: float = 0.0

    @property
    def steps(self) -> int:
        """Solver steps of every picture."""
        return self.order.recipe.steps


def phase_text(phase: Phase) -> str:
    """What is going on during a phase."""
    return {
        Phase.LOAD: QCoreApplication.translate("JobItem", "Loading the model"),
        Phase.ENCODE: QCoreApplication.translate("JobItem", "Reading the prompt"),
        Phase.SAMPLE: QCoreApplication.translate("JobItem", "Drawing"),
        Phase.DECODE: QCoreApplication.translate("JobItem", "Decoding"),
        Phase.SAVE: QCoreApplication.translate("JobItem", "Saving"),
    }[phase]


def about_text(item: JobItem) -> str:
    """What is drawn, in short: size, steps and seed."""
    recipe = item.order.recipe
    return QCoreApplication.translate("JobItem", "{size} · {steps} steps · seed {seed}").format(
        size=f"{recipe.size.width} × {recipe.size.height}", steps=recipe.steps, seed=recipe.seed
    )


def state_text(item: JobItem) -> str:
    """Where the job stands, in a few words, and of several pictures how many there are."""
    count = item.order.count
    if count == 1:
        return _state(item)
    if item.state is JobState.QUEUED and not item.done:
        pictures = QCoreApplication.translate("JobItem", "{count} pictures").format(count=count)
        return f"{_state(item)} · {pictures}"
    several = QCoreApplication.translate("JobItem", "{done} of {count}").format(done=item.done, count=count)
    return f"{several} · {_state(item)}"


def cancelled_text(latency: float) -> str:
    """That a job was cancelled, and how quickly."""
    text = QCoreApplication.translate("JobItem", "Cancelled {seconds} s after you asked")
    return text.format(seconds=QLocale().toString(latency, "f", 2))


def error_text(error: SanaError | None) -> str:
    """What went wrong, in one sentence."""
    if error is None or isinstance(error, BugError):
        return QCoreApplication.translate("JobItem", "Failed: a mistake of Sana Desktop's")
    return QCoreApplication.translate("JobItem", "Failed: {what}").format(what=error)


def _state(item: JobItem) -> str:
    match item.state:
        case JobState.QUEUED:
            if item.restored:
                return QCoreApplication.translate("JobItem", "Waiting, from last time")
            return QCoreApplication.translate("JobItem", "Waiting")
        case JobState.RUNNING:
            return _running_text(item)
        case JobState.FINISHED:
            return QCoreApplication.translate("JobItem", "Finished")
        case JobState.CANCELLED:
            return cancelled_text(item.latency)
        case JobState.FAILED:
            return error_text(item.error)


def _running_text(item: JobItem) -> str:
    if item.stopping is Stop.KEEP:
        return QCoreApplication.translate("JobItem", "Stopping, keeping what is there")
    if item.stopping is not None:
        return QCoreApplication.translate("JobItem", "Cancelling")
    if item.resting:
        return QCoreApplication.translate("JobItem", "Paused")
    if item.phase is None:
        return QCoreApplication.translate("JobItem", "Starting")
    if item.phase is Phase.SAMPLE and item.step:
        text = QCoreApplication.translate("JobItem", "Step {step} of {steps}")
        return text.format(step=item.step, steps=item.steps)
    return phase_text(item.phase)
