"""A chosen style, to be seen and to be removed."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from sana_desktop.ui.basics.glyphs import draw_cross

MARGIN = 9
CROSS = 10.0
WIDEST = 220


class StyleChip(QAbstractButton):
    """Shows the name of a style; a click, Space, Delete or Backspace removes it, which `clicked` says."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(name)
        self.setAccessibleName(self.tr("Remove the style {name}").format(name=name))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Room for the name and the cross; names that are too long end in dots."""
        text = min(self.fontMetrics().horizontalAdvance(self.text()) + 1, WIDEST)
        return QSize(text + 2 * MARGIN + round(CROSS) + 6, self.fontMetrics().height() + 12)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove it by the keys that remove things."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a pill."""
        palette, role = self.palette(), QPalette.ColorRole
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = role.Accent if self.hasFocus() or self.underMouse() else role.Mid
        painter.setPen(QPen(palette.color(edge), 1))
        painter.setBrush(palette.color(role.Button))
        pill = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(palette.color(role.ButtonText))
        words = self.rect().adjusted(MARGIN, 0, -MARGIN - round(CROSS) - 6, 0)
        name = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        cross = QRectF(0, 0, CROSS, CROSS)
        cross.moveCenter(QRectF(self.rect()).center())
        cross.moveRight(self.width() - MARGIN)
        draw_cross(painter, cross)
