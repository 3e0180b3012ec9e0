"""Choosing what draws: the packs on this machine, the ones that could be, and a way to bring one in."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.errors import JobCancelledError, KnownError, SanaError
from sana_desktop.services.fetch_files import FetchPhase, FetchProgress
from sana_desktop.services.pack_errands import Errand
from sana_desktop.services.packs import ImportDone, PackSurvey
from sana_desktop.services.time_left import seconds_text
from sana_desktop.services.transfer_speed import TransferSpeed
from sana_desktop.ui.basics.action_banner import ActionBanner
from sana_desktop.ui.basics.dialog_size import open_at
from sana_desktop.ui.packs.pack_card import Verb
from sana_desktop.ui.packs.pack_list import PackList
from sana_desktop.ui.packs.pack_words import PackWords

FIRST_WIDTH, FIRST_HEIGHT = 760, 600
BAR_HEIGHT = 4
BAR_STEPS = 1000
MS_BETWEEN_COUNTS = 500
# Where folder and file come from; tests answer without a screen. (parent, title, filter or "" for a folder) -> path.
Ask = Callable[[QWidget, str, str], str]


class PackDialog(QDialog):
    """Shows surveys as they come, and says what the user wants; does no work itself.

    Signals:
        packChosen(str): draw with the pack of this id; the dialog closes.
        importRequested(Path): bring in this folder or file.
        importCancelRequested(): stop that.
        wished(str, str): for the pack or model with this id, what this verb says (see `Verb`); not to use it.
        pauseRequested(): stop what is being fetched or checked; what has arrived is kept.
    """

    packChosen = Signal(str)
    importRequested = Signal(Path)
    importCancelRequested = Signal()
    wished = Signal(str, str)
    pauseRequested = Signal()

    def __init__(self, parent: QWidget | None = None, *, ask: Ask | None = None) -> None:
        super().__init__(parent)
        self._ask = ask or ask_for_path
        self._words = PackWords(self)
        self._source: Path | None = None
        self._since = 0.0
        self._machine = QLabel(self.tr("Looking at the packs…"))
        self._message = ActionBanner()
        self._list = PackList()
        self._doing = QLabel()
        self._bar = QProgressBar()
        self._errand: Errand | None = None
        self._discards = False
        self._speed = TransferSpeed(time.monotonic)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._pause = QPushButton(self.tr("&Pause"))
        self._from_folder = QPushButton(self.tr("Install from a &folder…"))
        self._from_file = QPushButton(self.tr("Install from a f&ile…"))
        self._close = QPushButton(self.tr("Close"))
        self._clock = QTimer(self, interval=MS_BETWEEN_COUNTS)
        self._describe()
        self._lay_out()
        self._connect()
        self._show_work()

    @property
    def message(self) -> str:
        """What the line above the list says."""
        return self._message.text

    @property
    def packs(self) -> PackList:
        """The list."""
        return self._list

    def show_survey(self, survey: PackSurvey, current: str) -> None:
        """Show what was found; `current` is the id of the pack that draws now."""
        self._machine.setText(self._words.machine_line(survey.hardware))
        self._list.show_survey(survey, current)

    def begin_import(self, source: Path) -> None:
        """A folder or file is being brought in."""
        self._source, self._since = source, time.monotonic()
        self._message.hide()
        self._show_work()

    def end_import(self, done: ImportDone) -> None:
        """It is here."""
        self._source = None
        self._show_work()
        text = self.tr("“{name}” is installed.").format(name=done.pack.name)
        missing = done.pack.missing_parts()
        if missing:
            text = self.tr(
                "“{name}” is installed and cannot draw yet: {parts} missing. Install a complete Sana pack from a "
                "folder, remove this one, and install the file again."
            ).format(name=done.pack.name, parts=", ".join(missing))
        elif done.lender:
            text = self.tr("“{name}” is installed, with the text encoder and autoencoder of “{lender}”.").format(
                name=done.pack.name, lender=done.lender
            )
        self._message.show_text(text)

    def fail_import(self, error: SanaError) -> None:
        """It did not work, and nothing was installed."""
        self._source = None
        self._show_work()
        self.show_error(error)

    @property
    def discards(self) -> bool:
        """Whether what was fetched shall be thrown away once it has stopped: it was cancelled, not paused."""
        return self._discards

    def begin_errand(self, errand: Errand) -> None:
        """Something is being fetched, checked, repaired or removed."""
        self._errand, self._discards, self._since = errand, False, time.monotonic()
        self._speed = TransferSpeed(time.monotonic)
        self._message.hide()
        self._bar.setRange(0, 0)
        self._doing.setText(self.tr("Starting…"))
        self._show_work()

    def show_progress(self, progress: FetchProgress) -> None:
        """How far it is."""
        if not self._pause.isEnabled():
            return
        if progress.phase is FetchPhase.FETCHING:
            self._speed.saw(progress.done)
        speed, left = self._speed.bytes_per_second, self._speed.seconds_left(progress.total)
        self._doing.setText(self._words.fetch_text(progress, speed, left))
        counted = progress.total > 0 and progress.phase is not FetchPhase.INSTALLING
        self._bar.setRange(0, BAR_STEPS if counted else 0)
        if counted:
            self._bar.setValue(BAR_STEPS * progress.done // progress.total)

    def end_errand(self, text: str) -> None:
        """It is over, and this came of it; empty where there is nothing to say."""
        self._errand = None
        self._show_work()
        if text:
            self._message.show_text(text)

    def show_error(self, error: SanaError) -> None:
        """Looking at the packs, or bringing one in, did not work."""
        if isinstance(error, JobCancelledError):
            text = self.tr("Stopped. Nothing was installed.")
        elif isinstance(error, KnownError):
            text = f"{error} {error.hint}".strip()
        else:
            text = self.tr("Sana Desktop made a mistake: {what}").format(what=error)
            details = self.tr("The details are in the log.")
            text = f"{text} {details}"
        self._message.show_text(text)

    def _describe(self) -> None:
        self.setWindowTitle(self.tr("Packs"))
        self._machine.setWordWrap(True)
        self._machine.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._machine.setAccessibleName(self.tr("This computer"))
        self._from_folder.setToolTip(self.tr("A downloaded *_diffusers repository, or another pack"))
        self._from_file.setToolTip(self.tr("An original Sana .pth file, or a .safetensors with its weights"))
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(BAR_HEIGHT)
        self._bar.setAccessibleName(self.tr("Installing"))
        self._doing.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._cancel.setAccessibleName(self.tr("Cancel installing"))
        self._pause.setAccessibleName(self.tr("Pause fetching"))
        for button in (self._cancel, self._pause, self._from_folder, self._from_file):
            button.setAutoDefault(False)
        self._close.setDefault(True)

    def _lay_out(self) -> None:
        self._work = QWidget()
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, 0, 0)
        lines = QVBoxLayout()
        lines.addWidget(self._doing)
        lines.addWidget(self._bar)
        row.addLayout(lines, 1)
        row.addWidget(self._pause)
        row.addWidget(self._cancel)
        buttons = QHBoxLayout()
        buttons.addWidget(self._from_folder)
        buttons.addWidget(self._from_file)
        buttons.addStretch()
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addWidget(self._machine)
        column.addWidget(self._message)
        column.addWidget(self._list, 1)
        column.addWidget(self._work)
        column.addLayout(buttons)
        open_at(self, FIRST_WIDTH, FIRST_HEIGHT)

    def _connect(self) -> None:
        self._list.actionRequested.connect(self._on_action)
        self._pause.clicked.connect(self._on_pause)
        self._from_folder.clicked.connect(self._on_from_folder)
        self._from_file.clicked.connect(self._on_from_file)
        self._cancel.clicked.connect(self._on_cancel)
        self._close.clicked.connect(self.reject)
        self._clock.timeout.connect(self._on_tick)

    def _show_work(self) -> None:
        """Let everything say whether something is being installed."""
        busy = self._source is not None or self._errand is not None
        self._work.setVisible(busy)
        self._cancel.setEnabled(busy)
        self._pause.setEnabled(busy)
        self._pause.setVisible(self._errand is Errand.FETCH)
        self._list.set_busy(busy)
        reason = self.tr("Something is being installed.") if busy else ""
        for button in (self._from_folder, self._from_file):
            button.setEnabled(not busy)
            button.setAccessibleDescription(reason or button.toolTip())
        if self._source is not None:
            self._bar.setRange(0, 0)
            self._on_tick()
            self._clock.start()
        else:
            self._clock.stop()

    @Slot(str, str)
    def _on_action(self, key: str, verb: str) -> None:
        if verb != Verb.USE:
            self.wished.emit(key, verb)
            return
        self.packChosen.emit(key)
        self.accept()

    @Slot()
    def _on_pause(self) -> None:
        self._stop(self.tr("Pausing…"))

    def _stop(self, text: str) -> None:
        self._cancel.setEnabled(False)
        self._pause.setEnabled(False)
        self._doing.setText(text)
        self.pauseRequested.emit()

    @Slot()
    def _on_from_folder(self) -> None:
        self._request(self._ask(self, self.tr("Install a pack from a folder"), ""))

    @Slot()
    def _on_from_file(self) -> None:
        kinds = self.tr("Weights of Sana (*.pth *.safetensors)")
        self._request(self._ask(self, self.tr("Install a pack from a file"), kinds))

    def _request(self, path: str) -> None:
        if path:
            self.begin_import(Path(path))
            self.importRequested.emit(Path(path))

    @Slot()
    def _on_cancel(self) -> None:
        if self._errand is not None:
            self._discards = self._errand is Errand.FETCH
            self._stop(self.tr("Stopping…"))
            return
        self._cancel.setEnabled(False)
        self._doing.setText(self.tr("Stopping after this file…"))
        self.importCancelRequested.emit()

    @Slot()
    def _on_tick(self) -> None:
        if self._source is not None and self._cancel.isEnabled():
            passed = seconds_text(time.monotonic() - self._since)
            text = self.tr("Checking and installing {name}, {time} so far")
            self._doing.setText(text.format(name=self._source.name, time=passed))


def ask_for_path(parent: QWidget, title: str, kinds: str) -> str:
    """Let the user choose a folder, or a file of `kinds`; empty where they changed their mind."""
    if not kinds:
        return QFileDialog.getExistingDirectory(parent, title)
    return QFileDialog.getOpenFileName(parent, title, "", kinds)[0]
