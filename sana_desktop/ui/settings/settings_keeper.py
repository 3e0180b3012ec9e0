"""Saving the preferences shortly after they change, without holding up the window."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sana_desktop.errors import KnownError
from sana_desktop.system.settings import Settings
from sana_desktop.ui.basics.background import Background

MILLISECONDS_OF_REST = 300


class SettingsKeeper(QObject):
    """Writes `settings` to their file, a moment after the last `touch`.

    Signals:
        refused(KnownError): the disk does not let us; the preferences count until the program ends.
    """

    refused = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._work: Background | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MILLISECONDS_OF_REST)
        self._timer.timeout.connect(self._on_rest)

    @Slot()
    def touch(self) -> None:
        """Something changed; it will be written when the user rests."""
        self._timer.start()

    def finish(self) -> None:
        """Write what is not written yet and return when it is; for the end of the program."""
        self._timer.stop()
        if self._work is not None:
            self._work.wait()
        error = self._save()
        if error is not None:
            self.refused.emit(error)

    def _save(self) -> KnownError | None:
        try:
            self._settings.save()
        except KnownError as error:
            return error
        return None

    @Slot()
    def _on_rest(self) -> None:
        if self._work is not None:
            # The disk is slow today; once more when it is done.
            self._timer.start()
            return
        self._work = Background(self._save)
        self._work.done.connect(self._on_saved)
        self._work.start()

    @Slot(object)
    def _on_saved(self, error: KnownError | None) -> None:
        self._work = None
        if error is not None:
            self.refused.emit(error)
