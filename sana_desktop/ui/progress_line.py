"""One line under the canvas: what is going on, how far it is, and how to stop it."""

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from sana_desktop.domain.events import Phase, PhaseStarted, StepDone
from sana_desktop.services.time_left import TimeLeft, seconds_text

# Parts of the whole that the bar tells apart.
FINENESS = 1000
BAR_HEIGHT = 4
MS_BETWEEN_COUNTDOWNS = 500
SECONDS_WORTH_SAYING = 2
# The events that `TimeLeft` understands carry a job's number; it does not look at it.
ANY_JOB = 0


class ProgressLine(QWidget):
    """Shows where the job stands; without one, a few words.

    The bar counts the decode as the work that it is, so it does not stand full while one waits for the picture.

    Signals:
        cancelRequested: the user wants the job to stop.
    """

    cancelRequested = Signal()

    def __init__(self, parent: QWidget | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Progress"))
        self._clock = clock
        self._time_left: TimeLeft | None = None
        # When the words that are shown were new.
        self._since = clock()
        self._words = {
            Phase.LOAD: self.tr("Loading the model"),
            Phase.ENCODE: self.tr("Reading the prompt"),
            Phase.SAMPLE: self.tr("Drawing"),
            Phase.DECODE: self.tr("Decoding"),
            Phase.SAVE: self.tr("Saving"),
        }
        self._text = QLabel()
        self._left = QLabel()
        self._bar = QProgressBar()
        self._cancel = QPushButton(self.tr("Cancel"))
        # Counts down during steps that take long.
        self._countdown = QTimer(self, interval=MS_BETWEEN_COUNTDOWNS)
        self._countdown.timeout.connect(self._on_countdown)
        self._build()
        self.idle("")

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

    def begin(self, steps: int, count: int = 1, batch: int = 1) -> None:
        """A job of `count` pictures begins, with `steps` solver steps for every `batch` of them."""
        self._time_left = TimeLeft(steps=steps, count=count, batch=batch, clock=self._clock)
        self._work(self.tr("Starting"))

    def show_phase(self, phase: Phase) -> None:
        """A part of the job began."""
        if self._time_left is not None:
            self._time_left.saw(PhaseStarted(ANY_JOB, phase))
        self._work(self._words[phase])

    def show_step(self, step: int, steps: int) -> None:
        """`step` of `steps` solver steps are done; some may never be told."""
        if self._time_left is None:
            self._time_left = TimeLeft(steps=steps, count=1, batch=1, clock=self._clock)
        self._time_left.saw(StepDone(ANY_JOB, step, steps))
        self._work(self.tr("Step {step} of {steps}").format(step=step, steps=steps))

    def idle(self, text: str) -> None:
        """Nothing is being drawn."""
        self._time_left = None
        self._countdown.stop()
        self._text.setText(text)
        self._left.clear()
        self._bar.reset()
        self._set_working(False)

    def _work(self, text: str) -> None:
        self._text.setText(text)
        self._since = self._clock()
        self._set_working(True)
        self._bar.setValue(0 if self._time_left is None else round(FINENESS * self._time_left.fraction))
        self._on_countdown()
        self._countdown.start()

    def _set_working(self, working: bool) -> None:
        self._bar.setVisible(working)
        self._cancel.setVisible(working)

    def _on_countdown(self) -> None:
        left = None if self._time_left is None else self._time_left.seconds
        passed = self._clock() - self._since
        if left is not None:
            self._left.setText(self.tr("about {time} left").format(time=seconds_text(left)))
        elif passed >= SECONDS_WORTH_SAYING:
            # The bar stands still, but the program does not.
            self._left.setText(self.tr("{time} so far").format(time=seconds_text(passed)))
        else:
            self._left.clear()

    def _build(self) -> None:
        self._text.setAccessibleName(self.tr("What is going on"))
        self._left.setAccessibleName(self.tr("Time left"))
        self._bar.setAccessibleName(self.tr("Progress of the job"))
        self._bar.setRange(0, FINENESS)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(BAR_HEIGHT)
        self._cancel.setAccessibleName(self.tr("Cancel the job"))
        self._cancel.setToolTip(self.tr("Stop at once and discard what is not finished (Esc)"))
        self._cancel.clicked.connect(self.cancelRequested)
        for hidden in (self._bar, self._cancel):
            # The canvas above must not jump when a job begins.
            policy = hidden.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            hidden.setSizePolicy(policy)
        words = QHBoxLayout()
        words.addWidget(self._text, stretch=1)
        words.addWidget(self._left)
        lines = QVBoxLayout()
        lines.setSpacing(6)
        lines.addLayout(words)
        lines.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(12)
        row.addLayout(lines, stretch=1)
        row.addWidget(self._cancel)
