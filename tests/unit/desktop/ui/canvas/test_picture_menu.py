from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from sana_desktop.domain.recipe import Recipe
from sana_desktop.ui.canvas.picture_menu import PictureMenu
from sana_desktop.ui.canvas.shown import Shown
from support.recipes import APPLE, recipe
from support.ui_pictures import plain

SIGNALS = {
    "Copy picture": "copyRequested",
    "Copy prompt": "copyPromptRequested",
    "Use settings": "useRequested",
    "Compare with the one before": "compareRequested",
    "Save a copy as…": "saveCopyRequested",
    "Show in folder": "folderRequested",
}


def menu_of(qtbot: QtBot, path: Path, drawn: Recipe | None = APPLE, *, has_other: bool = True) -> PictureMenu:
    made = PictureMenu(Shown(plain(8, 8), path, drawn), has_other=has_other)
    qtbot.addWidget(made)
    return made


def actions(menu: PictureMenu) -> dict[str, QAction]:
    return {action.text().replace("&", ""): action for action in menu.actions() if not action.isSeparator()}


def disabled(menu: PictureMenu) -> dict[str, str]:
    """What is switched off, and why."""
    return {name: action.toolTip() for name, action in actions(menu).items() if not action.isEnabled()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "fox.png"
    made.touch()
    return made


def test_everything_is_offered_and_asks_for_itself(qtbot: QtBot, path: Path):
    menu = menu_of(qtbot, path)

    assert list(actions(menu)) == list(SIGNALS)
    assert disabled(menu) == {}
    for name, signal in SIGNALS.items():
        with qtbot.waitSignal(getattr(menu, signal)):
            actions(menu)[name].trigger()


def test_a_file_that_is_gone_cannot_be_shown_or_saved(qtbot: QtBot, path: Path):
    path.unlink()

    assert set(disabled(menu_of(qtbot, path))) == {"Save a copy as…", "Show in folder"}
    assert str(path) in disabled(menu_of(qtbot, path))["Show in folder"]


def test_settings_that_nobody_knows_cannot_be_used(qtbot: QtBot, path: Path):
    assert set(disabled(menu_of(qtbot, path, None))) == {"Copy prompt", "Use settings"}
    assert set(disabled(menu_of(qtbot, path, recipe(prompt="")))) == {"Copy prompt"}


def test_one_picture_cannot_be_compared(qtbot: QtBot, path: Path):
    assert disabled(menu_of(qtbot, path, has_other=False)) == {
        "Compare with the one before": "There is no other picture yet"
    }
