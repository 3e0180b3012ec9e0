"""Lets the pack dialog and the shelf of packs talk: wishes go to its thread, what it found comes back."""

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from sana_desktop.errors import BugError, JobCancelledError, SanaError
from sana_desktop.services.pack_errands import (
    Errand,
    ErrandDone,
    ErrandEvent,
    ErrandFailed,
    ErrandProgress,
    PackErrands,
)
from sana_desktop.services.packs import (
    ImportDone,
    ImportFailed,
    PackEvent,
    PackOffer,
    PackShelf,
    PackSurvey,
    SurveyFailed,
)
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.ui.packs.pack_card import Verb
from sana_desktop.ui.packs.pack_dialog import Ask, PackDialog
from sana_desktop.ui.packs.pack_words import PackWords
from sana_desktop.ui.packs.terms_dialog import ask_terms

MakeErrands = Callable[[Callable[[ErrandEvent], None]], PackErrands]
# Whether the user accepts the terms of an offer from a host, with so much room on the disk.
AskTerms = Callable[[QWidget, PackOffer, str, int], bool]
# Whether the user means it.
Confirm = Callable[[QWidget, str, str], bool]
MakeShelf = Callable[[Callable[[PackEvent], None]], PackShelf]

_log = logging.getLogger(__name__)


def confirm(parent: QWidget, title: str, text: str) -> bool:
    """Ask whether the user means it; no is the answer that is at hand."""
    kinds = QMessageBox.StandardButton
    answer = QMessageBox.question(parent, title, text, kinds.Yes | kinds.No, kinds.No)
    return answer == kinds.Yes


class PackDesk(QObject):
    """Opens the dialog over `window` and keeps it up to date. `make_shelf` and `make_errands` are given who listens;
    close the desk at the end. `host` says who would be asked for a pack.

    Signals:
        packChosen(object): the `PackManifest` that is to draw from now on.
    """

    packChosen = Signal(object)

    _heard = Signal(object)

    def __init__(
        self,
        make_shelf: MakeShelf,
        make_errands: MakeErrands,
        current: str,
        window: QWidget,
        *,
        host: Callable[[], str],
        ask: Ask | None = None,
        ask_terms: AskTerms = ask_terms,
        confirm: Confirm = confirm,
    ) -> None:
        super().__init__(window)
        self._shelf = make_shelf(self._heard.emit)
        self._errands = make_errands(self._heard.emit)
        self._words = PackWords(self)
        self._host = host
        self._ask_terms = ask_terms
        self._confirm = confirm
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
            self._dialog.wished.connect(self._on_wish)
            self._dialog.pauseRequested.connect(self._errands.stop)
        self._offers_wanted = offers
        self._dialog.open()
        self._show()
        # Free memory and folders change while the program runs.
        self._shelf.request_survey()

    def close(self) -> None:
        """Stop what is being installed or fetched, and wait for the threads; what has arrived is kept."""
        self._errands.close()
        self._shelf.close()

    def _show(self) -> None:
        if self._dialog is not None and self._survey is not None:
            self._dialog.show_survey(self._survey, self._current)
            if self._offers_wanted:
                self._dialog.packs.show_offers()
                self._offers_wanted = False

    @Slot(object)
    def _on_heard(self, event: PackEvent | ErrandEvent) -> None:
        if isinstance(event, PackSurvey):
            self._survey = event
            self._show()
        elif isinstance(event, ImportDone):
            if self._dialog is not None:
                self._dialog.end_import(event)
            self._shelf.request_survey()
        elif isinstance(event, ErrandProgress):
            if self._dialog is not None:
                self._dialog.show_progress(event.progress)
        elif isinstance(event, ErrandDone | ErrandFailed):
            self._end(event)
        else:
            self._tell(event)

    def _end(self, event: ErrandDone | ErrandFailed) -> None:
        if self._dialog is None:
            return
        stopped = isinstance(event, ErrandFailed) and isinstance(event.error, JobCancelledError)
        if stopped and event.errand is Errand.FETCH and self._dialog.discards:
            self._start(Errand.DISCARD, event.pack_id)
            return
        if isinstance(event, ErrandDone):
            self._dialog.end_errand(self._done_text(event))
        elif stopped:
            paused = self.tr("Paused. “Go on” takes it up where it stopped, today or another day.")
            self._dialog.end_errand(paused if event.errand is Errand.FETCH else self.tr("Stopped."))
        else:
            self._dialog.end_errand("")
            if isinstance(event.error, BugError):
                _log.error("%s\n%s", event.error, event.error.details)
            self._dialog.show_error(event.error)
        self._shelf.request_survey()

    def _done_text(self, event: ErrandDone) -> str:
        if event.verdict is not None:
            return self._words.verdict_text(event.verdict)
        if event.errand is Errand.FETCH and event.pack is not None:
            return self.tr("“{name}” is installed.").format(name=event.pack.name)
        if event.errand is Errand.REMOVE and event.pack is not None:
            return self.tr("“{name}” is removed.").format(name=event.pack.name)
        return self.tr("What had arrived is gone.")

    @Slot(str, str)
    def _on_wish(self, key: str, verb: str) -> None:
        if self._survey is None or self._dialog is None:
            return
        offer = next((offer for offer in self._survey.offers if offer.model.id == key), None)
        if verb == Verb.FETCH and offer is not None:
            if self._ask_terms(self._dialog, offer, self._host(), self._survey.disk_free):
                self._start(Errand.FETCH, key)
            return
        pack = next((entry.manifest for entry in self._survey.installed if entry.manifest.id == key), None)
        if verb == Verb.REMOVE and pack is not None:
            text = self.tr("Delete “{name}” and its files? Pictures stay.").format(name=pack.name)
            if not self._confirm(self._dialog, self.tr("Remove a pack"), text):
                return
        self._start(Errand(verb), key, pack)

    def _start(self, errand: Errand, pack_id: str, pack: PackManifest | None = None) -> None:
        if self._dialog is not None:
            self._dialog.begin_errand(errand)
        if errand is Errand.FETCH:
            # What is unfinished was accepted when it began.
            self._errands.fetch(pack_id)
        elif errand is Errand.DISCARD:
            self._errands.discard(pack_id)
        elif pack is not None:
            run = {
                Errand.VERIFY: self._errands.verify,
                Errand.REPAIR: self._errands.repair,
                Errand.REMOVE: self._errands.remove,
            }
            run[errand](pack)

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
