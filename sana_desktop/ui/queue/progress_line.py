"""One line under the canvas: what is going on, how far it is, and the two ways to end it."""

import time
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from sana_desktop.domain.events import Phase, PhaseStarted, StepDone
from sana_desktop.services.time_left import TimeLeft, rough_text, seconds_text
from sana_desktop.ui.basics.elided_label import ElidedLabel
from sana_desktop.ui.queue.board_glyphs import draw_cross, draw_keep, glyph_icon
from sana_desktop.ui.queue.job_item import cancelled_text, phase_text

# Parts of the whole that the bar tells apart.
FINENESS = 1000
BAR_HEIGHT = 4
LINES_GAP = 5
ICON_SIDE = 14
# With less room than this, the buttons leave their words out for those of the line.
ROOM_FOR_WORDS = 480
MS_BETWEEN_COUNTDOWNS = 500
SECONDS_WORTH_SAYING = 2
# Less than this would be called 0 s.
SHORTEST_TIME = 0.5
# The events that `TimeLeft` understands carry a job's number; it does not look at it.
ANY_JOB = 0


class ProgressLine(QWidget):
    """Shows where the job stands; without one, a few words.

    The bar counts the decode as the work that it is, so it does not stand full while one waits for the picture.

    Signals:
        cancelRequested: the user wants the job to stop.
        keepRequested: the user wants the picture as it stands now.
    """

    cancelRequested = Signal()
    keepRequested = Signal()

    def __init__(self, parent: QWidget | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Progress"))
        self._clock = clock
        self._time_left: TimeLeft | None = None
        # When the job should be done, as far as earlier ones tell; and when the words that are shown were new.
        self._expected: float | None = None
        self._since = clock()
        # Pictures of the job, those that are saved, and how many are drawn together.
        self._count, self._saved, self._batch = 1, 0, 1
        self._waiting, self._queue_done = 0, 0.0
        self._text = ElidedLabel()
        self._left = ElidedLabel()
        self._bar = QProgressBar()
        self._keep_words, self._cancel_words = self.tr("Stop and keep"), self.tr("Cancel")
        self._keep = QPushButton(glyph_icon(draw_keep), self._keep_words)
        self._cancel = QPushButton(glyph_icon(draw_cross), self._cancel_words)
        # Counts down during steps that take long.
        self._countdown = QTimer(self, interval=MS_BETWEEN_COUNTDOWNS)
        self._countdown.timeout.connect(self._on_countdown)
        self._build()
        self.idle("")

    def sizeHint(self) -> QSize:
        """As high without a job as with one: the canvas above must not jump."""
        around = self.layout().contentsMargins()  # pyright: ignore[reportOptionalMemberAccess] - made above
        self._keep.ensurePolished()
        inside = max(self._keep.sizeHint().height(), self._text.sizeHint().height() + LINES_GAP + BAR_HEIGHT)
        return QSize(super().sizeHint().width(), inside + around.top() + around.bottom())

    def minimumSizeHint(self) -> QSize:
        """The same height, in little room."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show buttons with words where there is room for them."""
        super().resizeEvent(event)
        roomy = event.size().width() >= ROOM_FOR_WORDS
        self._keep.setText(self._keep_words if roomy else "")
        self._cancel.setText(self._cancel_words if roomy else "")

    @property
    def text(self) -> str:
        """What the line says, without the time."""
        return self._text.text()

    @property
    def time_text(self) -> str:
        """What the line says about time: how much is left, or before that can be known, how long a phase takes."""
        return self._left.text()

    @property
    def fraction(self) -> float | None:
        """How full the bar is; None before the first step, and without a job."""
        return self._bar.value() / FINENESS if self._time_left is not None and self._time_left.fraction else None

    def begin(
        self, steps: int, count: int = 1, batch: int = 1, *, done: int = 0, expected: float | None = None
    ) -> None:
        """A job of `count` pictures begins, with `steps` solver steps for every `batch` of them.

        `done` of the pictures exist already; `expected` are the seconds that such jobs took before.
        """
        self._time_left = TimeLeft(steps=steps, count=max(1, count - done), batch=batch, clock=self._clock)
        self._expected = None if expected is None else self._clock() + expected
        self._count, self._saved, self._batch = count, done, batch
        self._refuse_to_keep(self.tr("There is nothing to keep before the first step"))
        self._cancel.setEnabled(True)
        self._work(self.tr("Starting"))

    def show_phase(self, phase: Phase) -> None:
        """A part of the job began."""
        if self._time_left is not None:
            self._time_left.saw(PhaseStarted(ANY_JOB, phase))
        if phase in (Phase.DECODE, Phase.SAVE):
            self._refuse_to_keep(self.tr("All steps are done: the picture is about to come"))
        else:
            self._refuse_to_keep(self.tr("There is nothing to keep before the first step"))
        self._work(self._numbered(phase_text(phase)))
        # After the words: the picture that is being saved is still the one they are about.
        self._saved += phase is Phase.SAVE

    def show_step(self, step: int, steps: int) -> None:
        """`step` of `steps` solver steps are done; some may never be told."""
        if self._time_left is None:
            self._time_left = TimeLeft(steps=steps, count=1, batch=1, clock=self._clock)
        self._time_left.saw(StepDone(ANY_JOB, step, steps))
        if step < steps:
            self._refuse_to_keep("")
        else:
            self._refuse_to_keep(self.tr("All steps are done: the picture is about to come"))
        self._work(self._numbered(self.tr("Step {step} of {steps}").format(step=step, steps=steps)))

    def show_queue(self, waiting: int, seconds: float | None) -> None:
        """So many jobs wait; it takes `seconds` until they and the running one are done, None if nobody can know."""
        self._waiting = waiting if seconds is not None else 0
        self._queue_done = self._clock() + (seconds or 0.0)
        if not self._bar.isHidden():
            self._on_countdown()

    def show_stopping(self, *, keep: bool) -> None:
        """The user has asked for the end of the job, which comes at once or nearly so."""
        self._work(self.tr("Stopping, keeping what is there") if keep else self.tr("Cancelling"))
        self._refuse_to_keep(self.tr("It is stopping already"))
        # What is kept may still be thrown away.
        self._cancel.setEnabled(keep)

    def show_paused(self) -> None:
        """The queue is paused between two batches of the job."""
        self._work(self.tr("Paused"))
        self._countdown.stop()
        self._left.clear()

    def show_cancelled(self, latency: float) -> None:
        """The job has stopped, `latency` seconds after the asking."""
        self.idle(cancelled_text(latency))

    def idle(self, text: str) -> None:
        """Nothing is being drawn."""
        self._time_left = self._expected = None
        self._countdown.stop()
        self._text.setText(text)
        self._left.clear()
        self._bar.reset()
        self._set_working(False)

    def _numbered(self, text: str) -> str:
        """With which of several pictures it is about."""
        if self._count == 1:
            return text
        first = min(self._saved + 1, self._count)
        last = min(self._saved + self._batch, self._count)
        which = f"{first}" if last == first or self._batch == 1 else f"{first}–{last}"
        return self.tr("Picture {which} of {count} · {what}").format(which=which, count=self._count, what=text)

    def _work(self, text: str) -> None:
        self._text.setText(text)
        self._since = self._clock()
        self._set_working(True)
        self._bar.setValue(0 if self._time_left is None else round(FINENESS * self._time_left.fraction))
        self._on_countdown()
        self._countdown.start()

    def _set_working(self, working: bool) -> None:
        for part in (self._bar, self._left, self._keep, self._cancel):
            part.setVisible(working)

    def _refuse_to_keep(self, reason: str) -> None:
        self._keep.setEnabled(not reason)
        what = self.tr("End with the picture as it stands now and save it")
        self._keep.setToolTip(reason or what)
        self._keep.setAccessibleDescription(reason or what)

    def _on_countdown(self) -> None:
        parts = [part for part in (self._job_time(), self._queue_time()) if part]
        self._left.setText(" · ".join(parts))

    def _job_time(self) -> str:
        now = self._clock()
        left = None if self._time_left is None else self._time_left.seconds
        if left is not None and left < SHORTEST_TIME:
            return self.tr("less than 1 s left")
        if left is not None:
            return self.tr("about {time} left").format(time=seconds_text(left))
        if self._expected is not None and self._expected - now >= 1:
            return self.tr("about {time} left").format(time=rough_text(self._expected - now))
        if now - self._since >= SECONDS_WORTH_SAYING:
            # The bar stands still, but the program does not.
            return self.tr("{time} so far").format(time=seconds_text(now - self._since))
        return ""

    def _queue_time(self) -> str:
        # The queue itself says it too, so where room is short, this goes first.
        if not self._waiting or self.width() < ROOM_FOR_WORDS:
            return ""
        return self.tr("queue: about {time}").format(time=rough_text(self._queue_done - self._clock()))

    def _build(self) -> None:
        self._text.setAccessibleName(self.tr("What is going on"))
        self._left.setAccessibleName(self.tr("Time left"))
        self._left.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # Digits of one width: a countdown must not jump.
        font = self._left.font()
        font.setFeature(QFont.Tag("tnum"), 1)
        self._left.setFont(font)
        self._left.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._bar.setAccessibleName(self.tr("Progress of the job"))
        self._bar.setRange(0, FINENESS)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(BAR_HEIGHT)
        self._keep.setAccessibleName(self.tr("Stop and keep the picture"))
        self._keep.clicked.connect(self.keepRequested)
        self._cancel.setAccessibleName(self.tr("Cancel the job"))
        self._cancel.setToolTip(self.tr("Stop at once and discard what is not finished (Esc)"))
        self._cancel.clicked.connect(self.cancelRequested)
        words = QHBoxLayout()
        words.addWidget(self._text, stretch=1)
        words.addWidget(self._left)
        lines = QVBoxLayout()
        lines.setSpacing(LINES_GAP)
        lines.addLayout(words)
        lines.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 8)
        row.setSpacing(8)
        row.addLayout(lines, stretch=1)
        row.addSpacing(8)
        for button in (self._keep, self._cancel):
            button.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
            row.addWidget(button)
