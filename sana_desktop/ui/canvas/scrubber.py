"""Going back over how a picture formed, by hand or like a film."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.canvas.canvas_glyphs import draw_pause, draw_play
from sana_desktop.ui.canvas.preview_reel import PreviewReel

# The whole film takes about this long, but frames come no faster than screens show them with a fade between.
FILM_MS = 2500
SHORTEST_FRAME_MS = 40
LONGEST_FRAME_MS = 300


class Scrubber(QWidget):
    """A slider from the first preview on the left to the finished picture on the right, and a button that plays.

    The arrow keys go from frame to frame, Home and End to the ends, Space on the button plays.

    Signals:
        frameChosen(int): the frame to show, by its number in the reel.
        finishedChosen(): the finished picture is to be shown.
    """

    frameChosen = Signal(int)
    finishedChosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reel = PreviewReel()
        self._play = GlyphButton(draw_play, draw_pause)
        self._play.setAutoRaise(True)
        self._play.setAccessibleName(self.tr("Play how the picture formed"))
        self._play.setToolTip(self._play.accessibleName())
        self._play.toggled.connect(self._on_play)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(self.tr("How the picture formed"))
        self._slider.setToolTip(self.tr("How the picture formed, from the first step to the finished picture"))
        self._slider.valueChanged.connect(self._on_value)
        self._slider.sliderPressed.connect(self.stop)
        self._label = QLabel()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._play)
        row.addWidget(self._slider, 1)
        row.addWidget(self._label)
        # Wide enough for both, so that the slider does not move under the pointer.
        words = (self._step_text(1000), self.tr("Finished"))
        self._label.setMinimumWidth(max(self.fontMetrics().horizontalAdvance(text) for text in words))

    @property
    def is_playing(self) -> bool:
        """Whether the film runs."""
        return self._timer.isActive()

    @property
    def position(self) -> int:
        """The frame that is shown; one more than the last stands for the finished picture."""
        return self._slider.value()

    def set_reel(self, reel: PreviewReel) -> None:
        """Offer the frames of another picture, whose finished form is shown now."""
        self.stop()
        self._reel = reel
        self._slider.blockSignals(True)
        self._slider.setRange(0, len(reel))
        self._slider.setPageStep(max(1, len(reel) // 5))
        self._slider.setValue(len(reel))
        self._slider.blockSignals(False)
        self._say()

    def stop(self) -> None:
        """Let the film stand where it is."""
        self._play.setChecked(False)

    def _on_play(self, on: bool) -> None:
        if not on:
            self._timer.stop()
            return
        if self._slider.value() == self._slider.maximum():
            self._slider.setValue(0)
        pace = FILM_MS // max(1, len(self._reel))
        self._timer.start(min(max(pace, SHORTEST_FRAME_MS), LONGEST_FRAME_MS))

    def _on_tick(self) -> None:
        self._slider.setValue(self._slider.value() + 1)
        if self._slider.value() >= self._slider.maximum():
            self.stop()

    def _on_value(self, value: int) -> None:
        self._say()
        if value < len(self._reel):
            self.frameChosen.emit(value)
        else:
            self.finishedChosen.emit()

    def _say(self) -> None:
        value = self._slider.value()
        finished = value >= len(self._reel)
        self._label.setText(self.tr("Finished") if finished else self._step_text(self._reel.step(value)))
        self._slider.setAccessibleDescription(self._label.text())

    def _step_text(self, step: int) -> str:
        return self.tr("Step {n}").format(n=step)
