"""A line of words that gives way: what does not fit is left out in its middle, and the tooltip has it all."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

# The least that is shown.
LETTERS = 6


class ElidedLabel(QLabel):
    """`text` is always the whole; the middle goes first because names of files end with what tells them apart."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Plain: a name may come from a stranger.
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setText(text)

    @property
    def shown(self) -> str:
        """What can be read now."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())

    def setText(self, text: str) -> None:
        """Show other words."""
        super().setText(text)
        self._tell()

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(LETTERS * self.fontMetrics().averageCharWidth(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole where it does not fit any more."""
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write what fits."""
        painter = QPainter(self)
        self.style().drawItemText(
            painter, self.rect(), self.alignment(), self.palette(), self.isEnabled(), self.shown, self.foregroundRole()
        )

    def _tell(self) -> None:
        self.setToolTip(self.text() if self.shown != self.text() else "")
