"""Messages beside the clock, where the desktop has no better place for them (Windows, macOS)."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon


class TrayNotice(QObject):
    """Shows messages beside an icon that is there only as long as its message.

    Signals:
        clicked(): the user wants to see what it is about.
    """

    clicked = Signal()

    def __init__(self, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._tray: QSystemTrayIcon | None = None

    def show(self, title: str, text: str) -> None:
        """Show a message; silently nothing where there is no place for one."""
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._icon, self)
            self._tray.messageClicked.connect(self.clicked)
        self._tray.show()
        self._tray.showMessage(title, text, self._icon)

    def withdraw(self) -> None:
        """Take message and icon away."""
        if self._tray is not None:
            self._tray.hide()
