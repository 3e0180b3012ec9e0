from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from sana_desktop.domain.events import Phase
from sana_desktop.domain.job import JobState, Order
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import MachineError
from sana_desktop.services.forecast import SpeedBook
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.ui.queue.job_board import MOST_ENDED, THUMBNAIL_SIDE, JobBoard
from sana_desktop.ui.window.bridge import EventBridge
from support.fake_engine import FakeEngine, fake_picture
from support.fake_queue import FakeQueue
from support.recipes import APPLE, recipe
from support.ui_pictures import plain

NEVER_IN_A_TEST = 3_600_000
ERROR = MachineError("Too little memory.", hint="Close other programs.")


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Ear(QObject):
    """Remembers what a board says."""

    def __init__(self, board: JobBoard) -> None:
        super().__init__()
        self.heard: list[object] = []
        board.busyChanged.connect(self._on_busy)
        board.activeJobChanged.connect(self._on_active)

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        self.heard.append(busy)

    @Slot(object)
    def _on_active(self, item: object) -> None:
        self.heard.append(getattr(item, "job", None))


class Stage:
    """A board, the bridge that tells it, and the queue that it asks."""

    def __init__(self, left: tuple[int, ...] = ()) -> None:
        self.bridge = EventBridge(interval_ms=0)
        self.queue = FakeQueue(left)
        self.clock = Clock()
        self.book = SpeedBook()
        # Rows are brought up to date when a test says so: `settle`.
        self.board = JobBoard(self.queue, self.bridge, self.book, clock=self.clock, interval_ms=NEVER_IN_A_TEST)
        self.ear = Ear(self.board)

    def order(self, *jobs: int, count: int = 1) -> None:
        for job in jobs:
            self.bridge.jobQueued.emit(job, Order(recipe=recipe(seed=job), count=count), 0)
        self.settle()

    def start(self, job: int) -> None:
        self.bridge.jobStarted.emit(job, recipe(seed=job))
        self.settle()

    def save(self, job: int) -> None:
        self.bridge.pictureSaved.emit(job, plain(512, 256), Path(f"{job}.png"), fake_picture(APPLE))
        self.settle()

    def settle(self) -> None:
        self.board._news.flush()

    def rows(self) -> list[int]:
        model = self.board.model
        return [model.item(model.index(row)).job for row in range(model.rowCount())]


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage()


def test_the_running_job_comes_first_then_what_waits_then_what_ended_newest_first(stage: Stage):
    stage.order(1, 2, 3, 4, 5)
    for job in (1, 2):
        stage.start(job)
        stage.bridge.jobFinished.emit(job)
    stage.start(3)
    stage.bridge.queueChanged.emit((5, 4), False)
    stage.settle()

    assert stage.rows() == [3, 5, 4, 2, 1]
    assert (stage.board.waiting, stage.board.ended) == (2, 2)


def test_a_job_is_followed_from_its_order_to_its_end(stage: Stage):
    stage.order(1, count=2)
    item = stage.board.item(1)
    assert item is not None
    assert item.state is JobState.QUEUED
    stage.start(1)
    assert stage.board.active is item
    stage.bridge.phaseStarted.emit(1, Phase.SAMPLE)
    stage.bridge.stepDone.emit(1, 10, 20)
    stage.bridge.previewReady.emit(1, 10, plain(512, 512))

    assert (item.state, item.phase, item.step) == (JobState.RUNNING, Phase.SAMPLE, 10)
    assert 0.15 < item.fraction < 0.25
    assert item.thumbnail is not None
    assert item.thumbnail.width() == THUMBNAIL_SIDE

    stage.bridge.phaseStarted.emit(1, Phase.DECODE)
    assert item.step == 10
    stage.save(1)
    assert (item.done, item.path) == (1, Path("1.png"))
    stage.bridge.phaseStarted.emit(1, Phase.ENCODE)
    assert item.step == 0
    stage.bridge.jobCancelled.emit(1, 0.02)
    assert (item.state, item.latency, stage.board.active) == (JobState.CANCELLED, 0.02, None)


def test_a_failed_job_keeps_its_error(stage: Stage):
    stage.order(1)
    stage.start(1)
    stage.bridge.jobFailed.emit(1, ERROR)

    item = stage.board.item(1)
    assert item is not None
    assert (item.state, item.error) == (JobState.FAILED, ERROR)


def test_busy_is_told_once_at_the_beginning_and_once_at_the_end(stage: Stage):
    stage.order(1, 2)
    stage.start(1)
    stage.bridge.jobFinished.emit(1)
    stage.settle()
    stage.start(2)
    stage.bridge.jobFinished.emit(2)
    stage.settle()

    assert stage.ear.heard == [True, 1, None, 2, None, False]


