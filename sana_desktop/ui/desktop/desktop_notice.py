"""Telling somebody who looks elsewhere that drawing is done, without telling what was drawn."""

import sys
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from sana_desktop.system.session_bus import SessionBus
from sana_desktop.system.settings import Settings
from sana_desktop.ui.desktop.bus_notice import BusNotice
from sana_desktop.ui.desktop.tray_notice import TrayNotice

KEY = "notifications.enabled"


class NoticeService(Protocol):
    """What can show a message of the desktop."""

    def show(self, title: str, text: str) -> None:
        """Show a message in place of the last."""
        ...

    def withdraw(self) -> None:
        """Take the message away."""
        ...


class DesktopNotice(QObject):
    """Shows messages while `window` is not the active one and the user wants them; a click brings it back.

    A message never holds words of a prompt: it may stand on a locked screen. It goes when the window is used.
    """

    def __init__(self, window: QWidget, settings: Settings, service: NoticeService) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._service = service
        window.installEventFilter(self)

    def pictures_ready(self, count: int) -> None:
        """A job, or all that were waiting, ended with `count` new pictures."""
        if count < 1:
            return
        ready = self.tr("{count} pictures are ready").format(count=count)
        self._show(self.tr("Your picture is ready") if count == 1 else ready)

    def stopped(self) -> None:
        """A job ended with an error."""
        self._show(self.tr("Drawing has stopped because of an error"))

    def _show(self, title: str) -> None:
        if self._settings.flag(KEY) and not self._window.isActiveWindow():
            self._service.show(title, "")

    @Slot()
    def bring_back(self) -> None:
        """Put the window in front, as whoever clicked a message wants."""
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the user is back."""
        if event.type() is QEvent.Type.WindowActivate and watched is self._window:
            self._service.withdraw()
        return super().eventFilter(watched, event)


def notices_for(window: QWidget, settings: Settings, bus: SessionBus, platform: str = sys.platform) -> DesktopNotice:
    """The notices of `window` in the way of this desktop."""
    service = BusNotice(bus, window) if platform == "linux" else TrayNotice(window.windowIcon(), window)
    notice = DesktopNotice(window, settings, service)
    service.clicked.connect(notice.bring_back)
    return notice
