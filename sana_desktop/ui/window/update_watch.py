"""Saying that there is a newer version of the program, where the user wants to be told."""

from PySide6.QtCore import QObject, Qt, Signal, Slot

from sana_desktop import __version__
from sana_desktop.services.update_check import FILE_NAME, UpdateCheck
from sana_desktop.ui.basics.message_bar import MessageBar
from sana_desktop.ui.window.window_parts import WindowParts

PAGE = "privacy.update_page"


class UpdateWatch(QObject):
    """Asks the page that the preferences name, if they name one, and shows what it says in `messages`."""

    _arrived = Signal(str)

    def __init__(self, parts: WindowParts, messages: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._messages = messages
        self._settings = parts.settings
        # Made when somebody asks: without a page none of it is needed.
        self._check = UpdateCheck(
            lambda address: parts.make_hands().read_page(address),
            __version__,
            parts.paths.data / FILE_NAME,
            self._arrived.emit,
        )
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """The window can be seen: ask."""
        self._check.begin(self._settings.text(PAGE))

    def close(self) -> None:
        """Before the window goes."""
        self._check.close()

    @Slot(str)
    def _on_arrived(self, version: str) -> None:
        text = self.tr(
            "There is Sana Desktop {new}; this is {own}. Nothing was fetched: get it where you got this one."
        )
        self._messages.show_notice(text.format(new=version, own=__version__))
