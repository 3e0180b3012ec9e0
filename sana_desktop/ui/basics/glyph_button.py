"""A small button with a drawn sign instead of words."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from sana_desktop.ui.basics.glyphs import Glyph

SIDE = 28
GLYPH_SIDE = 15.0


class GlyphButton(QToolButton):
    """Shows `glyph`, and `checked_glyph` while it is checked. The sign takes the colour of button texts."""

    def __init__(self, glyph: Glyph, checked_glyph: Glyph | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self._checked_glyph = checked_glyph or glyph
        self.setCheckable(checked_glyph is not None)

    def sizeHint(self) -> QSize:
        """As high as the fields beside it."""
        return QSize(SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, then the sign."""
        super().paintEvent(event)
        box = QRectF(0, 0, GLYPH_SIDE, GLYPH_SIDE)
        box.moveCenter(QRectF(self.rect()).center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().buttonText().color())
        (self._checked_glyph if self.isChecked() else self._glyph)(painter, box)
