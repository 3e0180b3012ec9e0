"""Messages of the desktop itself, as freedesktop.org describes them (Linux)."""

import os

from PySide6.QtCore import QObject, Qt, Signal, Slot

from sana_desktop.system.session_bus import BusName, SessionBus

NOTIFICATIONS = BusName(
    "org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications"
)
DESKTOP_ENTRY = "sana-desktop"
# Where Qt looks for the right to come to the front, which Wayland gives to what was clicked.
TOKEN_VARIABLE = "XDG_ACTIVATION_TOKEN"

_DEFAULT_ACTION = "default"
_USUAL_TIME = -1


class BusNotice(QObject):
    """Shows one message at a time; a new one takes the place of the last.

    Signals:
        clicked(): the user wants to see what it is about.
    """

    clicked = Signal()

    _numbered = Signal(object)
    _acted = Signal(object, str)
    _allowed = Signal(object, str)

    def __init__(self, bus: SessionBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._number = 0
        self._listens = False
        # The bus speaks on a thread of its own.
        queued = Qt.ConnectionType.QueuedConnection
        self._numbered.connect(self._on_numbered, queued)
        self._acted.connect(self._on_acted, queued)
        self._allowed.connect(self._on_allowed, queued)

    def show(self, title: str, text: str) -> None:
        """Show a message; silently nothing where the desktop has none."""
        if not self._listens:
            self._listens = True
            self._bus.listen(NOTIFICATIONS, "ActionInvoked", self._hear_action)
            self._bus.listen(NOTIFICATIONS, "ActivationToken", self._hear_token)
        hints = {
            "desktop-entry": ("s", DESKTOP_ENTRY),
            "category": ("s", "transfer.complete"),
            "suppress-sound": ("b", True),
        }
        actions = [_DEFAULT_ACTION, self.tr("Show")]
        body = ("Sana Desktop", self._number, DESKTOP_ENTRY, title, text, actions, hints, _USUAL_TIME)
        self._bus.call(NOTIFICATIONS, "Notify", "susssasa{sv}i", body, self._hear_number)

    def withdraw(self) -> None:
        """Take the message away, if it is still there."""
        if self._number:
            self._bus.call(NOTIFICATIONS, "CloseNotification", "u", (self._number,))
            self._number = 0

    # On the bus's thread.

    def _hear_number(self, values: tuple[object, ...]) -> None:
        self._numbered.emit(values[0])

    def _hear_action(self, values: tuple[object, ...]) -> None:
        self._acted.emit(values[0], str(values[1]))

    def _hear_token(self, values: tuple[object, ...]) -> None:
        self._allowed.emit(values[0], str(values[1]))

    # On the window's thread.

    @Slot(object)
    def _on_numbered(self, number: object) -> None:
        self._number = number if isinstance(number, int) else 0

    @Slot(object, str)
    def _on_acted(self, number: object, action: str) -> None:
        if number == self._number and action == _DEFAULT_ACTION:
            self._number = 0
            self.clicked.emit()

    @Slot(object, str)
    def _on_allowed(self, number: object, token: str) -> None:
        if number == self._number:
            os.environ[TOKEN_VARIABLE] = token
