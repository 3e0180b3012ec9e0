"""A box to tick that can be seen on any ground."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton, QStylePainter

SIDE = 15.0
ROUNDING = 3.5
# The tick, in parts of the box.
TICK = ((0.24, 0.52), (0.43, 0.71), (0.77, 0.3))


class CheckBox(QCheckBox):
    """Filled with the accent colour while it is ticked, with an edge in the colour of fields else."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, then the words as the style does."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        style, element = self.style(), QStyle.SubElement
        box = QRectF(0, 0, SIDE, SIDE)
        box.moveCenter(QRectF(style.subElementRect(element.SE_CheckBoxIndicator, option, self)).center())
        role, palette = QPalette.ColorRole, self.palette()
        edge = role.Midlight if not self.isEnabled() else role.Accent if self.hasFocus() else role.Mid
        draw_check_box(painter, box, palette, palette.color(edge), ticked=self.isChecked())
        option.rect = style.subElementRect(element.SE_CheckBoxContents, option, self)  # pyright: ignore[reportAttributeAccessIssue]
        painter.drawControl(QStyle.ControlElement.CE_CheckBoxLabel, option)
        painter.end()


def draw_check_box(painter: QPainter, box: QRectF, palette: QPalette, edge: QColor, *, ticked: bool) -> None:
    """Draw a box with an `edge` of this colour, and the tick."""
    role = QPalette.ColorRole
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1.2))
    painter.setBrush(palette.color(role.Highlight if ticked else role.Base))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), ROUNDING, ROUNDING)
    if ticked:
        painter.setPen(QPen(palette.color(role.HighlightedText), 1.8))
        painter.drawPolyline([QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in TICK])
