"""The field for a prompt."""

import math

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from sana_desktop.domain.prompt_text import move_chunk
from sana_desktop.domain.weights_text import WEIGHT_STEP, change_weight
from sana_desktop.ui.basics.utf16 import characters_before, units_before
from sana_desktop.ui.prompt.prompt_highlighter import PromptHighlighter

# Between the words and the edge.
MARGIN = 6
_KEY = Qt.Key
_CONTROL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class PromptEditor(QPlainTextEdit):
    """Plain words over at least `lines` lines, with undo; `enlarged` makes letters larger than the window's.

    With `most_lines` it grows with what is written, up to that many; else it takes the room that it is given.

    Ctrl+Up and Ctrl+Down let words count more or less, Alt+Left and Alt+Right move a phrase between commas; each
    is one step to undo. Comments and weights have colours, with `slots` also `{prompt}`. Tab leaves it, because
    prompts hold no tabs.

    Signals:
        edited: its words are others; unlike `textChanged`, not for new colours.
        generateRequested: Ctrl+Enter was pressed in it.
        generateFirstRequested: Ctrl+Shift+Enter was pressed in it.
        olderRequested, newerRequested: Alt+Up or Alt+Down was pressed in it.
    """

    edited = Signal()
    generateRequested = Signal()
    generateFirstRequested = Signal()
    olderRequested = Signal()
    newerRequested = Signal()

    def __init__(
        self,
        lines: int,
        *,
        most_lines: int | None = None,
        enlarged: float = 1.0,
        slots: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lines = lines
        self._most_lines = max(lines, most_lines or lines)
        self._words = ""
        self._fitted = 0
        self.document().setDocumentMargin(MARGIN)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * enlarged)
        self.setFont(font)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setMinimumHeight(self.minimumSizeHint().height())
        if self._most_lines > lines:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._highlighter = PromptHighlighter(self, slots=slots)
        self.textChanged.connect(self._on_text_changed)

    def replace_text(self, text: str) -> None:
        """Put other words in, in such a way that undo brings the old ones back."""
        if text == self.toPlainText():
            return
        cursor = self.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def show_unread(self, position: int | None) -> None:
        """Mark everything from the character at `position` on as not read by the model; None: nothing."""
        self._highlighter.set_unread(position)

    def sizeHint(self) -> QSize:
        """Room for what is written, within both numbers of lines."""
        smallest, largest = self._height(self._lines), self._height(self._most_lines)
        written, block = 0.0, self.document().firstBlock()
        # Lines with letters of other fonts are higher than the usual ones.
        while block.isValid() and written < largest:
            written += self.blockBoundingRect(block).height()
            block = block.next()
        return QSize(120, max(smallest, min(math.ceil(written) + self._around(), largest)))

    def minimumSizeHint(self) -> QSize:
        """Room for the lines and the frame around them."""
        return QSize(120, self._height(self._lines))

    def _height(self, lines: int) -> int:
        return math.ceil(lines * QFontMetricsF(self.font()).lineSpacing()) + self._around()

    def _around(self) -> int:
        return 2 * (self.frameWidth() + round(self.document().documentMargin())) + 4

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height where other widths break the lines elsewhere."""
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        height = self.sizeHint().height()
        if height != self._fitted:
            self._fitted = height
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that mean the same in every program of this kind."""
        if not self._take(event.keyCombination().keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier, event):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look of the window."""
        super().changeEvent(event)
        # Qt sends this from within its own constructor, too.
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_highlighter"):
            self._highlighter.set_palette(self.palette())

    def _take(self, modifiers: Qt.KeyboardModifier, event: QKeyEvent) -> bool:
        match modifiers, Qt.Key(event.key()):
            case (m, _KEY.Key_Return | _KEY.Key_Enter) if m == _CONTROL:
                self.generateRequested.emit()
            case (m, _KEY.Key_Return | _KEY.Key_Enter) if m == _CONTROL | _SHIFT:
                self.generateFirstRequested.emit()
            case (m, _KEY.Key_Up) if m == _CONTROL:
                self._weigh(WEIGHT_STEP)
            case (m, _KEY.Key_Down) if m == _CONTROL:
                self._weigh(-WEIGHT_STEP)
            case (m, _KEY.Key_Left) if m == _ALT:
                self._move(-1)
            case (m, _KEY.Key_Right) if m == _ALT:
                self._move(1)
            case (m, _KEY.Key_Up) if m == _ALT:
                self.olderRequested.emit()
            case (m, _KEY.Key_Down) if m == _ALT:
                self.newerRequested.emit()
            case _:
                return False
        return True

    def _weigh(self, step: float) -> None:
        text, start, end = self._selected()
        self._change(text, *change_weight(text, start, end, step))

    def _move(self, by: int) -> None:
        text, start, end = self._selected()
        self._change(text, *move_chunk(text, start, end, by))

    def _selected(self) -> tuple[str, int, int]:
        text, cursor = self.toPlainText(), self.textCursor()
        return (
            text,
            characters_before(text, cursor.selectionStart()),
            characters_before(text, cursor.selectionEnd()),
        )

    def _change(self, old: str, new: str, start: int, end: int) -> None:
        """Make `new` of `old` in one step to undo, touching only what differs, and select from start to end."""
        cursor = self.textCursor()
        if new != old:
            same = _common_start(old, new)
            tail = _common_start(old[same:][::-1], new[same:][::-1])
            cursor.beginEditBlock()
            cursor.setPosition(units_before(old, same))
            cursor.setPosition(units_before(old, len(old) - tail), QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(new[same : len(new) - tail])
            cursor.endEditBlock()
        cursor.setPosition(units_before(new, start))
        cursor.setPosition(units_before(new, end), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    @Slot()
    def _on_text_changed(self) -> None:
        words = self.toPlainText()
        if words != self._words:
            self._words = words
            self.edited.emit()


def _common_start(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
