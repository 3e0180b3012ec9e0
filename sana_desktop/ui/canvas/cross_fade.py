"""One picture passing softly into the next."""

from PySide6.QtCore import QObject, QVariantAnimation, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyle, QWidget

DURATION_MS = 120


class CrossFade(QObject):
    """Keeps what was seen before and says how much of it still is: to be painted over what is new.

    Asks for a repaint at most 60 times a second and for 120 ms. Does nothing where `animated` is False, and, where
    it is None, while the platform asks for no animations. `view` is the widget that fades.

    Signals:
        changed(): paint again.
    """

    changed = Signal()

    def __init__(self, view: QWidget, animated: bool | None = None) -> None:
        super().__init__(view)
        self._view = view
        self._animated = animated
        self._old = QImage()
        # Qt moves it every 16 ms.
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(DURATION_MS)
        self._animation.setStartValue(1.0)
        self._animation.setEndValue(0.0)
        self._animation.valueChanged.connect(self._on_value)
        self._animation.finished.connect(self.stop)

    def set_animated(self, animated: bool | None) -> None:
        """Fade or not; None: as the desktop likes it."""
        self._animated = animated

    @property
    def is_running(self) -> bool:
        """Whether something of the old picture is still to be seen."""
        return not self._old.isNull()

    @property
    def is_wanted(self) -> bool:
        """Whether pictures are to fade at all."""
        if self._animated is not None:
            return self._animated
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        return self._view.style().styleHint(hint, None, self._view) > 0

    def begin(self, old: QImage) -> None:
        """From now on `old` disappears."""
        self._old = old
        self._animation.stop()
        self._animation.start()

    def stop(self) -> None:
        """Be done with it now."""
        self._animation.stop()
        if self.is_running:
            self._old = QImage()
            self.changed.emit()

    def paint(self, painter: QPainter, x: float, y: float) -> None:
        """Paint what is left of the old picture."""
        if self.is_running:
            painter.setOpacity(float(self._animation.currentValue()))
            painter.drawImage(round(x), round(y), self._old)
            painter.setOpacity(1)

    def _on_value(self) -> None:
        if self.is_running:
            self.changed.emit()
