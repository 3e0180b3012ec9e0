"""A few words on a picture, on a ground of their own."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette

PADDING_X = 8.0
PADDING_Y = 3.0
# Enough of the ground that words can be read on any picture.
OPACITY = 0.85


def paint_pill(painter: QPainter, palette: QPalette, corner: QPointF, text: str, *, right: bool = False) -> QRectF:
    """Paint `text` in a rounded box; `corner` is its top left corner, or its top right one. Returns the box."""
    size = painter.fontMetrics().size(0, text)
    box = QRectF(0, 0, size.width() + 2 * PADDING_X, size.height() + 2 * PADDING_Y)
    if right:
        box.moveTopRight(corner)
    else:
        box.moveTopLeft(corner)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(OPACITY)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Window))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setOpacity(1)
    painter.setPen(palette.color(QPalette.ColorRole.WindowText))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return box
