import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from sana_desktop.domain.job import JobState, Order
from sana_desktop.errors import MachineError
from sana_desktop.ui.queue.job_item import JobItem
from sana_desktop.ui.queue.queue_model import ITEM_ROLE, QueueModel
from support.recipes import recipe


@pytest.fixture
def items() -> dict[int, JobItem]:
    return {job: JobItem(job, Order(recipe=recipe(prompt=f"fox {job}", seed=job))) for job in range(1, 500)}


@pytest.fixture
def model(qtbot: QtBot, items: dict[int, JobItem]) -> QueueModel:
    return QueueModel(items.__getitem__)


def jobs(model: QueueModel) -> list[int]:
    return [model.item(model.index(row)).job for row in range(model.rowCount())]


def test_it_keeps_the_rules_of_models_through_every_kind_of_change(model: QueueModel):
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)

    for wanted in ([1, 2, 3], [2, 3, 1], [5, 2, 1, 6], list(range(1, 400)), list(range(1, 400, 2)), []):
        model.show_jobs(wanted)
        assert jobs(model) == wanted

    assert tester.model() is model


def test_what_is_held_stays_with_its_job(model: QueueModel):
    model.show_jobs([1, 2, 3, 4])
    held = QPersistentModelIndex(model.index(2))

    model.show_jobs([3, 4, 9, 1])

    assert held.row() == 0
    assert model.item(held).job == 3


def test_a_row_has_words_for_eyes_pointers_and_readers(model: QueueModel, items: dict[int, JobItem]):
    items[1] = JobItem(
        1,
        Order(recipe=recipe(prompt="<b>fox</b>")),
        state=JobState.FAILED,
        error=MachineError("Too little memory.", hint="Close programs."),
    )
    model.show_jobs([1])
    index = model.index(0)

    assert index.data(ITEM_ROLE) is items[1]
    assert index.data() == "<b>fox</b>"
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;fox" in tip
    assert "Close programs." in tip
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("Failed: Too little memory. <b>fox</b>. 256")


def test_only_what_waits_can_be_dragged(model: QueueModel, items: dict[int, JobItem]):
    items[1].state = JobState.RUNNING
    model.show_jobs([1, 2])

    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert model.flags(model.index(1)) & Qt.ItemFlag.ItemIsDragEnabled
    assert model.flags(QModelIndex()) == Qt.ItemFlag.ItemIsDropEnabled


def test_news_about_a_row_are_told_and_about_no_row_not(model: QueueModel, qtbot: QtBot):
    model.show_jobs([1, 2])
    told: list[int] = []
    model.dataChanged.connect(lambda first, last: told.append(first.row()))

    model.touch(1)
    model.touch(2)

    assert told == [1]
    assert (model.row_of(2), model.row_of(7)) == (1, -1)
