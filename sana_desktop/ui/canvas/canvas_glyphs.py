"""The signs of the buttons around the canvas, drawn in whatever colour and size the painter has."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

STROKE = 1.5


def draw_fit(painter: QPainter, box: QRectF) -> None:
    """The four corners of a frame."""
    _outline(painter)
    reach = 0.32 * box.width()
    inner = box.adjusted(1, 1, -1, -1)
    for corner, x, y in (
        (inner.topLeft(), 1, 1),
        (inner.topRight(), -1, 1),
        (inner.bottomLeft(), 1, -1),
        (inner.bottomRight(), -1, -1),
    ):
        painter.drawPolyline(QPolygonF([corner + QPointF(x * reach, 0), corner, corner + QPointF(0, y * reach)]))


def draw_actual_size(painter: QPainter, box: QRectF) -> None:
    """One to one."""
    font = painter.font()
    font.setPixelSize(round(0.72 * box.height()))
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(box.adjusted(-4, 0, 4, 0), Qt.AlignmentFlag.AlignCenter, "1:1")


def draw_compare(painter: QPainter, box: QRectF) -> None:
    """A picture of two halves, the second one filled."""
    _outline(painter)
    frame = box.adjusted(0.5, 1.5, -0.5, -1.5)
    painter.drawRoundedRect(frame, 2, 2)
    painter.fillRect(QRectF(frame.center().x(), frame.top(), frame.width() / 2, frame.height()), painter.pen().color())


def draw_slider(painter: QPainter, box: QRectF) -> None:
    """A picture with a line through it that can be dragged to both sides."""
    _outline(painter)
    frame = box.adjusted(0.5, 1.5, -0.5, -1.5)
    painter.drawRoundedRect(frame, 2, 2)
    middle = frame.center()
    painter.drawLine(QPointF(middle.x(), frame.top()), QPointF(middle.x(), frame.bottom()))
    painter.setBrush(painter.pen().color())
    painter.drawEllipse(middle, 2.4, 2.4)


def draw_side_by_side(painter: QPainter, box: QRectF) -> None:
    """Two pictures."""
    _outline(painter)
    half = (box.width() - 3) / 2
    for x in (box.left() + 0.5, box.right() - half - 0.5):
        painter.drawRoundedRect(QRectF(x, box.top() + 1.5, half, box.height() - 3), 1.5, 1.5)


def draw_swap(painter: QPainter, box: QRectF) -> None:
    """Two arrows that pass each other."""
    _outline(painter)
    head = 0.22 * box.width()
    for y, x, tip in ((0.32, box.left(), box.right()), (0.72, box.right(), box.left())):
        line = box.top() + y * box.height()
        back = tip + (head if tip < x else -head)
        painter.drawLine(QPointF(x, line), QPointF(tip, line))
        painter.drawPolyline(QPolygonF([QPointF(back, line - head), QPointF(tip, line), QPointF(back, line + head)]))


def draw_close(painter: QPainter, box: QRectF) -> None:
    """A cross."""
    _outline(painter)
    inner = box.adjusted(2.5, 2.5, -2.5, -2.5)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())


def draw_play(painter: QPainter, box: QRectF) -> None:
    """A triangle that points on."""
    _fill(painter)
    left, right = box.left() + 0.2 * box.width(), box.right() - 0.1 * box.width()
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(left, box.top() + 0.1 * box.height()),
                QPointF(right, box.center().y()),
                QPointF(left, box.bottom() - 0.1 * box.height()),
            ]
        )
    )


def draw_pause(painter: QPainter, box: QRectF) -> None:
    """Two bars."""
    _fill(painter)
    for x in (0.2, 0.58):
        painter.drawRect(QRectF(box.left() + x * box.width(), box.top() + 1.5, 0.22 * box.width(), box.height() - 3))


def draw_copy(painter: QPainter, box: QRectF) -> None:
    """A sheet before another one."""
    _outline(painter)
    sheet = QRectF(0, 0, 0.62 * box.width(), 0.7 * box.height())
    front = sheet.translated(box.right() - sheet.width() - 0.5, box.bottom() - sheet.height() - 0.5)
    back = sheet.translated(box.left() + 0.5, box.top() + 0.5)
    painter.drawRoundedRect(front, 1.5, 1.5)
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(front.left() - 2, back.bottom()),
                back.bottomLeft(),
                back.topLeft(),
                back.topRight(),
                QPointF(back.right(), front.top() - 2),
            ]
        )
    )


def _outline(painter: QPainter) -> None:
    painter.setPen(QPen(painter.pen().color(), STROKE))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _fill(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
