"""Lets the parts of a prompt look like what they mean, while it is typed."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QPalette, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit

from sana_desktop.ui.basics.utf16 import all_units
from sana_desktop.ui.prompt.prompt_inks import PromptInks, inks_for
from sana_desktop.ui.prompt.prompt_marks import Mark, MarkKind, marks_in

# In Qt's units, within one block: start, length, and what it is.
BlockMarks = tuple[tuple[int, int, MarkKind, float], ...]
# Characters. Far more than any model reads.
LONGEST_MARKED = 20_000


class PromptHighlighter(QSyntaxHighlighter):
    """Colours comments, weights, with `slots` also `{prompt}`, and what lies beyond the model's limit.

    Marks may reach over several lines: a line is coloured again when marks in it change, wherever the typing is.
    Very long texts stay plain, so that typing in them stays quick.
    """

    def __init__(self, editor: QPlainTextEdit, *, slots: bool = False) -> None:
        # Not with the document yet: what is known of the old text has to go before Qt colours the new one.
        super().__init__(editor)
        document = editor.document()
        self._slots = slots
        self._inks: PromptInks = inks_for(editor.palette())
        self._unread_from: int | None = None
        self._is_read = False
        self._marks: dict[int, BlockMarks] = {}
        document.contentsChange.connect(self._on_contents_change)
        self.setDocument(document)
        document.contentsChange.connect(self._on_coloured)

    def set_palette(self, palette: QPalette) -> None:
        """Take other colours."""
        inks = inks_for(palette)
        if inks != self._inks:
            self._inks = inks
            self.rehighlight()

    def set_unread(self, position: int | None) -> None:
        """Everything from the character at `position` on is not read; None: all of it is."""
        if position != self._unread_from:
            self._unread_from = position
            self._is_read = False
            self._repaint_changed()

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        self._read()
        marks = self._marks.get(self.currentBlock().blockNumber(), ())
        for start, length, kind, weight in marks:
            self.setFormat(start, length, self._format(kind, weight))
        self.setCurrentBlockState(_state(marks))

    def _format(self, kind: MarkKind, weight: float) -> QTextCharFormat:
        inks, look = self._inks, QTextCharFormat()
        match kind:
            case MarkKind.COMMENT:
                look.setForeground(inks.quiet)
                look.setFontItalic(True)
            case MarkKind.BRACKET:
                look.setForeground(inks.quiet)
            case MarkKind.WEIGHT:
                look.setForeground(inks.for_weight(weight))
            case MarkKind.SLOT:
                look.setForeground(inks.slot)
            case MarkKind.UNREAD:
                look.setForeground(inks.quiet)
                look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
                look.setUnderlineColor(inks.amber)
        return look

    @Slot(int, int, int)
    def _on_contents_change(self, position: int, removed: int, added: int) -> None:
        self._is_read = False

    @Slot(int, int, int)
    def _on_coloured(self, position: int, removed: int, added: int) -> None:
        self._repaint_changed()

    def _repaint_changed(self) -> None:
        self._read()
        block = self.document().begin()
        while block.isValid():
            if block.userState() != _state(self._marks.get(block.blockNumber(), ())):
                self.rehighlightBlock(block)
            block = block.next()

    def _read(self) -> None:
        """Find the marks of the whole text, once for each change of it."""
        if self._is_read:
            return
        self._is_read = True
        text = self.document().toPlainText()
        found = marks_in(text, slots=self._slots, unread_from=self._unread_from) if len(text) <= LONGEST_MARKED else ()
        places = all_units(text)
        lines: dict[int, list[tuple[int, int, MarkKind, float]]] = {}
        for mark in found:
            self._put_in_lines(mark, places[mark.start], places[mark.end], lines)
        self._marks = {number: tuple(marks) for number, marks in lines.items()}

    def _put_in_lines(
        self, mark: Mark, start: int, end: int, lines: dict[int, list[tuple[int, int, MarkKind, float]]]
    ) -> None:
        block = self.document().findBlock(start)
        while block.isValid() and block.position() < end:
            first = max(start, block.position())
            length = min(end, block.position() + block.length() - 1) - first
            if length > 0:
                lines.setdefault(block.blockNumber(), []).append(
                    (first - block.position(), length, mark.kind, mark.weight)
                )
            block = block.next()


def _state(marks: BlockMarks) -> int:
    """A number that tells marks apart, as Qt keeps one with each line."""
    return hash(marks) & 0x7FFFFFFF
