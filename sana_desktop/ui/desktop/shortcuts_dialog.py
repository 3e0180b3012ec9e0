"""All keys on one sheet."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.ui.basics.calm_fields import CalmLineEdit
from sana_desktop.ui.basics.dialog_size import open_at

# (title, ((what it does, keys), ...)); keys as they are shown, several of them with a comma and a blank between.
Group = tuple[str, Sequence[tuple[str, str]]]

FIRST_WIDTH, FIRST_HEIGHT = 760, 560
KEY_STYLE = """
KeyCap { border: 1px solid palette(mid); border-radius: 4px; padding: 1px 6px; background: palette(button);
    color: palette(button-text); }
"""


class KeyCap(QLabel):
    """One key, in a frame of its own."""


class ShortcutsDialog(QDialog):
    """Shows `groups` in two columns of about the same height; a field finds a line by its words or keys."""

    def __init__(self, groups: Sequence[Group], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self._find = CalmLineEdit()
        self._find.setPlaceholderText(self.tr("Find a shortcut"))
        self._find.setAccessibleName(self._find.placeholderText())
        self._find.offer_to_clear()
        self._find.textChanged.connect(self._on_find)
        self._nothing = QLabel(self.tr("No shortcut has these words."))
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._nothing.hide()
        # Each group with its lines: (words to find, widgets).
        self._groups: list[tuple[QWidget, list[tuple[str, tuple[QWidget, ...]]]]] = []
        self._build(groups)
        open_at(self, FIRST_WIDTH, FIRST_HEIGHT)

    def shown_lines(self) -> list[str]:
        """What the lines that are not filtered away do."""
        return [words for _, lines in self._groups for words, widgets in lines if not widgets[0].isHidden()]

    def _build(self, groups: Sequence[Group]) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(36)
        halves = (QVBoxLayout(), QVBoxLayout())
        heights = [0, 0]
        for group in groups:
            side = 0 if heights[0] <= heights[1] else 1
            heights[side] += len(group[1]) + 2
            halves[side].addWidget(self._group(group))
        for half in halves:
            half.setSpacing(14)
            half.addStretch()
            columns.addLayout(half, 1)
        sheet = QWidget()
        sheet.setStyleSheet(KEY_STYLE)
        body = QVBoxLayout(sheet)
        body.setContentsMargins(0, 0, 12, 0)
        body.addWidget(self._nothing)
        body.addLayout(columns)
        scroll = QScrollArea()
        scroll.setWidget(sheet)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName(self.windowTitle())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(12)
        column.addWidget(self._find)
        column.addWidget(scroll, 1)
        column.addWidget(buttons)

    def _group(self, group: Group) -> QWidget:
        title, lines = group
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        head = QLabel(title)
        font = head.font()
        font.setBold(True)
        head.setFont(font)
        grid.addWidget(head, 0, 0)
        found: list[tuple[str, tuple[QWidget, ...]]] = []
        for row, (what, keys) in enumerate(lines, start=1):
            label = QLabel(what)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            caps = _key_caps(keys)
            caps.setAccessibleName(f"{what}: {keys}")
            # A line of its own: one with many keys takes no room from the words of the others.
            line = QHBoxLayout()
            line.setSpacing(12)
            line.addWidget(label, 1)
            line.addWidget(caps, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addLayout(line, row, 0)
            found.append((f"{what} {keys}", (label, caps)))
        self._groups.append((box, found))
        return box

    @Slot(str)
    def _on_find(self, text: str) -> None:
        wanted = text.casefold().split()
        for box, lines in self._groups:
            matches = [all(word in words.casefold() for word in wanted) for words, _ in lines]
            for (_, widgets), match in zip(lines, matches, strict=True):
                for widget in widgets:
                    widget.setVisible(match)
            box.setVisible(any(matches))
        self._nothing.setVisible(not self.shown_lines())


def groups_of_menus(menus: QMenuBar) -> list[Group]:
    """One group for each menu, with every action below it that has a key."""
    groups: list[Group] = []
    for action in menus.actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            lines = tuple((plain_text(each), _keys(each)) for each in _actions_below(menu) if each.shortcuts())
            if lines:
                groups.append((plain_text(action), lines))
    return groups


def plain_text(action: QAction) -> str:
    """The words of an action as a sentence has them: no mark for the access key, no dots for a dialog."""
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").removesuffix("…").removesuffix("...")


def _actions_below(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            yield from _actions_below(below)
        elif not action.isSeparator():
            yield action


def _keys(action: QAction) -> str:
    texts = (keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in action.shortcuts())
    return ", ".join(dict.fromkeys(texts))


def _key_caps(keys: str) -> QWidget:
    """One key after the other."""
    caps = [KeyCap(one) for one in keys.split(", ")]
    for cap in caps:
        cap.setTextFormat(Qt.TextFormat.PlainText)
    if len(caps) == 1:
        return caps[0]
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for cap in caps:
        row.addWidget(cap)
    return box
