"""Where the engine's thread ends and the window's begins: events become signals."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from sana_desktop.domain.events import (
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobStarted,
    Notice,
    PhaseStarted,
    PictureDrawn,
    PictureSaved,
    PreviewReady,
    StepDone,
)
from sana_desktop.ui.throttle import Throttle

MILLISECONDS_BETWEEN_UPDATES = 50


def image_from_rgb(rgb: bytes, width: int, height: int) -> QImage:
    """An image with a memory of its own from RGB rows of 8-bit pixels."""
    # Qt expects rows to begin at multiples of four bytes unless it is told, and does not keep `rgb` alive.
    return QImage(rgb, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


class EventBridge(QObject):
    """Repeats the events of a `GenerationQueue` as signals on the thread that made the bridge.

    Progress and previews come at most 20 times a second; the last of each arrives before whatever
    happens next. The order of everything else is kept.

    Signals (the first argument is the job's number):
        jobStarted(int, Recipe): the engine took the job.
        phaseStarted(int, Phase): a part of it began.
        stepDone(int, int, int): step, of how many.
        previewReady(int, QImage): the picture as it would be finished now.
        notice(int, str): something worth knowing that stopped nothing.
        pictureSaved(int, QImage, Path, Picture): a picture is on the disk.
        jobFinished(int), jobFailed(int, SanaError), jobCancelled(int, float): how it ended; the last one
            with the seconds between asking and stopping.
    """

    jobStarted = Signal(int, object)
    phaseStarted = Signal(int, object)
    stepDone = Signal(int, int, int)
    previewReady = Signal(int, QImage)
    notice = Signal(int, str)
    pictureSaved = Signal(int, QImage, object, object)
    jobFinished = Signal(int)
    jobFailed = Signal(int, object)
    jobCancelled = Signal(int, float)

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = MILLISECONDS_BETWEEN_UPDATES) -> None:
        super().__init__(parent)
        self._steps = Throttle(interval_ms, self)
        self._steps.passed.connect(self._on_step)
        self._previews = Throttle(interval_ms, self)
        self._previews.passed.connect(self._on_preview)
        # Always queued: an event that comes from the window's own thread must not overtake earlier ones.
        self._arrived.connect(self._on_event, Qt.ConnectionType.QueuedConnection)

    def listener(self, event: Event) -> None:
        """Take an event, on any thread; returns at once."""
        self._arrived.emit(event)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, StepDone):
            self._steps.put(event)
        elif isinstance(event, PreviewReady):
            self._previews.put(event)
        else:
            self._steps.flush()
            self._previews.flush()
            self._tell(event)

    def _tell(self, event: Event) -> None:
        job = event.job
        match event:
            case JobStarted(recipe=recipe):
                self.jobStarted.emit(job, recipe)
            case PhaseStarted(phase=phase):
                self.phaseStarted.emit(job, phase)
            case Notice(text=text):
                self.notice.emit(job, text)
            case PictureSaved(path=path, picture=picture):
                image = image_from_rgb(picture.rgb, picture.width, picture.height)
                self.pictureSaved.emit(job, image, path, picture)
            case JobFinished():
                self.jobFinished.emit(job)
            case JobFailed(error=error):
                self.jobFailed.emit(job, error)
            case JobCancelled(latency=latency):
                self.jobCancelled.emit(job, latency)
            case PictureDrawn() | StepDone() | PreviewReady():
                # A picture is shown when it is safe on the disk; the other two went through the throttles.
                pass

    def _on_step(self, event: StepDone) -> None:
        self.stepDone.emit(event.job, event.step, event.steps)

    def _on_preview(self, event: PreviewReady) -> None:
        self.previewReady.emit(event.job, image_from_rgb(event.rgb, event.width, event.height))
