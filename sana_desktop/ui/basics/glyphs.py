"""The few signs that the fields need, drawn in whatever colour and size the painter has."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

Glyph = Callable[[QPainter, QRectF], None]

STROKE = 1.5
PIPS = ((0.28, 0.28), (0.72, 0.28), (0.5, 0.5), (0.28, 0.72), (0.72, 0.72))
PIP_RADIUS = 0.085


def draw_dice(painter: QPainter, box: QRectF) -> None:
    """The five of a die."""
    _outline(painter)
    painter.drawRoundedRect(box, box.width() * 0.18, box.width() * 0.18)
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    for x, y in PIPS:
        centre = QPointF(box.left() + x * box.width(), box.top() + y * box.height())
        painter.drawEllipse(centre, PIP_RADIUS * box.width(), PIP_RADIUS * box.width())


def draw_closed_lock(painter: QPainter, box: QRectF) -> None:
    """A padlock that holds."""
    _draw_lock(painter, box, shift=0.0)


def draw_open_lock(painter: QPainter, box: QRectF) -> None:
    """A padlock whose shackle stands beside it."""
    _draw_lock(painter, box, shift=0.42)


def _draw_lock(painter: QPainter, box: QRectF, shift: float) -> None:
    _outline(painter)
    width, height = box.width(), box.height()
    body = QRectF(box.left() + 0.12 * width, box.top() + 0.46 * height, 0.76 * width, 0.52 * height)
    bow = QRectF(box.left() + (0.27 + shift) * width, box.top(), 0.46 * width, 0.52 * height)
    painter.drawArc(bow, 0, 180 * 16)
    middle = bow.center().y()
    painter.drawLine(QPointF(bow.left(), middle), QPointF(bow.left(), body.top()))
    if not shift:
        painter.drawLine(QPointF(bow.right(), middle), QPointF(bow.right(), body.top()))
        painter.setBrush(painter.pen().color())
    painter.drawRoundedRect(body, 2, 2)


def _outline(painter: QPainter) -> None:
    painter.setPen(QPen(painter.pen().color(), STROKE))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_clock(painter: QPainter, box: QRectF) -> None:
    """A clock at four."""
    _outline(painter)
    painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
    centre = box.center()
    painter.drawLine(centre, QPointF(centre.x(), box.top() + 0.22 * box.height()))
    painter.drawLine(centre, QPointF(centre.x() + 0.24 * box.width(), centre.y() + 0.14 * box.height()))


def draw_swap(painter: QPainter, box: QRectF) -> None:
    """Two arrows that change places."""
    _outline(painter)
    head = 0.2 * box.width()
    for y, left, right, way in ((0.32, 0.04, 0.96, 1), (0.7, 0.04, 0.96, -1)):
        level = box.top() + y * box.height()
        ends = QPointF(box.left() + left * box.width(), level), QPointF(box.left() + right * box.width(), level)
        painter.drawLine(*ends)
        tip = ends[1] if way > 0 else ends[0]
        painter.drawLine(tip, QPointF(tip.x() - way * head, level - head))
        painter.drawLine(tip, QPointF(tip.x() - way * head, level + head))


def draw_cross(painter: QPainter, box: QRectF) -> None:
    """Away with it."""
    _outline(painter)
    inner = box.adjusted(0.18 * box.width(), 0.18 * box.height(), -0.18 * box.width(), -0.18 * box.height())
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())
