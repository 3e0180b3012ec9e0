"""What the gallery's thread tells, as signals in the window's thread."""

from PySide6.QtCore import QObject, Qt, Signal, Slot

from sana_desktop.errors import KnownError
from sana_desktop.services.library import LibraryChanged, LibraryEvent


class LibraryBridge(QObject):
    """Give `listener` to the `Library`; the signals come on the thread that made the bridge.

    Signals:
        changed(object): something was written; a tuple of the numbers of pictures that were saved just now.
        trouble(object): the `KnownError` that says why the gallery cannot be used, or that it was made anew.
    """

    changed = Signal(object)
    trouble = Signal(object)

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def listener(self, event: LibraryEvent) -> None:
        """Take an event, on any thread; returns at once."""
        self._arrived.emit(event)

    @Slot(object)
    def _on_arrived(self, event: LibraryEvent) -> None:
        if isinstance(event, LibraryChanged):
            self.changed.emit(event.added)
        else:
            error: KnownError = event.error
            self.trouble.emit(error)
