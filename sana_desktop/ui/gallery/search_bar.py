"""What is above the grid: a way back, a field to look for pictures, their order and their size."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QSlider, QToolButton, QVBoxLayout, QWidget

from sana_desktop.errors import KnownError
from sana_desktop.gallery.reader import Sort
from sana_desktop.ui.basics.calm_fields import CalmComboBox, CalmLineEdit, CalmMenuButton
from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.gallery.gallery_glyphs import draw_back, draw_panel, draw_stack
from sana_desktop.ui.gallery.gallery_grid import LARGEST_SIDE, SIDE_STEP, SMALLEST_SIDE, USUAL_SIDE
from sana_desktop.ui.queue.board_glyphs import draw_search, glyph_icon

SLIDER_WIDTH = 110


class SearchBar(QWidget):
    """Says what the user looks for; shows how much was found, or what is wrong with the question.

    The menu `albums` is filled by whoever knows them, when it is about to be shown.

    Signals:
        searchChanged(): another text, or another order.
        leaveRequested(), gridRequested(): back to drawing, or down to the pictures.
        sideChosen(int): how large pictures shall be.
        stacksRequested(bool): put pictures that look alike behind the first of them, or show them all.
        detailsRequested(bool): show what is known of a picture, or hide it.
    """

    searchChanged = Signal()
    leaveRequested = Signal()
    gridRequested = Signal()
    sideChosen = Signal(int)
    stacksRequested = Signal(bool)
    detailsRequested = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._back = GlyphButton(draw_back)
        self._field = CalmLineEdit()
        self.albums = QMenu(self)
        self._albums = CalmMenuButton()
        self._found = QLabel()
        self._sort = CalmComboBox()
        self._side = QSlider(Qt.Orientation.Horizontal)
        self._stacks = GlyphButton(draw_stack, draw_stack)
        self._details = GlyphButton(draw_panel, draw_panel)
        self._problem = QLabel()
        self._build()
        self._back.clicked.connect(self.leaveRequested)
        self._field.textChanged.connect(self.searchChanged)
        self._field.returnPressed.connect(self.gridRequested)
        self._sort.currentIndexChanged.connect(self.searchChanged)
        self._side.valueChanged.connect(self.sideChosen)
        self._stacks.toggled.connect(self.stacksRequested)
        self._details.toggled.connect(self.detailsRequested)
        # Only while the field has the focus.
        down = QShortcut(QKeySequence("Down"), self._field)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self.gridRequested)
        self._field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in the field is the field's, also while a drawing could be cancelled by it."""
        if watched is self._field and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                self._on_escape()
                return True
        return super().eventFilter(watched, event)

    @property
    def text(self) -> str:
        """What is looked for."""
        return self._field.text()

    @property
    def sort(self) -> Sort:
        """In which order pictures are shown."""
        return Sort(self._sort.currentData())

    @property
    def stacks(self) -> bool:
        """Whether pictures that look alike stand behind the first of them."""
        return self._stacks.isChecked()

    @property
    def problem(self) -> str:
        """What is wrong with the question; empty if nothing is."""
        return self._problem.text()

    def set_text(self, text: str) -> None:
        """Look for something else."""
        self._field.setText(text)

    def set_side(self, side: int) -> None:
        """Show how large pictures are."""
        with QSignalBlocker(self._side):
            self._side.setValue(side)

    def set_details_shown(self, shown: bool) -> None:
        """Show whether details are shown."""
        with QSignalBlocker(self._details):
            self._details.setChecked(shown)

    def focus_field(self) -> None:
        """Let the user type at once."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def show_found(self, found: int, chosen: int) -> None:
        """Say how many pictures there are, and how many of them are selected."""
        count = self.tr("1 picture") if found == 1 else self.tr("{n} pictures").format(n=f"{found:,}")
        words = count if chosen < 2 else self.tr("{chosen} of {count}").format(chosen=f"{chosen:,}", count=count)
        if words != self._found.text():
            self._found.setText(words)
        self._problem.hide()
        self._problem.clear()

    def show_problem(self, error: KnownError) -> None:
        """Say why nothing new is found."""
        self._problem.setText(f"{error} {error.hint}".strip())
        self._problem.show()

    @Slot()
    def _on_escape(self) -> None:
        if self._field.text():
            self._field.clear()
        else:
            self.gridRequested.emit()

    def _build(self) -> None:
        self._back.setAutoRaise(True)
        self._back.setToolTip(self.tr("Back to drawing (Esc)"))
        self._back.setAccessibleName(self.tr("Back to drawing"))
        self._field.setPlaceholderText(
            self.tr("Find: words, tag:, pack:, size:, seed:, after:, rating:>3, is:favourite")
        )
        self._field.setAccessibleName(self.tr("Find pictures"))
        self._field.setToolTip(
            self.tr("All parts have to be true. A minus in front turns a part around, quotes keep words together.")
        )
        self._field.offer_to_clear()
        self._field.addAction(glyph_icon(draw_search), QLineEdit.ActionPosition.LeadingPosition)
        self._albums.setText(self.tr("Albums"))
        self._albums.setToolTip(self.tr("Look into an album, or keep what you look for as one"))
        self._albums.setAutoRaise(True)
        self._albums.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._albums.setMenu(self.albums)
        self._found.setAccessibleName(self.tr("How many pictures are shown"))
        self._found.setForegroundRole(self._found.palette().ColorRole.PlaceholderText)
        names = {
            Sort.NEWEST: self.tr("Newest first"),
            Sort.OLDEST: self.tr("Oldest first"),
            Sort.RATING: self.tr("Best first"),
            Sort.NAME: self.tr("By name"),
        }
        for sort, name in names.items():
            self._sort.addItem(name, sort.value)
        self._sort.setAccessibleName(self.tr("Order of the pictures"))
        self._sort.setToolTip(self.tr("Order of the pictures"))
        self._side.setRange(SMALLEST_SIDE, LARGEST_SIDE)
        self._side.setSingleStep(SIDE_STEP)
        self._side.setPageStep(2 * SIDE_STEP)
        self._side.setValue(USUAL_SIDE)
        self._side.setFixedWidth(SLIDER_WIDTH)
        self._side.setAccessibleName(self.tr("Size of the pictures"))
        self._side.setToolTip(self.tr("Size of the pictures (Ctrl++, Ctrl+-)"))
        self._stacks.setAutoRaise(True)
        self._stacks.setToolTip(self.tr("Stack pictures that look nearly the same (G opens a stack)"))
        self._stacks.setAccessibleName(self.tr("Stack pictures that look nearly the same"))
        self._details.setAutoRaise(True)
        self._details.setToolTip(self.tr("Show details (I)"))
        self._details.setAccessibleName(self.tr("Show details"))
        self._problem.setProperty("problem", True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        self._problem.hide()
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._back)
        row.addWidget(self._field, 1)
        row.addWidget(self._albums)
        row.addWidget(self._found)
        row.addWidget(self._sort)
        row.addWidget(self._side)
        row.addWidget(self._stacks)
        row.addWidget(self._details)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 8)
        column.addLayout(row)
        column.addWidget(self._problem)