def test_a_paused_queue_is_not_busy(stage: Stage):
    stage.order(1)
    stage.bridge.queueChanged.emit((1,), True)
    stage.settle()

    assert stage.board.paused
    assert not stage.board.busy


def test_progress_tells_views_about_the_first_row_alone(stage: Stage):
    stage.order(1, 2)
    stage.start(1)
    told: list[int] = []
    stage.board.model.dataChanged.connect(lambda first, last: told.append(first.row()))

    stage.bridge.stepDone.emit(1, 1, 20)

    assert told == [0]


def test_many_jobs_at_once_change_the_rows_once(stage: Stage):
    changes: list[int] = []
    stage.order(1)
    stage.board.model.rowsInserted.connect(lambda parent, first, last: changes.append(last - first + 1))

    stage.order(*range(2, 10_001))

    assert changes == [9_999]
    assert stage.board.waiting == 10_000


def test_of_what_ended_only_the_newest_is_kept(stage: Stage):
    stage.order(*range(1, MOST_ENDED + 11))
    for job in range(1, MOST_ENDED + 11):
        stage.bridge.jobCancelled.emit(job, 0.0)
    stage.settle()

    assert stage.rows()[0] == MOST_ENDED + 10
    assert len(stage.rows()) == MOST_ENDED
    assert stage.board.item(1) is None


def test_cancelling_goes_to_the_queue_from_the_end_and_what_ended_is_only_hidden(stage: Stage):
    stage.order(1, 2, 3, 4)
    stage.start(1)
    stage.bridge.jobFinished.emit(1)
    stage.start(2)

    stage.board.cancel([2, 3, 1, 99])
    stage.settle()

    assert stage.queue.asked == [("cancel", 3, "discard"), ("cancel", 2, "discard")]
    assert 1 not in stage.rows()


@pytest.mark.parametrize(("running", "job"), [(True, 1), (False, 2)])
def test_cancelling_the_active_job_takes_the_next_where_none_runs(stage: Stage, running: bool, job: int):
    stage.order(1, 2)
    stage.start(1)
    if not running:
        stage.bridge.jobFinished.emit(1)
        stage.settle()

    stage.board.cancel_active()

    assert stage.queue.asked == [("cancel", job, "discard")]


def test_stopping_and_keeping_concerns_the_running_job(stage: Stage):
    stage.board.keep_active()
    stage.order(1, 2)
    stage.start(1)
    stage.board.keep_active()

    assert stage.queue.asked == [("cancel", 1, "keep")]
    assert stage.board.active is not None
    assert stage.board.active.stopping == "keep"


def test_everything_is_cancelled_paused_and_continued(stage: Stage):
    stage.order(1)
    stage.start(1)
    stage.board.cancel_all()
    stage.board.set_paused(True)
    stage.board.set_paused(False)

    assert stage.queue.asked == [("cancel all",), ("pause",), ("resume",)]
    assert stage.board.active is not None
    assert stage.board.active.stopping == "discard"


Wish = Callable[[JobBoard], None]


@pytest.mark.parametrize(
    ("wish", "asked"),
    [
        (lambda board: board.move([4, 5], 3), [("move", 4, 3), ("move", 5, 3)]),
        (lambda board: board.move([3], None), [("move", 3, None)]),
        (lambda board: board.move([5], 1), [("move", 5, 2)]),
        (lambda board: board.move([2, 5], 1), [("move", 2, 3), ("move", 5, 3)]),
        (lambda board: board.move([1], 4), []),
        (lambda board: board.nudge(3, True), [("move", 3, 5)]),
        (lambda board: board.nudge(4, True), [("move", 4, None)]),
        (lambda board: board.nudge(5, True), []),
        (lambda board: board.nudge(3, False), [("move", 3, 2)]),
        (lambda board: board.nudge(2, False), []),
        (lambda board: board.nudge(1, True), []),
        (lambda board: board.move_first(4), [("move", 4, 2)]),
        (lambda board: board.move_first(2), []),
    ],
)
def test_only_what_waits_is_moved(stage: Stage, wish: Wish, asked: list[object]):
    stage.order(1, 2, 3, 4, 5)
    stage.start(1)

    wish(stage.board)

    assert stage.queue.asked == asked


def test_trying_again_takes_the_place_of_what_failed(stage: Stage):
    stage.order(1, 2)
    stage.start(1)
    stage.bridge.jobFailed.emit(1, ERROR)
    stage.settle()

    stage.board.retry(1)
    stage.board.retry(2)
    stage.settle()

    assert stage.queue.asked == [("retry", 1)]
    assert stage.rows() == [2]


