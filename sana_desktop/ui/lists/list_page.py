"""A prompt list as a page of the window: a table, what can be done with it, and how far it is."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.services.batch.sheet import EMPTY
from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.gallery.gallery_glyphs import draw_back
from sana_desktop.ui.lists.sheet_model import PICTURE, STATE, THUMBNAIL, TIME, TOKENS, WORDS, SheetModel

_WIDTHS = {0: 250, 1: 130, 2: 86, 3: 54, 4: 76, 5: 84, 6: 68, PICTURE: 64, WORDS: 220, TOKENS: 66, TIME: 84, STATE: 190}
BAR_HEIGHT = 6


class ListPage(QWidget):
    """Shows a `SheetModel` and says what the user wants with it; `show_progress` and the like say how it stands.

    Signals:
        leaveRequested(): the user wants to see the single picture again.
        openRequested(), sheetRequested(), exportRequested(): read a list, write contact sheets, write a CSV.
        drawRequested(), pauseRequested(): begin or go on, or begin nothing more.
        pasteRequested(int): the clipboard shall become rows before this one.
        pictureRequested(int): the picture of a row shall be shown large.
    """

    leaveRequested = Signal()
    openRequested = Signal()
    sheetRequested = Signal()
    exportRequested = Signal()
    drawRequested = Signal()
    pauseRequested = Signal()
    pasteRequested = Signal(int)
    pictureRequested = Signal(int)

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._running = False
        self.table = QTableView()
        self.table.setModel(model)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(BAR_HEIGHT)
        self._bar.setAccessibleName(self.tr("Progress of the list"))
        self._back = GlyphButton(draw_back)
        self._back.setToolTip(self.tr("Back to drawing"))
        self._back.setAccessibleName(self.tr("Back to drawing"))
        self._back.clicked.connect(self.leaveRequested)
        self._open = self._button(self.tr("&Open a list…"), self.openRequested.emit)
        self._paste = self._button(self.tr("Paste"), self._on_paste)
        self._add = self._button(self.tr("&Add a row"), self._on_add)
        self._up = self._button(self.tr("Up"), lambda: self._shift(-1))
        self._down = self._button(self.tr("Down"), lambda: self._shift(1))
        self._remove = self._button(self.tr("Remove"), self._on_remove)
        self._draw = self._button(self.tr("&Draw"), self.drawRequested.emit)
        self._draw.setProperty("accent", True)
        self._pause = self._button(self.tr("Pau&se"), self.pauseRequested.emit)
        self._again = self._button(self.tr("&Try failed again"), self.drawRequested.emit)
        self._sheet = self._button(self.tr("&Contact sheet"), self.sheetRequested.emit)
        self._export = self._button(self.tr("&Export CSV…"), self.exportRequested.emit)
        self._build()
        model.modelReset.connect(self.refresh)
        model.moved.connect(self.refresh)
        self.table.selectionModel().selectionChanged.connect(self.refresh)
        self.table.doubleClicked.connect(self._on_double)
        self.refresh()

    @property
    def chosen(self) -> list[int]:
        """The rows that are selected, in order."""
        return sorted({index.row() for index in self.table.selectionModel().selectedIndexes()})

    def show_running(self, running: bool) -> None:
        """A list is being drawn, or not."""
        self._running = running
        self.refresh()

    def show_progress(self, done: int, total: int, words: str) -> None:
        """How many pictures are there, of how many, and a sentence."""
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(done)
        self._words.setText(words)

    @Slot()
    def refresh(self) -> None:
        """Offer what makes sense now."""
        chosen, some, still = bool(self.chosen), self._model.count > 0, not self._running
        for button in (self._open, self._paste, self._add):
            button.setEnabled(still)
        for button in (self._up, self._down, self._remove):
            button.setEnabled(still and chosen)
        self._draw.setEnabled(still and some)
        self._pause.setEnabled(self._running)
        self._again.setVisible(self._model.failed > 0)
        self._again.setEnabled(still)
        self._sheet.setEnabled(some)
        self._export.setEnabled(some)
        triggers = QAbstractItemView.EditTrigger
        edits = triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        self.table.setEditTriggers(edits if still else triggers.NoEditTriggers)
        why = "" if still else self.tr("Pause the list to change it.")
        for button in (self._open, self._paste, self._add, self._up, self._down, self._remove):
            button.setToolTip(why)

    def _button(self, text: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("tight", True)
        button.clicked.connect(lambda: slot())
        return button

    def _build(self) -> None:
        table = self.table
        table.setAccessibleName(self.tr("Prompt list"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setWordWrap(False)
        table.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setTabKeyNavigation(False)
        heads = table.horizontalHeader()
        for column, width in _WIDTHS.items():
            heads.resizeSection(column, width)
        # What came of a row stands beside its prompt, also in a small window.
        heads.moveSection(PICTURE, 0)
        heads.moveSection(heads.visualIndex(STATE), 2)
        heads.setStretchLastSection(True)
        heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.verticalHeader().setDefaultSectionSize(THUMBNAIL + 4)
        above = QHBoxLayout()
        above.setContentsMargins(12, 8, 12, 8)
        above.setSpacing(6)
        above.addWidget(self._back)
        for button in (self._open, self._paste, self._add, self._up, self._down, self._remove):
            above.addWidget(button)
        above.addStretch(1)
        for button in (self._sheet, self._export):
            above.addWidget(button)
        below = QHBoxLayout()
        below.setContentsMargins(16, 8, 12, 10)
        below.setSpacing(10)
        below.addWidget(self._words)
        below.addWidget(self._bar, 1)
        for button in (self._again, self._pause, self._draw):
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(table, 1)
        column.addLayout(below)
        keys: tuple[tuple[QKeySequence, Callable[[], object]], ...] = (
            (QKeySequence(QKeySequence.StandardKey.Paste), self._on_paste),
            (QKeySequence(QKeySequence.StandardKey.Delete), self._on_remove),
            (QKeySequence("Alt+Up"), lambda: self._shift(-1)),
            (QKeySequence("Alt+Down"), lambda: self._shift(1)),
        )
        for sequence, slot in keys:
            shortcut = QShortcut(sequence, table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)

    @Slot()
    def _on_paste(self) -> None:
        if not self._running:
            chosen = self.chosen
            self.pasteRequested.emit(chosen[0] if chosen else self._model.count)

    @Slot()
    def _on_add(self) -> None:
        at = self.chosen[-1] + 1 if self.chosen else self._model.count
        self._model.insert(at, [EMPTY])
        self.table.setCurrentIndex(self._model.index(at, 0))
        self.table.edit(self._model.index(at, 0))

    @Slot()
    def _on_remove(self) -> None:
        if not self._running:
            self._model.remove(self.chosen)

    def _shift(self, by: int) -> None:
        if self._running:
            return
        select = QItemSelectionModel.SelectionFlag
        rows = self._model.shift(self.chosen, by)
        self.table.selectionModel().clearSelection()
        for row in rows:
            self.table.selectionModel().select(self._model.index(row, 0), select.Select | select.Rows)

    @Slot(object)
    def _on_double(self, index: object) -> None:
        current = self.table.currentIndex()
        if current.column() == PICTURE and self._model.path(current.row()) is not None:
            self.pictureRequested.emit(current.row())
