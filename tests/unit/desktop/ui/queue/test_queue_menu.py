from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from sana_desktop.domain.events import Phase
from sana_desktop.domain.job import JobState, Order
from sana_desktop.ui.queue.job_item import JobItem
from sana_desktop.ui.queue.queue_menu import QueueMenu
from support.recipes import recipe


def job(prompt: str = "a fox", **changes: object) -> JobItem:
    return JobItem(1, Order(recipe=recipe(prompt=prompt)), **changes)  # pyright: ignore[reportArgumentType]


WAITING = job()
RUNNING = job(state=JobState.RUNNING, phase=Phase.SAMPLE, step=3)
FAILED = job(state=JobState.FAILED)
FINISHED = job(state=JobState.FINISHED, path=Path("a.png"))


def menu_of(qtbot: QtBot, *items: JobItem) -> QueueMenu:
    menu = QueueMenu(items)
    qtbot.addWidget(menu)
    return menu


def actions(menu: QueueMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions() if action.text()}


ALWAYS = ["Show picture", "Copy prompt", "Use its settings"]


@pytest.mark.parametrize(
    ("items", "names"),
    [
        ((WAITING,), ["Cancel", "Draw next"]),
        ((RUNNING,), ["Cancel", "Stop and keep"]),
        ((FAILED,), ["Try again", "Remove from the list"]),
        ((FINISHED,), ["Remove from the list"]),
        ((RUNNING, WAITING, FAILED), ["Cancel", "Stop and keep", "Draw next", "Try again", "Remove from the list"]),
    ],
)
def test_it_offers_what_makes_sense(qtbot: QtBot, items: tuple[JobItem, ...], names: list[str]):
    assert list(actions(menu_of(qtbot, *items))) == names + ALWAYS


def refused(menu: QueueMenu) -> dict[str, str]:
    return {name: action.toolTip() for name, action in actions(menu).items() if not action.isEnabled()}


def test_what_cannot_be_done_says_why(qtbot: QtBot):
    assert refused(menu_of(qtbot, WAITING)) == {"Show picture": "It has no picture yet"}
    assert refused(menu_of(qtbot, FINISHED)) == {}
    assert refused(menu_of(qtbot, job(prompt="", path=Path("a.png")))) == {
        "Copy prompt": "It is drawn without a prompt"
    }
    assert list(refused(menu_of(qtbot, FINISHED, WAITING))) == ["Draw next", *ALWAYS]


@pytest.mark.parametrize(
    ("phase", "step", "reason"),
    [
        (None, 0, "There is nothing to keep before the first step"),
        (Phase.LOAD, 0, "There is nothing to keep before the first step"),
        (Phase.DECODE, 20, "All steps are done: the picture is about to come"),
        (Phase.SAVE, 20, "All steps are done: the picture is about to come"),
    ],
)
def test_a_picture_is_kept_between_the_first_step_and_the_last(
    qtbot: QtBot, phase: Phase | None, step: int, reason: str
):
    item = job(state=JobState.RUNNING, phase=phase, step=step, path=Path("a.png"))

    assert refused(menu_of(qtbot, item)) == {"Stop and keep": reason}


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("Cancel", "cancelRequested"),
        ("Stop and keep", "keepRequested"),
        ("Draw next", "frontRequested"),
        ("Try again", "retryRequested"),
        ("Remove from the list", "removeRequested"),
        ("Show picture", "pictureRequested"),
        ("Copy prompt", "promptRequested"),
        ("Use its settings", "settingsRequested"),
    ],
)
def test_every_action_has_its_signal(qtbot: QtBot, name: str, signal: str):
    items = {"Stop and keep": RUNNING, "Try again": FAILED, "Cancel": RUNNING, "Draw next": WAITING}
    menu = menu_of(qtbot, items.get(name, FINISHED))

    with qtbot.waitSignal(getattr(menu, signal)):
        actions(menu)[name].trigger()
