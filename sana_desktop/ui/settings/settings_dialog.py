"""The settings window, made from the schema: everything counts and is kept as soon as it is changed."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.errors import KnownError, MachineError
from sana_desktop.gallery.files import check_folder
from sana_desktop.services.name_example import example_name
from sana_desktop.system.settings import Settings
from sana_desktop.system.settings_schema import Kind, Value
from sana_desktop.ui.basics.background import Background
from sana_desktop.ui.basics.calm_fields import CalmLineEdit
from sana_desktop.ui.settings.setting_controls import ChooseFolder, ask_for_folder
from sana_desktop.ui.settings.setting_row import SettingRow
from sana_desktop.ui.settings.settings_page import SettingsPage
from sana_desktop.ui.settings.settings_texts import setting_text

FIRST_SIZE = QSize(780, 620)
SMALLEST_SIZE = QSize(560, 360)
SECTIONS_WIDTH = 160
SECTION_PADDING = 14

PICTURES, PATTERN, FORMAT, BUDGET = (
    "files.pictures_folder",
    "files.name_pattern",
    "files.format",
    "drawing.preview_budget",
)
PRIVACY = "privacy"


class SettingsDialog(QDialog):
    """Shows and changes `settings`. `proof` stands below the privacy section.

    A value that is not allowed is explained below its field and changes nothing. Folders are tried out on
    another thread before they count.

    Signals:
        changed(str): the preference of this key has another value now; it is not on the disk yet.
    """

    changed = Signal(str)

    def __init__(
        self,
        settings: Settings,
        proof: QWidget | None = None,
        parent: QWidget | None = None,
        *,
        choose_folder: ChooseFolder = ask_for_folder,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._now = now
        # Folders that are being looked at, and the last one that was wanted for each key.
        self._checks: dict[tuple[str, str], Background] = {}
        self._wanted: dict[str, str] = {}
        self._rows = {key: SettingRow(setting, choose_folder) for key, setting in settings.schema.settings.items()}
        self._pages = tuple(
            SettingsPage(
                section,
                tuple(self._rows[setting.key] for setting in settings.schema.of(section)),
                proof if section.key == PRIVACY else None,
            )
            for section in settings.schema.sections
        )
        self._section = 0
        self._search = CalmLineEdit()
        self._sections = QListWidget()
        self._area = QScrollArea()
        self._nothing = QLabel(self.tr("No setting matches."))
        self._build()
        for key, row in self._rows.items():
            row.show_value(settings.value(key))
            row.edited.connect(self._on_edited)
            row.resetRequested.connect(self._on_reset)
        self._show_example(settings.text(PATTERN))
        self._search.textChanged.connect(self._on_search)
        self._search.returnPressed.connect(self._on_search_done)
        self._sections.currentRowChanged.connect(self._on_section)
        self._sections.setCurrentRow(0)

    def open_section(self, key: str) -> None:
        """Show one section and bring the window to the front."""
        self._search.clear()
        keys = [page.section.key for page in self._pages]
        self._sections.setCurrentRow(keys.index(key))
        self.show()
        self.raise_()
        self.activateWindow()

    def refresh(self, key: str) -> None:
        """Show a value that was changed elsewhere."""
        self._rows[key].show_value(self._settings.value(key))
        self._rows[key].clear_problem()

    def set_preview_cost(self, percent: float | None, text: str) -> None:
        """Say below the budget what previews took of the last picture's time; None: nothing is known yet."""
        if percent is None:
            self._rows[BUDGET].set_note(text)
        else:
            note = self.tr("Measured with the last picture: {percent} %. {text}")
            self._rows[BUDGET].set_note(note.format(percent=QLocale().toString(percent, "f", 1), text=text).strip())

    @property
    def found(self) -> tuple[str, ...]:
        """The keys of the rows that can be seen, perhaps after scrolling."""
        shown = (row for page in self._pages if not page.isHidden() for row in page.rows if not row.isHidden())
        return tuple(row.setting.key for row in shown)

    def row(self, key: str) -> SettingRow:
        """The row of a preference."""
        return self._rows[key]

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget what was typed and does not count."""
        super().hideEvent(event)
        for key in self._rows:
            self.refresh(key)
        self._show_example(self._settings.text(PATTERN))

    def _build(self) -> None:
        self.setWindowTitle(self.tr("Settings"))
        self._search.setPlaceholderText(self.tr("Search the settings"))
        self._search.setAccessibleName(self._search.placeholderText())
        self._search.offer_to_clear()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._search.setFocus)
        self._sections.setFixedWidth(SECTIONS_WIDTH)
        self._sections.setAccessibleName(self.tr("Sections"))
        self._sections.setFrameShape(QFrame.Shape.NoFrame)
        self._sections.setStyleSheet("::item { padding-left: 8px; }")
        height = self._sections.fontMetrics().height() + SECTION_PADDING
        for page in self._pages:
            item = QListWidgetItem(setting_text(page.section.label), self._sections)
            item.setSizeHint(QSize(0, height))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(4, 0, 16, 12)
        column.setSpacing(28)
        for page in self._pages:
            column.addWidget(page)
        column.addWidget(self._nothing)
        column.addStretch(1)
        self._nothing.hide()
        self._area.setWidget(body)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Tab goes from field to field, not to the area around them.
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        halves = QHBoxLayout()
        halves.setSpacing(16)
        halves.addWidget(self._sections)
        halves.addWidget(self._area, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 14, 4, 4)
        whole.setSpacing(12)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 10, 0)
        top.addWidget(self._search)
        whole.addLayout(top)
        whole.addLayout(halves, 1)
        self.setMinimumSize(SMALLEST_SIZE)
        self.resize(FIRST_SIZE)

    def _accept(self, key: str, value: Value) -> None:
        row = self._rows[key]
        row.clear_problem()
        if value != self._settings.value(key):
            self._settings.set(key, value)
            self.changed.emit(key)
        row.show_value(value)
        if key in (PATTERN, FORMAT):
            self._show_example(self._settings.text(PATTERN))

    def _show_example(self, pattern: str) -> None:
        row = self._rows[PATTERN]
        try:
            name = example_name(pattern, self._settings.choice(FORMAT), self._now())
        except KnownError as error:
            row.show_problem(error)
        else:
            row.set_note(self.tr("For example {name}").format(name=name))

    def _check_folder(self, key: str, path: str) -> None:
        self._rows[key].set_note(self.tr("Looking at the folder …"))
        self._wanted[key] = path
        if (key, path) not in self._checks:
            check = Background(partial(_examine_folder, key, path))
            self._checks[key, path] = check
            check.done.connect(self._on_examined)
            check.start()

    @Slot(str, object)
    def _on_edited(self, key: str, value: object) -> None:
        row = self._rows[key]
        # Whatever is being looked at, this came later.
        self._wanted.pop(key, None)
        try:
            checked = row.setting.check(value)
            if key == PATTERN:
                example_name(str(checked), self._settings.choice(FORMAT), self._now())
        except KnownError as error:
            row.show_problem(error)
            return
        if row.setting.kind is Kind.FOLDER and checked:
            self._check_folder(key, str(checked))
        else:
            self._accept(key, checked)

    @Slot(object)
    def _on_examined(self, result: tuple[str, str, KnownError | None]) -> None:
        key, path, error = result
        del self._checks[key, path]
        if self._wanted.get(key) != path:
            return
        del self._wanted[key]
        self._rows[key].set_note("")
        if error is None:
            self._accept(key, path)
        else:
            self._rows[key].show_problem(error)

    @Slot(str)
    def _on_reset(self, key: str) -> None:
        self._wanted.pop(key, None)
        self._rows[key].set_note("")
        self._accept(key, self._rows[key].setting.default)

    @Slot(int)
    def _on_section(self, chosen: int) -> None:
        if chosen < 0:
            return
        self._section = chosen
        self._search.clear()
        self._nothing.hide()
        for number, page in enumerate(self._pages):
            page.show_all()
            page.setVisible(number == chosen)
        self._area.verticalScrollBar().setValue(0)

    @Slot(str)
    def _on_search(self, text: str) -> None:
        words = text.casefold().split()
        if not words:
            # Back to where the search began.
            self._sections.setCurrentRow(self._section)
            return
        self._sections.setCurrentRow(-1)
        found = [page.show_found(words) for page in self._pages]
        self._nothing.setVisible(not any(found))
        self._area.verticalScrollBar().setValue(0)

    @Slot()
    def _on_search_done(self) -> None:
        found = self.found
        if self._search.text().split() and found:
            self._rows[found[0]].focus_control()


def _examine_folder(key: str, path: str) -> tuple[str, str, KnownError | None]:
    try:
        if key == PICTURES:
            check_folder(Path(path))
        elif not Path(path).is_dir():
            text = QCoreApplication.translate("SettingsDialog", "There is no folder {path}.").format(path=path)
            hint = QCoreApplication.translate("SettingsDialog", "Choose one that exists.")
            raise MachineError(text, hint=hint)
    except KnownError as error:
        return key, path, error
    return key, path, None
