import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from sana_desktop.domain.job import JobState, Order
from sana_desktop.errors import MachineError
from sana_desktop.ui.queue.job_item import JobItem
from sana_desktop.ui.queue.queue_delegate import FAILED_ON_LIGHT, QueueDelegate, small
from sana_desktop.ui.queue.queue_model import QueueModel
from support.recipes import recipe
from support.ui_pictures import plain

WIDTH = 300
ROLE = QPalette.ColorRole


def painted(item: JobItem, *, selected: bool = False) -> QImage:
    """What the delegate makes of a job on white, with a red accent."""
    model = QueueModel({1: item}.__getitem__)
    model.show_jobs([1])
    option = QStyleOptionViewItem()
    palette = QPalette()
    for role, colour in ((ROLE.Base, "white"), (ROLE.Text, "black"), (ROLE.Highlight, "navy"), (ROLE.Accent, "red")):
        palette.setColor(role, QColor(colour))
    option.palette = palette
    if selected:
        option.state |= QStyle.StateFlag.State_Selected
    delegate = QueueDelegate()
    height = delegate.sizeHint(option, model.index(0)).height()
    option.rect = QRect(0, 0, WIDTH, height)
    image = plain(WIDTH, height, "white")
    painter = QPainter(image)
    delegate.paint(painter, option, model.index(0))
    painter.end()
    return image


def colours(image: QImage, left: int = 0) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(left, image.width()) for y in range(image.height())}


def job(**changes: object) -> JobItem:
    return JobItem(1, Order(recipe=recipe(prompt="a fox " * 50)), **changes)  # pyright: ignore[reportArgumentType]


def test_the_newest_picture_is_shown_on_the_left(qtbot: QtBot):
    image = painted(job(thumbnail=plain(100, 50, "lime")))

    assert image.pixelColor(40, image.height() // 2) == QColor("lime")
    assert QColor("lime").name() not in colours(image, 82)


def test_only_a_running_job_has_a_bar_and_it_grows(qtbot: QtBot):
    def red(item: JobItem) -> int:
        image = painted(item)
        return sum(image.pixelColor(x, y) == QColor("red") for x in range(image.width()) for y in range(image.height()))

    assert red(job(fraction=0.5)) == 0
    assert 0 < red(job(state=JobState.RUNNING, fraction=0.25)) < red(job(state=JobState.RUNNING, fraction=0.75))


def test_what_failed_is_written_in_the_colour_of_warnings(qtbot: QtBot):
    failed = job(state=JobState.FAILED, error=MachineError("The memory of this machine is full."))

    assert QColor(FAILED_ON_LIGHT).name() in colours(painted(failed))
    assert QColor(FAILED_ON_LIGHT).name() not in colours(painted(job()))
    assert QColor(FAILED_ON_LIGHT).name() not in colours(painted(failed, selected=True))


def test_a_chosen_job_stands_out(qtbot: QtBot):
    assert QColor("navy").name() in colours(painted(job(), selected=True))
    assert QColor("navy").name() not in colours(painted(job()))


@pytest.mark.parametrize("state", JobState)
def test_nothing_is_painted_outside_of_the_row(state: JobState, qtbot: QtBot):
    image = painted(job(state=state, error=MachineError("Too little memory. " * 20), fraction=2 / 3))
    edge = {
        image.pixelColor(x, y).name() for x in range(WIDTH) for y in (0, 1, 2, image.height() - 3, image.height() - 1)
    }

    assert edge == {"#ffffff"}


def test_all_rows_are_equally_high(qtbot: QtBot):
    items = [job(), JobItem(1, Order(recipe=recipe(prompt="")), state=JobState.RUNNING)]

    assert len({painted(item).height() for item in items}) == 1


def test_what_is_less_important_is_smaller(qtbot: QtBot):
    assert small(QFont()).pointSizeF() < QFont().pointSizeF()
