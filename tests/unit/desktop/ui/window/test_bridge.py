import threading
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Slot
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from sana_desktop.domain.events import (
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobQueued,
    JobStarted,
    Notice,
    Phase,
    PhaseStarted,
    PictureDrawn,
    PictureSaved,
    PreviewReady,
    QueueChanged,
    StepDone,
)
from sana_desktop.domain.job import Order
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import MachineError
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.ui.window.bridge import EventBridge, image_from_rgb
from support.fake_engine import FakeEngine, fake_picture
from support.recipes import recipe

NEVER_IN_A_TEST = 3_600_000
SMALL = recipe(size=Size(64, 32), steps=3)
PICTURE = fake_picture(SMALL)
ERROR = MachineError("Expected room, found none.")


class Ear(QObject):
    """Remembers every signal of a bridge, and the threads that it heard them on."""

    def __init__(self, bridge: EventBridge) -> None:
        super().__init__()
        self.heard: list[tuple[object, ...]] = []
        self.threads: set[QThread] = set()
        bridge.jobQueued.connect(self._on_queued)
        bridge.queueChanged.connect(self._on_queue)
        bridge.jobStarted.connect(self._on_started)
        bridge.phaseStarted.connect(self._on_phase)
        bridge.stepDone.connect(self._on_step)
        bridge.previewReady.connect(self._on_preview)
        bridge.notice.connect(self._on_notice)
        bridge.pictureSaved.connect(self._on_saved)
        bridge.jobFinished.connect(self._on_finished)
        bridge.jobFailed.connect(self._on_failed)
        bridge.jobCancelled.connect(self._on_cancelled)

    def _hear(self, *what: object) -> None:
        self.heard.append(what)
        self.threads.add(QThread.currentThread())

    @Slot(int, object, int)
    def _on_queued(self, job: int, order: object, done: int) -> None:
        self._hear("queued", job, order, done)

    @Slot(object, bool)
    def _on_queue(self, waiting: object, paused: bool) -> None:
        self._hear("queue", waiting, paused)

    @Slot(int, object)
    def _on_started(self, job: int, recipe: object) -> None:
        self._hear("started", job, recipe)

    @Slot(int, object)
    def _on_phase(self, job: int, phase: object) -> None:
        self._hear("phase", job, phase)

    @Slot(int, int, int)
    def _on_step(self, job: int, step: int, steps: int) -> None:
        self._hear("step", job, step, steps)

    @Slot(int, int, QImage)
    def _on_preview(self, job: int, step: int, image: QImage) -> None:
        self._hear("preview", job, step, image.width())

    @Slot(int, str)
    def _on_notice(self, job: int, text: str) -> None:
        self._hear("notice", job, text)

    @Slot(int, QImage, object, object)
    def _on_saved(self, job: int, image: QImage, path: object, picture: object) -> None:
        self._hear("saved", job, image.width(), path, picture)

    @Slot(int)
    def _on_finished(self, job: int) -> None:
        self._hear("finished", job)

    @Slot(int, object)
    def _on_failed(self, job: int, error: object) -> None:
        self._hear("failed", job, error)

    @Slot(int, float)
    def _on_cancelled(self, job: int, latency: float) -> None:
        self._hear("cancelled", job, latency)


def told(qtbot: QtBot, *events: Event) -> list[tuple[object, ...]]:
    """What the window hears of `events` and a last JobFinished, with nothing let through by the passing of time."""
    bridge = EventBridge(interval_ms=NEVER_IN_A_TEST)
    ear = Ear(bridge)
    with qtbot.waitSignal(bridge.jobFinished):
        for event in (*events, JobFinished(1)):
            bridge.listener(event)
    return ear.heard


def test_every_event_becomes_its_signal_in_order(qtbot: QtBot) -> None:
    path, order = Path("apple.png"), Order(recipe=SMALL, count=3)
    assert told(
        qtbot,
        JobQueued(1, order, 2),
        QueueChanged((1, 4), paused=True),
        JobStarted(1, SMALL),
        PhaseStarted(1, Phase.SAMPLE),
        Notice(1, "The prompt was cut."),
        PictureSaved(1, path, PICTURE),
        JobCancelled(1, 0.25),
        JobFailed(1, ERROR),
    ) == [
        ("queued", 1, order, 2),
        ("queue", (1, 4), True),
        ("started", 1, SMALL),
        ("phase", 1, Phase.SAMPLE),
        ("notice", 1, "The prompt was cut."),
        ("saved", 1, 64, path, PICTURE),
        ("cancelled", 1, 0.25),
        ("failed", 1, ERROR),
        ("finished", 1),
    ]


def test_a_picture_that_is_not_on_the_disk_yet_is_not_announced(qtbot: QtBot) -> None:
    assert told(qtbot, PictureDrawn(1, PICTURE)) == [("finished", 1)]


def test_of_many_steps_the_first_and_the_last_arrive_before_what_happens_next(qtbot: QtBot) -> None:
    steps = [StepDone(1, step, 50) for step in range(1, 51)]
    assert told(qtbot, *steps) == [("step", 1, 1, 50), ("step", 1, 50, 50), ("finished", 1)]


def test_of_many_previews_the_first_and_the_last_arrive(qtbot: QtBot) -> None:
    previews = [PreviewReady(1, 10 + side, bytes(3 * side * side), side, side) for side in range(1, 9)]
    assert told(qtbot, *previews) == [("preview", 1, 11, 1), ("preview", 1, 18, 8), ("finished", 1)]


def test_of_many_changes_of_the_queue_only_the_last_is_told_and_in_its_place(qtbot: QtBot) -> None:
    changes = [QueueChanged(tuple(range(number)), paused=False) for number in range(1, 50)]
    order = Order(recipe=SMALL)
    assert told(qtbot, *changes, JobQueued(9, order), QueueChanged((9,), paused=True)) == [
        ("queued", 9, order, 0),
        ("queue", (9,), True),
        ("finished", 1),
    ]


def test_the_last_step_arrives_by_itself(qtbot: QtBot) -> None:
    bridge = EventBridge(interval_ms=1)
    ear = Ear(bridge)
    with qtbot.waitSignals([bridge.stepDone, bridge.stepDone]):
        bridge.listener(StepDone(1, 1, 3))
        bridge.listener(StepDone(1, 2, 3))
        bridge.listener(StepDone(1, 3, 3))
    assert ear.heard[-1] == ("step", 1, 3, 3)


def test_what_the_engine_thread_says_is_heard_on_the_thread_of_the_window(qtbot: QtBot) -> None:
    bridge = EventBridge()
    ear = Ear(bridge)
    speakers: set[threading.Thread] = set()

    def listen(event: Event) -> None:
        speakers.add(threading.current_thread())
        bridge.listener(event)

    queue = GenerationQueue(FakeEngine, lambda job, picture: Path("apple.png"), listen)
    with queue, qtbot.waitSignal(bridge.jobFinished):
        queue.submit(SMALL)
    assert speakers - {threading.current_thread()}
    assert ear.threads == {QThread.currentThread()}
    assert ("step", 1, 3, 3) in ear.heard
    assert ear.heard[-2][:3] == ("saved", 1, 64)


def test_an_odd_width_is_not_sheared() -> None:
    rows = bytes([255, 0, 0] * 3 + [0, 0, 255] * 3)
    image = image_from_rgb(rows, 3, 2)
    colours = [[image.pixelColor(x, y) for x in range(3)] for y in range(2)]
    assert colours == [[QColor(255, 0, 0)] * 3, [QColor(0, 0, 255)] * 3]
