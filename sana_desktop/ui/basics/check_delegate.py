"""Rows of a list with room around their words, and check boxes that can be seen on any ground."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from sana_desktop.ui.basics.check_box import SIDE, draw_check_box

EXTRA_HEIGHT = 8
MARGIN = 8


class CheckDelegate(QStyledItemDelegate):
    """Draws a box before the words of a row that has a check state, ticked or empty."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A little higher than the words."""
        return super().sizeHint(option, index) + QSize(0, EXTRA_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the ground, the box and the words."""
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        look = QStyleOptionViewItem(option)
        self.initStyleOption(look, index)
        words, look.text = look.text, ""
        look.features &= ~QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        look.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, look, painter, look.widget)
        chosen = bool(look.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        ink = look.palette.color(QPalette.ColorGroup.Active, role)
        room = look.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        painter.save()
        painter.setPen(QPen(ink, 1.4))
        if state is not None:
            box = QRectF(room.left(), room.top() + (room.height() - SIDE) // 2, SIDE, SIDE)
            ticked = Qt.CheckState(state) is Qt.CheckState.Checked
            draw_check_box(painter, box, look.palette, ink, ticked=ticked)
            painter.setPen(ink)
            room.setLeft(room.left() + round(SIDE) + MARGIN)
        text = look.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()
