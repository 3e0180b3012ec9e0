"""Where the engine's thread ends and the window's begins: events become signals."""

import threading

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from sana_desktop.domain.events import (
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobQueued,
    JobStarted,
    MemoryShort,
    Notice,
    PhaseStarted,
    PictureDrawn,
    PictureSaved,
    PreviewReady,
    QueueChanged,
    StepDone,
)
from sana_desktop.ui.basics.throttle import Throttle

MILLISECONDS_BETWEEN_UPDATES = 50


def image_from_rgb(rgb: bytes, width: int, height: int) -> QImage:
    """An image with a memory of its own from RGB rows of 8-bit pixels."""
    # Qt expects rows to begin at multiples of four bytes unless it is told, and does not keep `rgb` alive.
    return QImage(rgb, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


class EventBridge(QObject):
    """Repeats the events of a `GenerationQueue` as signals on the thread that made the bridge.

    Progress and previews come at most 20 times a second; the last of each arrives before whatever
    happens next. Of the changes of the queue that came meanwhile only the last is told, in its place.
    The order of everything else is kept.

    Signals (the first argument is the job's number, but for `queueChanged`):
        jobQueued(int, Order, int): the job waits; so many of its pictures exist already.
        queueChanged(tuple, bool): the numbers of the jobs that wait, in order, and whether the queue is paused.
        jobStarted(int, Recipe): the engine took the job.
        phaseStarted(int, Phase): a part of it began.
        stepDone(int, int, int): step, of how many.
        previewReady(int, int, QImage): the picture as it would be finished now, after which step.
        notice(int, str): something worth knowing that stopped nothing.
        pictureSaved(int, QImage, Path, Picture): a picture is on the disk.
        jobFinished(int), jobFailed(int, SanaError), jobCancelled(int, float): how it ended; the last one
            with the seconds between asking and stopping.
    """

    jobQueued = Signal(int, object, int)
    queueChanged = Signal(object, bool)
    jobStarted = Signal(int, object)
    phaseStarted = Signal(int, object)
    stepDone = Signal(int, int, int)
    previewReady = Signal(int, int, QImage)
    notice = Signal(int, str)
    pictureSaved = Signal(int, QImage, object, object)
    jobFinished = Signal(int)
    jobFailed = Signal(int, object)
    jobCancelled = Signal(int, float)

    _arrived = Signal(object, QImage)
    _queue_moved = Signal(int)

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = MILLISECONDS_BETWEEN_UPDATES) -> None:
        super().__init__(parent)
        self._steps = Throttle(interval_ms, self)
        self._steps.passed.connect(self._on_step)
        self._previews = Throttle(interval_ms, self)
        self._previews.passed.connect(self._on_preview)
        # The newest change of the queue and its number, written on any thread.
        self._lock = threading.Lock()
        self._queue = QueueChanged((), paused=False)
        self._queue_number = 0
        # Always queued: an event that comes from the window's own thread must not overtake earlier ones.
        self._arrived.connect(self._on_event, Qt.ConnectionType.QueuedConnection)
        self._queue_moved.connect(self._on_queue, Qt.ConnectionType.QueuedConnection)

    def listener(self, event: Event) -> None:
        """Take an event, on any thread; returns when its pixels are copied."""
        if isinstance(event, QueueChanged):
            # Only a number crosses: ten thousand orders at once would queue ten thousand lists of that length.
            with self._lock:
                self._queue = event
                self._queue_number += 1
                self._queue_moved.emit(self._queue_number)
            return
        # Copied here, on the engine's thread: 37 ms for 4096 x 4096 pixels, for which the window has no time.
        self._arrived.emit(event, _image(event))

    @Slot(object, QImage)
    def _on_event(self, event: Event, image: QImage) -> None:
        if isinstance(event, StepDone):
            self._steps.put(event)
        elif isinstance(event, PreviewReady):
            self._previews.put((event, image))
        else:
            self._steps.flush()
            self._previews.flush()
            self._tell(event, image)

    def _tell(self, event: Event, image: QImage) -> None:
        match event:
            case JobQueued(job=job, order=order, done=done):
                self.jobQueued.emit(job, order, done)
            case JobStarted(job=job, recipe=recipe):
                self.jobStarted.emit(job, recipe)
            case PhaseStarted(job=job, phase=phase):
                self.phaseStarted.emit(job, phase)
            case Notice(job=job, text=text):
                self.notice.emit(job, text)
            case PictureSaved(job=job, path=path, picture=picture):
                self.pictureSaved.emit(job, image, path, picture)
            case JobFinished(job=job):
                self.jobFinished.emit(job)
            case JobFailed(job=job, error=error):
                self.jobFailed.emit(job, error)
            case JobCancelled(job=job, latency=latency):
                self.jobCancelled.emit(job, latency)
            case MemoryShort() | PictureDrawn() | StepDone() | PreviewReady() | QueueChanged():
                # A notice tells of full memory, too. A picture is shown when it is safe on the disk; the others
                # have ways of their own.
                pass

    @Slot(int)
    def _on_queue(self, number: int) -> None:
        with self._lock:
            queue, newest = self._queue, self._queue_number
        if number == newest:
            self._steps.flush()
            self._previews.flush()
            self.queueChanged.emit(queue.waiting, queue.paused)

    @Slot(object)
    def _on_step(self, event: StepDone) -> None:
        self.stepDone.emit(event.job, event.step, event.steps)

    @Slot(object)
    def _on_preview(self, shown: tuple[PreviewReady, QImage]) -> None:
        event, image = shown
        self.previewReady.emit(event.job, event.step, image)


def _image(event: Event) -> QImage:
    match event:
        case PreviewReady():
            return image_from_rgb(event.rgb, event.width, event.height)
        case PictureSaved(picture=picture):
            return image_from_rgb(picture.rgb, picture.width, picture.height)
        case _:
            return QImage()
