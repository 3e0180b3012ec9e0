"""The user's own styles: rename, change, delete, and import from other programs."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.domain.styles import Style
from sana_desktop.errors import KnownError
from sana_desktop.services.style_files import StyleImport, read_styles
from sana_desktop.services.styles import StyleBook
from sana_desktop.ui.basics.background import Background
from sana_desktop.ui.prompt.style_form import StyleForm

MOST_LINES = 200


class StyleManager(QDialog):
    """Shows the own styles of `book` and changes them there.

    Signals:
        stylesChanged: the book holds others.
        renamed(str, str): a style has another name: the old one and the new one.
    """

    stylesChanged = Signal()
    renamed = Signal(str, str)

    def __init__(self, book: StyleBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Styles"))
        self._book = book
        self._reading: Background | None = None
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Own styles"))
        self._empty = QLabel(self.tr("You have no styles of your own yet. Those that come with the program stay."))
        self._empty.setWordWrap(True)
        self._edit = self._button(self.tr("Change…"))
        self._delete = self._button(self.tr("Delete"))
        self._import = self._button(self.tr("Import…"))
        self._import.setToolTip(self.tr("styles.csv of A1111, or a JSON list of Fooocus or InvokeAI"))
        close = self._button(self.tr("Close"))
        self._report = QPlainTextEdit()
        self._report.setReadOnly(True)
        self._report.setAccessibleName(self.tr("What was imported"))
        self._report.hide()
        row = QHBoxLayout()
        for button in (self._import, self._edit, self._delete):
            row.addWidget(button)
        row.addStretch()
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.addWidget(self._empty)
        column.addWidget(self._list, 1)
        column.addWidget(self._report, 1)
        column.addLayout(row)
        self.resize(460, 420)
        self._list.currentRowChanged.connect(self._on_current)
        self._list.itemActivated.connect(self._on_edit)
        self._edit.clicked.connect(self._on_edit)
        self._delete.clicked.connect(self._on_delete)
        self._import.clicked.connect(self._on_import)
        close.clicked.connect(self.accept)

    def import_file(self, path: Path) -> None:
        """Read styles from a file in the background, add them, and report."""
        self._import.setEnabled(False)
        self._reading = Background(partial(_read, path))
        self._reading.done.connect(self._on_read)
        self._reading.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what the book holds now."""
        self._fill()
        super().showEvent(event)

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        return button

    def _fill(self, current: str = "") -> None:
        names = [style.name for style in self._book.own]
        self._list.clear()
        self._list.addItems(names)
        self._list.setVisible(bool(names))
        self._empty.setVisible(not names)
        self._list.setCurrentRow(names.index(current) if current in names else min(0, len(names) - 1))
        self._on_current(self._list.currentRow())

    def _current(self) -> Style | None:
        row = self._list.currentRow()
        return self._book.find(self._list.item(row).text()) if row >= 0 else None

    def _told(self, lines: list[str]) -> None:
        self._report.setPlainText("\n".join(lines[:MOST_LINES]))
        if len(lines) > MOST_LINES:
            self._report.appendPlainText(self.tr("… and {count} more").format(count=len(lines) - MOST_LINES))
        self._report.show()

    @Slot(int)
    def _on_current(self, row: int) -> None:
        reason = "" if row >= 0 else self.tr("Choose one of your own styles first.")
        for button in (self._edit, self._delete):
            button.setEnabled(row >= 0)
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)

    @Slot()
    def _on_edit(self) -> None:
        style = self._current()
        if style is not None:
            form = StyleForm(
                self.tr("Change style"),
                style.name,
                style.prompt,
                style.negative,
                partial(name_taken, self._book, style.name),
                self,
            )
            form.written.connect(self._on_written)
            form.open()

    @Slot(object)
    def _on_written(self, style: Style) -> None:
        old = self._current()
        if old is not None:
            self._book.put(style, instead_of=old.name)
            self._fill(style.name)
            if style.name != old.name:
                self.renamed.emit(old.name, style.name)
            self.stylesChanged.emit()

    @Slot()
    def _on_delete(self) -> None:
        style = self._current()
        if style is not None:
            row = self._list.currentRow()
            self._book.remove(style.name)
            self._fill()
            self._list.setCurrentRow(min(row, self._list.count() - 1))
            self.stylesChanged.emit()

    @Slot()
    def _on_import(self) -> None:
        kinds = self.tr("Lists of styles (*.csv *.json)")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Import styles"), "", kinds)
        if name:
            self.import_file(Path(name))

    @Slot(object)
    def _on_read(self, found: StyleImport | KnownError) -> None:
        self._reading = None
        self._import.setEnabled(True)
        if isinstance(found, KnownError):
            self._told([f"{found} {found.hint}".strip()])
            return
        added = self._book.add_all(found.styles)
        count = self.tr("Imported: {added}. Left out: {left}.").format(
            added=len(added.styles), left=len(found.skipped) + len(found.styles) - len(added.styles)
        )
        self._told([count, *added.skipped, *found.skipped])
        self._fill(added.styles[0].name if added.styles else "")
        if added.styles:
            self.stylesChanged.emit()


def name_taken(book: StyleBook, own: str, style: Style) -> str:
    """Why a style cannot have its name in `book`, apart from the style called `own`; empty if it can."""
    there = book.find(style.name)
    if there is None or there.name.casefold() == own.casefold():
        return ""
    text = QCoreApplication.translate("StyleManager", "There is a style called “{name}” already.")
    return text.format(name=there.name)


def _read(path: Path) -> StyleImport | KnownError:
    try:
        return read_styles(path)
    except KnownError as error:
        return error
