"""The field for a prompt."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget


class PromptEditor(QPlainTextEdit):
    """Plain words over at least `lines` lines, with undo; `enlarged` makes letters larger than the window's.

    Tab leaves it, because prompts hold no tabs.

    Signals:
        generateRequested: Ctrl+Enter was pressed in it.
    """

    generateRequested = Signal()

    def __init__(self, lines: int, *, enlarged: float = 1.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * enlarged)
        self.setFont(font)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setMinimumHeight(self.minimumSizeHint().height())

    def replace_text(self, text: str) -> None:
        """Put other words in, in such a way that undo brings the old ones back."""
        if text == self.toPlainText():
            return
        cursor = self.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(text)

    def sizeHint(self) -> QSize:
        """Room for the lines."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Room for the lines and the frame around them."""
        around = 2 * (self.frameWidth() + round(self.document().documentMargin())) + 4
        return QSize(120, self._lines * self.fontMetrics().lineSpacing() + around)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Ctrl+Enter for the verb that it is everywhere."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.generateRequested.emit()
        else:
            super().keyPressEvent(event)
