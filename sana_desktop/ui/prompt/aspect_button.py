"""One shape to choose: drawn as what it is, with its name below."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from sana_desktop.domain.aspects import Aspect
from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.ui.basics.fit_colours import colour_of

# The longest side of a drawn shape.
LONGEST = 26.0
ROOM = 34
WIDTH = 30
ROUNDING = 3.0


class AspectButton(QAbstractButton):
    """Offers `aspect`; filled with the accent colour while it is chosen, its border amber or red where memory is short.

    Tab stops at the chosen one of a group only; from there the arrow keys go on.
    """

    def __init__(self, aspect: Aspect, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.aspect = aspect
        self._level = FitLevel.FITS
        self.setText(aspect.name)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.toggled.connect(self._on_toggled)

    @property
    def level(self) -> FitLevel:
        """Whether memory is enough for this size."""
        return self._level

    def set_level(self, level: FitLevel) -> None:
        """Say by a colour whether memory is enough; whoever knows says it in words, too."""
        if level is not self._level:
            self._level = level
            self.update()

    def _on_toggled(self, chosen: bool) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        """Room for the shape and its name."""
        return QSize(WIDTH, ROOM + self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        """No less than the hint: a shape cannot be squeezed."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shape to scale."""
        palette, role = self.palette(), QPalette.ColorRole
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(role.Button))
            painter.drawRoundedRect(QRectF(self.rect()), ROUNDING, ROUNDING)
        size = self.aspect.size
        scale = LONGEST / max(size.width, size.height)
        shape = QRectF(QPointF(), QSizeF(size.width * scale, size.height * scale))
        shape.moveCenter(QPointF(self.width() / 2, ROOM / 2))
        chosen = self.isChecked()
        if self._level is FitLevel.FITS:
            painter.setPen(QPen(palette.color(role.Highlight if chosen else role.PlaceholderText), 1.5))
        else:
            painter.setPen(QPen(colour_of(self._level, palette), 2.5))
        painter.setBrush(palette.color(role.Highlight) if chosen else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(shape, ROUNDING, ROUNDING)
        painter.setPen(palette.color(role.WindowText if chosen else role.PlaceholderText))
        name = self.rect().adjusted(0, ROOM, 0, 0)
        painter.drawText(name, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self.text())
        if self.hasFocus():
            painter.setPen(QPen(palette.color(role.Highlight), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), ROUNDING, ROUNDING)
