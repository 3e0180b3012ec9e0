"""One section of the settings window: a heading and the rows below it."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from sana_desktop.system.settings_schema import Section
from sana_desktop.ui.basics.theme import RULE
from sana_desktop.ui.settings.setting_row import SettingRow
from sana_desktop.ui.settings.settings_texts import setting_text

HEADING_SCALE = 1.35
SPACING = 14


class SettingsPage(QWidget):
    """Shows `rows`, and `extra` below them; a search leaves only the rows that it finds."""

    def __init__(self, section: Section, rows: tuple[SettingRow, ...], extra: QWidget | None = None) -> None:
        super().__init__()
        self.section = section
        self.rows = rows
        self._extra = extra
        title = setting_text(section.label)
        heading = QLabel(title)
        font = heading.font()
        font.setPointSizeF(font.pointSizeF() * HEADING_SCALE)
        font.setBold(True)
        heading.setFont(font)
        about = QLabel(setting_text(section.help))
        about.setWordWrap(True)
        about.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setAccessibleName(title)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACING)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(heading)
        head.addWidget(about)
        self._column.addLayout(head)
        self._lines: list[QFrame] = []
        for row in rows:
            line = QFrame()
            line.setFrameShape(QFrame.Shape.HLine)
            line.setForegroundRole(RULE)
            line.setFrameShadow(QFrame.Shadow.Plain)
            self._lines.append(line)
            self._column.addWidget(line)
            self._column.addWidget(row)
        if extra is not None:
            self._column.addWidget(extra)

    def show_all(self) -> None:
        """Show the whole section."""
        for row, line in zip(self.rows, self._lines, strict=True):
            row.show()
            line.show()
        if self._extra is not None:
            self._extra.show()
        self.show()

    def show_found(self, words: list[str]) -> SettingRow | None:
        """Show the rows that hold all `words`; returns the first, or hides the section and returns None."""
        title = setting_text(self.section.label).casefold()
        found = [row for row in self.rows if all(word in row.words or word in title for word in words)]
        for row, line in zip(self.rows, self._lines, strict=True):
            row.setVisible(row in found)
            line.setVisible(row in found)
        if self._extra is not None:
            self._extra.setVisible(bool(found))
        self.setVisible(bool(found))
        return found[0] if found else None
