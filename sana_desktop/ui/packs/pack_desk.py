"""Lets the pack dialog and the shelf of packs talk: wishes go to its thread, what it found comes back."""

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from sana_desktop.errors import BugError, SanaError
from sana_desktop.services.packs import ImportDone, ImportFailed, PackEvent, PackShelf, PackSurvey, SurveyFailed
from sana_desktop.ui.packs.pack_dialog import Ask, PackDialog

MakeShelf = Callable[[Callable[[PackEvent], None]], PackShelf]

_log = logging.getLogger(__name__)


class PackDesk(QObject):
    """Opens the dialog over `window` and keeps it up to date. `make_shelf` is given who listens; close it at the end.

    Signals:
        packChosen(object): the `PackManifest` that is to draw from now on.
    """

    packChosen = Signal(object)

    _heard = Signal(object)

    def __init__(self, make_shelf: MakeShelf, current: str, window: QWidget, *, ask: Ask | None = None) -> None:
        super().__init__(window)
        self._shelf = make_shelf(self._heard.emit)
        self._current = current
        self._window = window
        self._ask = ask
        self._dialog: PackDialog | None = None
        self._survey: PackSurvey | None = None
        self._offers_wanted = False
        # Always queued: the shelf speaks on its own thread.
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)

    @property
    def dialog(self) -> PackDialog | None:
        """The dialog, once it was opened."""
        return self._dialog

    def set_current(self, pack_id: str) -> None:
        """The pack with this id draws now."""
        self._current = pack_id
        self._show()

    def open(self, *, offers: bool = False) -> None:
        """Show the dialog, with `offers` scrolled to the packs that could be had."""
        if self._dialog is None:
            self._dialog = PackDialog(self._window, ask=self._ask)
            self._dialog.packChosen.connect(self._on_chosen)
            self._dialog.importRequested.connect(self._on_import)
            self._dialog.importCancelRequested.connect(self._shelf.cancel_import)
        self._offers_wanted = offers
        self._dialog.open()
        self._show()
        # Free memory and folders change while the program runs.
        self._shelf.request_survey()

    def close(self) -> None:
        """Stop what is being installed and wait for the shelf's thread."""
        self._shelf.close()

    def _show(self) -> None:
        if self._dialog is not None and self._survey is not None:
            self._dialog.show_survey(self._survey, self._current)
            if self._offers_wanted:
                self._dialog.packs.show_offers()
                self._offers_wanted = False

    @Slot(object)
    def _on_heard(self, event: PackEvent) -> None:
        if isinstance(event, PackSurvey):
            self._survey = event
            self._show()
        elif isinstance(event, ImportDone):
            if self._dialog is not None:
                self._dialog.end_import(event)
            self._shelf.request_survey()
        else:
            self._tell(event)

    def _tell(self, event: ImportFailed | SurveyFailed) -> None:
        error: SanaError = event.error
        if isinstance(error, BugError):
            _log.error("%s\n%s", error, error.details)
        if self._dialog is not None:
            if isinstance(event, ImportFailed):
                self._dialog.fail_import(error)
            else:
                self._dialog.show_error(error)

    @Slot(str)
    def _on_chosen(self, pack_id: str) -> None:
        entries = self._survey.installed if self._survey else ()
        chosen = next((entry.manifest for entry in entries if entry.manifest.id == pack_id), None)
        if chosen is not None:
            self.packChosen.emit(chosen)

    @Slot(Path)
    def _on_import(self, source: Path) -> None:
        self._shelf.request_import(source)
