from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.desktop.bus_notice import BusNotice
from sana_desktop.ui.desktop.desktop_notice import DesktopNotice, notices_for
from sana_desktop.ui.desktop.tray_notice import TrayNotice
from support.fake_bus import FakeBus
from support.settings import settings_in


class FakeService:
    """Remembers what is on the screen."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.withdrawn = 0

    def show(self, title: str, text: str) -> None:
        self.shown.append((title, text))

    def withdraw(self) -> None:
        self.withdrawn += 1


class Desk:
    """A window with its notices; it is not the active one."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.settings = settings_in(folder)
        self.service = FakeService()
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.notice = DesktopNotice(self.window, self.settings, self.service)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


@pytest.mark.parametrize(("count", "text"), [(1, "Your picture is ready"), (3, "3 pictures are ready")])
def test_who_looks_elsewhere_is_told_how_many_and_not_what(desk: Desk, count: int, text: str):
    desk.notice.pictures_ready(count)

    assert desk.service.shown == [(text, "")]


def test_an_error_is_told_too_and_nothing_is_not(desk: Desk):
    desk.notice.pictures_ready(0)
    desk.notice.stopped()

    assert desk.service.shown == [("Drawing has stopped because of an error", "")]


def test_who_looks_at_the_window_is_not_told(desk: Desk, qtbot: QtBot):
    desk.window.show()
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)

    desk.notice.pictures_ready(1)

    assert desk.service.shown == []


def test_who_does_not_want_to_know_is_not_told(desk: Desk):
    desk.settings.set("notifications.enabled", False)

    desk.notice.pictures_ready(1)
    desk.notice.stopped()

    assert desk.service.shown == []


def test_a_click_brings_the_window_back(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    # Without a screen nothing can be in front of anything.
    monkeypatch.setattr(desk.window, "raise_", lambda: None)
    desk.window.showMinimized()

    desk.notice.bring_back()

    assert desk.window.isVisible()
    assert not desk.window.isMinimized()
    qtbot.waitUntil(desk.window.isActiveWindow)


def test_the_message_goes_when_the_window_is_used(desk: Desk):
    QApplication.sendEvent(desk.window, QEvent(QEvent.Type.WindowActivate))

    assert desk.service.withdrawn == 1


@pytest.mark.parametrize(("platform", "kind"), [("linux", BusNotice), ("win32", TrayNotice), ("darwin", TrayNotice)])
def test_every_desktop_has_its_way_and_a_click_brings_the_window_back(
    qtbot: QtBot, tmp_path: Path, platform: str, kind: type[BusNotice] | type[TrayNotice]
):
    window = QWidget()
    qtbot.addWidget(window)
    notices_for(window, settings_in(tmp_path), FakeBus(), platform)
    service = window.findChild(kind)
    assert service is not None
    # Nothing can be in front of anything without a screen.
    window.raise_ = lambda: None

    service.clicked.emit()

    assert window.isVisible()
