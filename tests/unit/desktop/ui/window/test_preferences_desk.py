from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.domain.choices import PreviewChoice
from sana_desktop.ui.basics.theme import SHADES, Theme
from support.settings import settings_in
from support.window_stage import OpenStage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def ground() -> str:
    """The colour of windows now."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app.palette().window().color().name()


def test_a_look_that_is_chosen_in_the_menu_is_seen_at_once_and_kept(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.window._actions.themeChosen.emit(Theme.LIGHT)
    assert ground() == SHADES[Theme.LIGHT].window
    stage.close()
    assert settings_in(stage.paths.config).choice("look.theme") == "light"


def test_the_menu_follows_the_dialog(open_stage: OpenStage) -> None:
    window = open_stage().window
    window._preferences.set("look.theme", "dark")
    assert window._actions._themes[Theme.DARK].isChecked()
    assert ground() == SHADES[Theme.DARK].window


def test_the_dialog_shows_what_was_changed_elsewhere(open_stage: OpenStage) -> None:
    window = open_stage().window
    window._actions.settingsRequested.emit()
    dialog = window._preferences._dialog
    assert dialog is not None
    assert dialog.isVisible()
    window._preferences.set_theme(Theme.LIGHT)
    assert dialog.row("look.theme").isVisible() or dialog.row("look.theme") is not None
    dialog.close()


def test_going_online_and_offline_again_is_up_to_the_user(open_stage: OpenStage) -> None:
    stage = open_stage()
    guard = stage.window.parts.guard
    assert guard.enabled
    stage.window._preferences.set("privacy.offline", False)
    assert not guard.enabled
    stage.window._preferences.set("privacy.offline", True)
    assert guard.enabled


def test_previews_are_one_preference_in_two_places(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.window._preferences.set("drawing.preview", "off")
    assert stage.window.parts.previews().choice is PreviewChoice.OFF
    assert stage.window.panel.preview_choice is PreviewChoice.OFF
    stage.window.panel.previewChosen.emit(PreviewChoice.LINEAR)
    assert stage.parts.settings.choice("drawing.preview") == "linear"
    assert stage.window.parts.previews().choice is PreviewChoice.LINEAR


def test_what_previews_cost_is_told_once_a_picture_was_drawn(open_stage: OpenStage, qtbot: QtBot) -> None:
    stage = open_stage()
    stage.draw()
    stage.window._preferences.open()
    assert stage.window._preferences._cost == (0.0, "")
    dialog = stage.window._preferences._dialog
    assert dialog is not None
    dialog.close()


def test_a_disk_that_refuses_is_said(open_stage: OpenStage, tmp_path: Path, qtbot: QtBot) -> None:
    stage = open_stage()
    stage.paths.config.parent.mkdir(parents=True, exist_ok=True)
    stage.paths.config.write_text("a file where the folder should be")
    with qtbot.waitSignal(stage.window._preferences.failed):
        stage.window._preferences.set("look.theme", "light")
    assert stage.window._messages.text


@pytest.mark.parametrize(("wanted", "animated"), [(True, None), (False, False)])
def test_animations_can_be_switched_off_but_not_forced(
    open_stage: OpenStage, wanted: bool, animated: bool | None
) -> None:
    window = open_stage().window
    window._preferences.set("look.animations", not wanted)
    window._preferences.set("look.animations", wanted)
    assert window._preferences.animated is animated
    assert window.stage.canvas._fade._animated is animated
