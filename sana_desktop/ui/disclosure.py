"""A line that opens what is not needed every time."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget


class Disclosure(QWidget):
    """Shows `body` below a line with `title` while it is open; closed at first.

    Signals:
        toggled(bool): it was opened or closed.
    """

    toggled = Signal(bool)

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = body
        self._head = QToolButton()
        self._head.setText(title)
        self._head.setAccessibleName(title)
        # Not checkable: an open one would look like a button that is held down.
        self._head.setAutoRaise(True)
        self._head.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
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
        self._head.setArrowType(Qt.ArrowType.DownArrow if self._is_open else Qt.ArrowType.RightArrow)
        self._head.setAccessibleDescription(self.tr("open") if self._is_open else self.tr("closed"))
        self._body.setVisible(self._is_open)

    def _on_clicked(self) -> None:
        self.set_open(not self._is_open)
