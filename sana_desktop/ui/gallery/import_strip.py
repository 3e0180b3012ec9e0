"""Taking in a folder of pictures: how far it is, and a way to stop."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import KnownError
from sana_desktop.gallery.importer import ScanReport
from sana_desktop.services.library import Library
from sana_desktop.ui.basics.answers import Answers

BAR_HEIGHT = 6


class ImportStrip(QWidget):
    """Seen while a folder is taken in. What was taken in before a stop stays; the next time goes on behind it.

    `close_down` has to be called before the program and the library end.

    Signals:
        ended(str): what was found, in a sentence.
        failed(object): the `KnownError` that says why nothing was.
    """

    ended = Signal(str)
    failed = Signal(object)

    _moved = Signal(int, int)

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._answers = Answers(self)
        # Of the folder that is taken in now.
        self._stop: CancelToken | None = None
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(BAR_HEIGHT)
        self._bar.setAccessibleName(self.tr("Progress of the import"))
        self._cancel = QPushButton(self.tr("Stop"))
        self._cancel.setToolTip(self.tr("What was taken in until now stays"))
        self._cancel.setProperty("tight", True)
        self._cancel.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(12)
        row.addWidget(self._words)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        # Queued: the library tells on its own thread.
        self._moved.connect(self._on_moved, Qt.ConnectionType.QueuedConnection)
        self.hide()

    @property
    def is_busy(self) -> bool:
        """Whether a folder is taken in."""
        return self._stop is not None

    def take_in(self, folder: Path) -> None:
        """Begin with a folder; one that is being taken in is stopped."""
        self.stop()
        self._stop = stop = CancelToken()
        self._words.setText(self.tr("Looking through {folder}").format(folder=folder.name or str(folder)))
        # Until it is known how many files there are.
        self._bar.setRange(0, 0)
        self.show()

        def done(report: ScanReport) -> None:
            if self._stop is stop:
                self._end(self._sentence(report))

        def failed(error: KnownError) -> None:
            if self._stop is stop:
                self._stop = None
                self.hide()
                self.failed.emit(error)

        self._answers.watch(self._library.import_folder(folder, self._moved.emit, stop), done, failed)

    @Slot()
    def stop(self) -> None:
        """Take in no more."""
        if self._stop is not None:
            self._stop.cancel()
            self._end(self.tr("The import was stopped. What was taken in until then stays."))

    def close_down(self) -> None:
        """Stop, and hear nothing any more."""
        if self._stop is not None:
            self._stop.cancel()
            self._stop = None
        self._answers.close()

    @Slot(int, int)
    def _on_moved(self, done: int, total: int) -> None:
        if self._stop is not None:
            self._bar.setRange(0, max(1, total))
            self._bar.setValue(done)

    def _end(self, sentence: str) -> None:
        self._stop = None
        self.hide()
        self.ended.emit(sentence)

    def _sentence(self, report: ScanReport) -> str:
        new = report.added + report.moved
        one, many = self.tr("1 picture is new in the gallery."), self.tr("{n} pictures are new in the gallery.")
        words = one if new == 1 else many.format(n=f"{new:,}")
        if report.unreadable:
            one, many = self.tr("1 file could not be read."), self.tr("{n} files could not be read.")
            unread = one if report.unreadable == 1 else many.format(n=f"{report.unreadable:,}")
            return f"{words} {unread}"
        return words
