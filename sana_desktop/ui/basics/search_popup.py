"""A list that opens below a button and shrinks to what is typed into it."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSortFilterProxyModel, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QListView, QVBoxLayout, QWidget

from sana_desktop.ui.basics.calm_fields import CalmLineEdit
from sana_desktop.ui.basics.check_delegate import CheckDelegate

# What is searched in a row; may say more than the row shows.
SEARCHED = int(Qt.ItemDataRole.UserRole) + 1
LEAST_WIDTH = 300
LIST_HEIGHT = 260
_MOVING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class SearchPopup(QFrame):
    """Shows the rows of `model` whose `SEARCHED` text holds what is typed, and below them the tip of the current one.

    Letters go to the search field, arrows to the list, Enter and a click choose; Esc closes. `foot` may be filled
    with buttons.

    Signals:
        chosen(QModelIndex): a row of `model`.
        closed: it was hidden.
    """

    chosen = Signal(QModelIndex)
    closed = Signal()

    def __init__(self, model: QStandardItemModel, name: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._empty = empty
        self._rows = QSortFilterProxyModel(self)
        self._rows.setSourceModel(model)
        self._rows.setFilterRole(SEARCHED)
        self._rows.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._search = CalmLineEdit()
        self._search.setPlaceholderText(self.tr("Type to search"))
        self._search.offer_to_clear()
        self._search.setAccessibleName(self.tr("Search"))
        self._list = QListView()
        self._list.setModel(self._rows)
        self._list.setAccessibleName(name)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setItemDelegate(CheckDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setMinimumHeight(LIST_HEIGHT)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tip = QLabel()
        self._tip.setTextFormat(Qt.TextFormat.PlainText)
        self._tip.setWordWrap(True)
        self._tip.setMinimumHeight(3 * self._tip.fontMetrics().lineSpacing())
        self._tip.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.foot = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self._search)
        column.addWidget(self._list, 1)
        column.addWidget(self._tip)
        column.addLayout(self.foot)
        self.setFocusProxy(self._search)
        self._search.installEventFilter(self)
        self._list.installEventFilter(self)
        self._search.textChanged.connect(self._on_search)
        self._list.clicked.connect(self._on_clicked)
        self._list.selectionModel().currentChanged.connect(self._on_current)

    def open_below(self, button: QWidget, width: int) -> None:
        """Show it under `button`, or over it where the screen ends."""
        self.resize(max(width, LEAST_WIDTH), self.sizeHint().height())
        corner = button.mapToGlobal(QPoint(0, button.height() + 2))
        screen = button.screen().availableGeometry()
        if corner.y() + self.height() > screen.bottom():
            corner.setY(max(screen.top(), button.mapToGlobal(QPoint(0, 0)).y() - self.height() - 2))
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - self.width())))
        self.move(corner)
        self._search.clear()
        self._on_search()
        self.show()
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Send arrows to the list and let Enter choose, wherever the cursor is."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self._list.currentIndex())
                return True
            if key is Qt.Key.Key_Space and watched is self._list:
                self._choose(self._list.currentIndex())
                return True
            if watched is self._search and key in _MOVING:
                self._list.event(event)
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the edge, which the style leaves dark on dark."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is gone."""
        self.closed.emit()

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._rows.mapToSource(index))

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(index)

    @Slot()
    def _on_search(self) -> None:
        self._rows.setFilterFixedString(self._search.text())
        self._list.setCurrentIndex(self._rows.index(0, 0))
        self._show_tip(self._list.currentIndex())

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        self._show_tip(current)

    def _show_tip(self, index: QModelIndex) -> None:
        nothing = self.tr("Nothing is called like that.") if self._search.text() else self._empty
        tip = index.data(Qt.ItemDataRole.ToolTipRole) if index.isValid() else nothing
        self._tip.setText(_short(str(tip or "")))


def _short(text: str, most: int = 220) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
