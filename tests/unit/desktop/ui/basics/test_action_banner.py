from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.action_banner import ActionBanner


def banner_in(qtbot: QtBot) -> ActionBanner:
    banner = ActionBanner((("packs", "See real Sana packs"), ("more", "More")))
    qtbot.addWidget(banner)
    return banner


def test_it_takes_no_room_before_it_has_something_to_say(qtbot: QtBot) -> None:
    banner = banner_in(qtbot)
    assert banner.isHidden()
    assert banner.text == ""


def test_it_says_it_to_everybody_and_markup_stays_letters(qtbot: QtBot) -> None:
    banner = banner_in(qtbot)
    banner.show_text("<b>Starter</b>")
    assert banner.text == "<b>Starter</b>"
    assert banner.accessibleDescription() == "<b>Starter</b>"
    assert {label.textFormat() for label in banner.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_every_action_is_a_button_that_leaves_the_banner_there(qtbot: QtBot) -> None:
    banner = banner_in(qtbot)
    banner.show_text("Hello.")
    names: list[str] = []
    banner.actionRequested.connect(names.append)
    for button in banner.findChildren(QPushButton):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert names == ["packs", "more"]
    assert not banner.isHidden()


def test_dismissing_it_makes_room_and_tells(qtbot: QtBot) -> None:
    banner = banner_in(qtbot)
    banner.show_text("Hello.")
    close = banner.findChild(QToolButton)
    assert isinstance(close, QToolButton)
    assert close.accessibleName()
    with qtbot.waitSignal(banner.dismissed):
        qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert banner.isHidden()
