"""A small sign before a forecast: a tick, an exclamation mark or a cross, each in a colour of its own."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.ui.basics.fit_colours import colour_of

SIDE = 16
STROKE = 1.8
# Corners of the shapes, as parts of the side.
LINES = {
    FitLevel.FITS: (((0.16, 0.54), (0.40, 0.78), (0.86, 0.24)),),
    FitLevel.TIGHT: (((0.5, 0.14), (0.5, 0.60)), ((0.5, 0.84), (0.5, 0.86))),
    FitLevel.NO: (((0.22, 0.22), (0.78, 0.78)), ((0.78, 0.22), (0.22, 0.78))),
}


class FitMark(QWidget):
    """Shows `level`; the words beside it are for screen readers, so it has no name."""

    def __init__(self, level: FitLevel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = level
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def colour(self) -> QColor:
        """The colour for the ground that it stands on."""
        return colour_of(self._level, self.palette())

    def sizeHint(self) -> QSize:
        """As high as a line of text."""
        return QSize(SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sign in the middle."""
        box = QRectF(0, 0, SIDE - 4, SIDE - 4)
        box.moveCenter(QRectF(self.rect()).center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self.colour, STROKE)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for line in LINES[self._level]:
            painter.drawPolyline([QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in line])
