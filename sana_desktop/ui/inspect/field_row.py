"""One setting of a picture: its name, its value, and a button that copies it."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QWidget

from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.canvas.canvas_glyphs import draw_copy

# Longer or broken into lines, a value gets a field that scrolls.
LONGEST_LINE = 60
MOST_LINES = 7
# A longer text would take too long to be laid out; copied, it is complete.
MOST_SHOWN = 10_000
NAME_WIDTH = 130


class FieldRow:
    """Three widgets in a row of a grid; `value` is what the button copies, `name_width` is in pixels."""

    def __init__(self, name: str, value: str, parent: QWidget, *, name_width: int = NAME_WIDTH) -> None:
        self._value = value
        self._name = QLabel(name, parent)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._name.setFixedWidth(name_width)
        self._name.setWordWrap(True)
        self._shown = self._long(value, parent) if _is_long(value) else self._short(value, parent)
        self._shown.setAccessibleName(name)
        self._copy = GlyphButton(draw_copy, parent=parent)
        self._copy.setAutoRaise(True)
        words = QCoreApplication.translate("FieldRow", "Copy: {name}").format(name=name)
        self._copy.setAccessibleName(words)
        self._copy.setToolTip(words)
        self._copy.clicked.connect(self.copy)

    @property
    def name(self) -> str:
        """What the value is called."""
        return self._name.text()

    @property
    def value(self) -> str:
        """The value."""
        return self._value

    def add_to(self, grid: QGridLayout, row: int) -> None:
        """Put the widgets into a row."""
        top = Qt.AlignmentFlag.AlignTop
        # The name stands at the height of the first line.
        self._name.setContentsMargins(0, 5, 0, 0)
        grid.addWidget(self._name, row, 0, top)
        grid.addWidget(self._shown, row, 1)
        grid.addWidget(self._copy, row, 2, top)

    def copy(self) -> None:
        """Put the value on the clipboard."""
        QGuiApplication.clipboard().setText(self._value)

    def _short(self, value: str, parent: QWidget) -> QWidget:
        label = QLabel(value, parent)
        # Plain: the value comes from a file that a stranger made.
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        label.setWordWrap(True)
        return label

    def _long(self, value: str, parent: QWidget) -> QWidget:
        shown = value if len(value) <= MOST_SHOWN else f"{value[:MOST_SHOWN]}…"
        edit = QPlainTextEdit(shown, parent)
        edit.setReadOnly(True)
        edit.setTabChangesFocus(True)
        lines = min(MOST_LINES, max(2, 1 + len(value) // LONGEST_LINE + value.count("\n")))
        frame = 6 + 2 * edit.frameWidth() + round(2 * edit.document().documentMargin())
        edit.setFixedHeight(lines * QFontMetrics(edit.font()).lineSpacing() + frame)
        return edit


def _is_long(value: str) -> bool:
    return len(value) > LONGEST_LINE or "\n" in value
