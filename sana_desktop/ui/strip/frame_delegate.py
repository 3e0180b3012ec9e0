"""How one picture of the film strip looks."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from sana_desktop.ui.strip.film_model import Index

SIDE = 88
GAP = 4
FRAME_WIDTH = 2


class FrameDelegate(QStyledItemDelegate):
    """Paints a small picture whole, with a border in the accent colour around the chosen one,
    and a thin one around another that has the focus."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the picture in the middle of its place."""
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if not isinstance(image, QImage) or image.isNull():
            return
        place: QRect = option.rect.adjusted(GAP, GAP, -GAP, -GAP)  # pyright: ignore[reportAttributeAccessIssue]
        fitted = QRect(place.topLeft(), image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio))
        fitted.moveCenter(place.center())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(fitted, image)
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        palette: QPalette = option.palette  # pyright: ignore[reportAttributeAccessIssue]
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), FRAME_WIDTH))
            painter.drawRect(fitted.adjusted(-1, -1, 1, 1))
        elif state & QStyle.StateFlag.State_HasFocus:
            # Where the keyboard is while it looks around.
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1, Qt.PenStyle.DashLine))
            painter.drawRect(fitted.adjusted(-2, -2, 1, 1))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The same square for every picture."""
        return QSize(SIDE, SIDE)