def test_what_ended_can_be_cleared(stage: Stage):
    stage.order(1, 2)
    stage.start(1)
    stage.bridge.jobFinished.emit(1)
    stage.settle()

    stage.board.clear_ended()
    stage.settle()

    assert stage.rows() == [2]


def test_jobs_from_last_time_are_marked(qtbot: QtBot):
    stage = Stage(left=(1, 2))
    assert stage.board.restore() == 2
    stage.order(1, 2, 3)

    assert [stage.board.item(job).restored for job in (1, 2, 3)] == [True, True, False]  # pyright: ignore[reportOptionalMemberAccess]
    assert stage.board.restored == 2


def test_the_whole_queue_has_a_time_once_a_picture_was_drawn(stage: Stage):
    stage.order(1, 2, 3)
    assert stage.board.queue_seconds is None

    # 2 s for the steps and half a second for the decode, the prompt known and the pack in memory.
    stage.book.learn(fake_picture(APPLE))
    stage.book.learn(fake_picture(APPLE))
    stage.start(1)
    stage.clock.now += 1.0
    stage.settle()

    assert stage.board.job_seconds == pytest.approx(1.5)
    assert stage.board.queue_seconds == pytest.approx(1.5 + 2 * 2.5)


def test_once_steps_are_done_they_tell_the_time(stage: Stage):
    stage.order(1)
    stage.start(1)
    assert stage.board.job_seconds is None
    stage.bridge.phaseStarted.emit(1, Phase.SAMPLE)
    stage.clock.now += 10
    stage.bridge.stepDone.emit(1, 10, 20)

    assert stage.board.job_seconds == pytest.approx(14)
    assert stage.board.queue_seconds == pytest.approx(14)


def test_thousands_of_waiting_jobs_are_told_from_the_first(stage: Stage):
    stage.book.learn(fake_picture(APPLE))
    stage.book.learn(fake_picture(APPLE))
    stage.order(*range(1, 3001))

    assert stage.board.queue_seconds == pytest.approx(3000 * 2.5)


def test_a_job_that_nobody_announced_is_shown_all_the_same(stage: Stage):
    stage.start(9)
    stage.bridge.stepDone.emit(9, 1, 20)
    stage.bridge.stepDone.emit(8, 1, 20)
    stage.bridge.jobFinished.emit(8)
    stage.settle()

    assert stage.rows() == [9]


def test_pictures_that_existed_before_count_in_the_share(stage: Stage):
    order = Order(recipe=replace(APPLE, size=Size(64, 64)), count=4)
    stage.bridge.jobQueued.emit(1, order, 3)
    stage.start(1)
    stage.bridge.phaseStarted.emit(1, Phase.SAMPLE)
    stage.bridge.stepDone.emit(1, 10, 20)

    item = stage.board.active
    assert item is not None
    assert 0.75 < item.fraction < 1


def test_a_job_rests_between_batches_while_the_queue_is_paused(stage: Stage):
    stage.bridge.jobQueued.emit(1, Order(recipe=APPLE, count=4, batch=2), 0)
    stage.start(1)
    item = stage.board.active
    assert item is not None
    stage.bridge.queueChanged.emit((), True)

    stage.save(1)
    assert not item.resting
    stage.save(1)
    assert item.resting
    stage.bridge.queueChanged.emit((), False)
    assert not item.resting

    stage.bridge.queueChanged.emit((), True)
    stage.save(1)
    stage.save(1)
    assert not item.resting


def test_it_understands_a_real_queue(qtbot: QtBot, tmp_path: Path):
    bridge = EventBridge(interval_ms=0)
    with GenerationQueue(FakeEngine, lambda job, picture: tmp_path / "a.png", bridge.listener) as queue:
        board = JobBoard(queue, bridge, interval_ms=0)
        board.set_paused(True)
        jobs = [queue.submit(recipe(seed=seed, size=Size(32, 32)), count=2) for seed in (10, 20, 30)]
        board.restore()
        qtbot.waitUntil(lambda: board.waiting == 3 and board.paused)
        board.move([jobs[2]], jobs[0])
        board.cancel([jobs[1]])
        qtbot.waitUntil(lambda: board.ended == 1)
        rows = [board.model.item(board.model.index(row)).job for row in range(3)]
        assert rows == [jobs[2], jobs[0], jobs[1]]

        board.set_paused(False)
        board.retry(jobs[1])
        qtbot.waitUntil(lambda: board.ended == 3 and not board.busy)

    items = [board.model.item(board.model.index(row)) for row in range(3)]
    assert [(item.state, item.done, item.order.recipe.seed) for item in items] == [
        (JobState.FINISHED, 2, 20),
        (JobState.FINISHED, 2, 10),
        (JobState.FINISHED, 2, 30),
    ]
