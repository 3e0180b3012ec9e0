from dataclasses import replace

from pytestqt.qtbot import QtBot

from sana_desktop import __version__
from sana_desktop.ui.basics.message_bar import MessageBar
from sana_desktop.ui.window.update_watch import UpdateWatch
from support.window_stage import OpenStage


def test_nobody_is_asked_unless_the_preferences_name_a_page(open_stage: OpenStage) -> None:
    stage = open_stage()
    # The stage's hands fail the test when they reach out.
    stage.until(lambda: stage.window._soon.isActive() is False and stage.window._painted)
    assert stage.parts.settings.text("privacy.update_page") == ""
    assert list(stage.paths.data.glob("update*")) == []


def test_a_newer_version_is_shown_and_nothing_is_fetched(open_stage: OpenStage, qtbot: QtBot) -> None:
    stage = open_stage(settings='[privacy]\nupdate_page = "https://pictures.test/newest"\n')
    hands = replace(stage.parts.make_hands(), read_page=lambda address: f"99.1 {address}")
    bar = MessageBar()
    qtbot.addWidget(bar)
    (stage.paths.data / "update-asked.txt").unlink(missing_ok=True)
    watch = UpdateWatch(replace(stage.parts, make_hands=lambda: hands), bar, bar)
    watch.begin()
    stage.until(lambda: bar.text)
    watch.close()
    assert bar.text.startswith(f"There is Sana Desktop 99.1; this is {__version__}. Nothing was fetched")
