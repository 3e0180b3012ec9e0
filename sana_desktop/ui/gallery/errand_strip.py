"""Something that takes its time: how far it is, and a way to stop."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import KnownError
from sana_desktop.ui.basics.answers import Answers

BAR_HEIGHT = 6
_Result = TypeVar("_Result")
# Called on any thread: so much of so much is done.
Progress = Callable[[int, int], None]


class ErrandStrip(QWidget):
    """Seen while an errand is run, one at a time. `close_down` has to be called before the program ends.

    Signals:
        ended(str): what came of it, in a sentence.
        failed(object): the `KnownError` that says why nothing did.
    """

    ended = Signal(str)
    failed = Signal(object)

    _moved = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers = Answers(self)
        # Of the errand that is run now, and what is said when it is stopped.
        self._stop: CancelToken | None = None
        self._stopped = ""
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(BAR_HEIGHT)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._cancel = QPushButton(self.tr("Stop"))
        self._cancel.setToolTip(self.tr("What was done until now stays"))
        self._cancel.setProperty("tight", True)
        self._cancel.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(12)
        row.addWidget(self._words)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        # Queued: progress is told on other threads.
        self._moved.connect(self._on_moved, Qt.ConnectionType.QueuedConnection)
        self.hide()

    @property
    def is_busy(self) -> bool:
        """Whether an errand is run."""
        return self._stop is not None

    def run(
        self,
        words: str,
        start: "Callable[[Progress, CancelToken], Future[_Result]]",
        sentence: Callable[[_Result], str],
        stopped: str,
    ) -> None:
        """Begin with an errand; one that is run is stopped.

        `words` say what is done, `sentence` what came of it, and `stopped` what is true if it is stopped.
        """
        self.stop()
        self._stop = stop = CancelToken()
        self._stopped = stopped
        self._words.setText(words)
        # Until it is known how much there is.
        self._bar.setRange(0, 0)
        self.show()

        def done(result: _Result) -> None:
            if self._stop is stop:
                self._end(sentence(result))

        def failed(error: KnownError) -> None:
            if self._stop is stop:
                self._stop = None
                self.hide()
                self.failed.emit(error)

        self._answers.watch(start(self._moved.emit, stop), done, failed)

    @Slot()
    def stop(self) -> None:
        """Go no further."""
        if self._stop is not None:
            self._stop.cancel()
            self._end(self._stopped)

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
