from typing import ClassVar

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from sana_desktop.ui.desktop import tray_notice
from sana_desktop.ui.desktop.tray_notice import TrayNotice


@pytest.mark.usefixtures("qapp")
def test_where_there_is_no_place_for_messages_nothing_happens(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    notice = TrayNotice(QIcon())

    notice.show("Your picture is ready", "")
    notice.withdraw()

    assert notice.findChildren(QSystemTrayIcon) == []


class FakeTray(QObject):
    """Stands in for the place beside the clock, which no machine without a screen has."""

    messageClicked = Signal()
    said: ClassVar[list[str]] = []

    def __init__(self, icon: QIcon, parent: QObject) -> None:
        super().__init__(parent)
        self.visible = False

    @staticmethod
    def isSystemTrayAvailable() -> bool:
        return True

    @staticmethod
    def supportsMessages() -> bool:
        return True

    def show(self) -> None:
        self.visible = True

    def hide(self) -> None:
        self.visible = False

    def showMessage(self, title: str, text: str, icon: QIcon) -> None:
        self.said.append(title)


def test_a_message_brings_its_icon_and_takes_it_away(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tray_notice, "QSystemTrayIcon", FakeTray)
    notice = TrayNotice(QIcon())

    notice.show("Your picture is ready", "")
    notice.show("2 pictures are ready", "")
    [tray] = notice.findChildren(FakeTray)

    assert FakeTray.said == ["Your picture is ready", "2 pictures are ready"]
    assert tray.visible
    with qtbot.waitSignal(notice.clicked):
        tray.messageClicked.emit()
    notice.withdraw()
    assert not tray.visible
