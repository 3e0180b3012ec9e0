"""The signs of everything that concerns the queue, and icons that wear the colour of the palette."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPen, QPixmap, QPolygonF

from sana_desktop.ui.basics.glyphs import Glyph

STROKE = 1.5


def draw_pause(painter: QPainter, box: QRectF) -> None:
    """Two bars."""
    for x in (0.2, 0.58):
        _fill(painter, QRectF(box.left() + x * box.width(), box.top() + 0.12 * box.height(), *_part(box, 0.22, 0.76)))


def draw_play(painter: QPainter, box: QRectF) -> None:
    """A triangle that points to what comes."""
    corners = [_at(box, x, y) for x, y in ((0.24, 0.08), (0.9, 0.5), (0.24, 0.92))]
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(QPolygonF(corners))


def draw_cross(painter: QPainter, box: QRectF) -> None:
    """Away with it."""
    _lines(painter, box, ((0.18, 0.18, 0.82, 0.82), (0.18, 0.82, 0.82, 0.18)))


def draw_keep(painter: QPainter, box: QRectF) -> None:
    """A picture with a tick: finished as it is."""
    painter.setPen(QPen(painter.pen().color(), STROKE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    frame = QRectF(_at(box, 0.04, 0.04), _at(box, 0.96, 0.96))
    painter.drawRoundedRect(frame, 2, 2)
    _lines(painter, box, ((0.27, 0.52, 0.44, 0.7), (0.44, 0.7, 0.74, 0.32)))


def draw_clear(painter: QPainter, box: QRectF) -> None:
    """A list that becomes shorter."""
    _lines(painter, box, ((0.08, 0.2, 0.92, 0.2), (0.08, 0.5, 0.62, 0.5), (0.08, 0.8, 0.34, 0.8)))


def draw_search(painter: QPainter, box: QRectF) -> None:
    """A magnifying glass."""
    painter.setPen(QPen(painter.pen().color(), STROKE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(_at(box, 0.08, 0.08), _at(box, 0.66, 0.66)))
    _lines(painter, box, ((0.6, 0.6, 0.92, 0.92),))


def glyph_icon(glyph: Glyph) -> QIcon:
    """A sign as an icon for buttons and menus; it follows the palette."""
    return QIcon(_GlyphEngine(glyph))


class _GlyphEngine(QIconEngine):
    """Paints when it is asked to, so that a new look needs no new icons."""

    def __init__(self, glyph: Glyph) -> None:
        super().__init__()
        self._glyph = glyph

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the sign in the colour of button texts."""
        off = mode is QIcon.Mode.Disabled
        group = QPalette.ColorGroup.Disabled if off else QPalette.ColorGroup.Active
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QGuiApplication.palette().color(group, QPalette.ColorRole.ButtonText))
        self._glyph(painter, QRectF(rect).adjusted(1, 1, -1, -1))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The sign on nothing."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """Another one of the same sign."""
        return _GlyphEngine(self._glyph)


def _at(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.left() + x * box.width(), box.top() + y * box.height())


def _part(box: QRectF, width: float, height: float) -> tuple[float, float]:
    return width * box.width(), height * box.height()


def _fill(painter: QPainter, rect: QRectF) -> None:
    painter.fillRect(rect, painter.pen().color())


def _lines(painter: QPainter, box: QRectF, lines: tuple[tuple[float, float, float, float], ...]) -> None:
    pen = QPen(painter.pen().color(), STROKE)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for x1, y1, x2, y2 in lines:
        painter.drawLine(_at(box, x1, y1), _at(box, x2, y2))
