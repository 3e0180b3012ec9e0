"""The signs of the gallery, drawn in whatever colour and size the painter has."""

from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

STROKE = 1.5
POINTS = 5
# The inner corners of a star, as a part of the outer ones' distance from its middle.
INNER = 0.42


def star(box: QRectF) -> QPolygonF:
    """The corners of a star with five points that fills `box`."""
    centre, radius = box.center(), box.width() / 2
    corners = QPolygonF()
    for corner in range(2 * POINTS):
        far = radius if corner % 2 == 0 else radius * INNER
        angle = corner * pi / POINTS - pi / 2
        corners.append(QPointF(centre.x() + far * cos(angle), centre.y() + far * sin(angle)))
    return corners


def heart(box: QRectF) -> QPainterPath:
    """The outline of a heart that fills `box`."""
    left, top, width, height = box.left(), box.top(), box.width(), box.height()
    foot = QPointF(left + width / 2, top + 0.96 * height)
    path = QPainterPath(foot)
    dent = QPointF(left + width / 2, top + 0.26 * height)
    path.cubicTo(
        QPointF(left - 0.32 * width, top + 0.45 * height), QPointF(left + 0.18 * width, top - 0.2 * height), dent
    )
    path.cubicTo(
        QPointF(left + 0.82 * width, top - 0.2 * height), QPointF(left + 1.32 * width, top + 0.45 * height), foot
    )
    return path


def draw_star(painter: QPainter, box: QRectF) -> None:
    """A filled star."""
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(star(box))


def draw_heart(painter: QPainter, box: QRectF) -> None:
    """A filled heart."""
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPath(heart(box))


def draw_empty_heart(painter: QPainter, box: QRectF) -> None:
    """The outline of a heart."""
    painter.setPen(QPen(painter.pen().color(), STROKE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(heart(box))


def draw_panel(painter: QPainter, box: QRectF) -> None:
    """A page with a column at its right."""
    painter.setPen(QPen(painter.pen().color(), STROKE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    page = box.adjusted(0, 0.1 * box.height(), 0, -0.1 * box.height())
    painter.drawRoundedRect(page, 2, 2)
    x = page.left() + 0.64 * page.width()
    painter.drawLine(QPointF(x, page.top()), QPointF(x, page.bottom()))


def draw_stack(painter: QPainter, box: QRectF) -> None:
    """A page with the edges of two others behind it."""
    painter.setPen(QPen(painter.pen().color(), STROKE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    side, step = 0.66 * box.width(), 0.16 * box.width()
    painter.drawRoundedRect(QRectF(box.left(), box.bottom() - side, side, side), 2, 2)
    for number in (1, 2):
        left, top = box.left() + number * step, box.bottom() - side - number * step
        corner = QPointF(left + side, top)
        painter.drawPolyline([QPointF(left, top), corner, QPointF(corner.x(), top + side)])


def draw_back(painter: QPainter, box: QRectF) -> None:
    """An arrow to the left."""
    painter.setPen(QPen(painter.pen().color(), STROKE))
    middle, tip = box.center().y(), QPointF(box.left() + 0.08 * box.width(), box.center().y())
    painter.drawLine(tip, QPointF(box.right(), middle))
    reach = 0.34 * box.width()
    painter.drawLine(tip, QPointF(tip.x() + reach, middle - reach))
    painter.drawLine(tip, QPointF(tip.x() + reach, middle + reach))
