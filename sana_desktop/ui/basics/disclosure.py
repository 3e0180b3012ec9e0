"""A line that opens what is not needed every time."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

ARROW = 3.5
# From the left edge to the words.
INDENT = 16
HEIGHT = 10


class Disclosure(QWidget):
    """Shows `body` below a line with `title` while it is open; closed at first.

    Signals:
        toggled(bool): it was opened or closed.
    """

    toggled = Signal(bool)

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = body
        self._head = _Head()
        self._head.setText(title)
        self._head.setAccessibleName(title)
        # Not checkable: an open one would look like a button that is held down.
        self._head.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._head)
        column.addWidget(body)
        self._is_open = False
        self._show_state()
        self._head.clicked.connect(self._on_clicked)

    @property
    def is_open(self) -> bool:
        """Whether the body can be seen."""
        return self._is_open

    def set_open(self, is_open: bool) -> None:
        """Open or close it."""
        if is_open != self._is_open:
            self._is_open = is_open
            self._show_state()
            self.toggled.emit(is_open)

    def _show_state(self) -> None:
        self._head.show_open(self._is_open)
        self._head.setAccessibleDescription(self.tr("open") if self._is_open else self.tr("closed"))
        self._body.setVisible(self._is_open)

    def _on_clicked(self) -> None:
        self.set_open(not self._is_open)


class _Head(QToolButton):
    """Words that begin at the left edge, as those around do, behind an arrow to the right or down."""

    def __init__(self) -> None:
        super().__init__()
        self._is_open = False

    def show_open(self, is_open: bool) -> None:
        self._is_open = is_open
        self.update()

    def sizeHint(self) -> QSize:
        """Room for arrow and words."""
        metrics = self.fontMetrics()
        return QSize(INDENT + metrics.horizontalAdvance(self.text()) + 6, metrics.height() + HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow and the words; an edge shows that the keyboard is here."""
        role, palette = QPalette.ColorRole, self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(ARROW + 1, self.height() / 2)
        along, across = QPointF(ARROW / 2, 0), QPointF(0, ARROW)
        if self._is_open:
            along, across = QPointF(0, ARROW / 2), QPointF(ARROW, 0)
        painter.setPen(QPen(palette.color(role.WindowText), 1.4))
        painter.drawPolyline([middle - along - across, middle + along, middle - along + across])
        words = self.rect().adjusted(INDENT, 0, 0, 0)
        painter.setPen(palette.color(role.Accent if self.hasFocus() else role.WindowText))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus() or self.underMouse():
            level = (self.height() + self.fontMetrics().height()) // 2
            painter.drawLine(
                words.left(), level, words.left() + self.fontMetrics().horizontalAdvance(self.text()), level
            )
