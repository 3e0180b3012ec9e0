"""All pictures that were found, in rows that are as wide as the view."""

from array import array
from collections.abc import Iterable

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from sana_desktop.ui.gallery.cell_painter import CellPainter
from sana_desktop.ui.gallery.gallery_model import GalleryModel, Index
from sana_desktop.ui.gallery.grid_geometry import GridGeometry

SMALLEST_SIDE, USUAL_SIDE, LARGEST_SIDE = 96, 176, 256
SIDE_STEP = 16
GAP = 10

_Cursor = QAbstractItemView.CursorAction
_Flag = QItemSelectionModel.SelectionFlag
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class GalleryGrid(QListView):
    """Lays out a hundred thousand pictures as quickly as ten, because it computes where each one is.

    It is a list view for screen readers, for the keyboard and for drags; layout and painting are its own. Keys with
    a meaning for pictures are given to whoever listens: see `keyPressed`.

    Signals:
        viewChanged(): other pictures are seen, or of another size.
        chosenChanged(): other pictures are selected, or another one is current.
        opened(): the user wants to see the current picture large.
        keyPressed(QKeyEvent): a key that the grid has no use for; accepted by who has one.
        menuRequested(QPoint): what can be done with the selected pictures? At a global place.
        sideChanged(int): the user has made pictures larger or smaller.
    """

    viewChanged = Signal()
    chosenChanged = Signal()
    opened = Signal()
    keyPressed = Signal(QKeyEvent)
    menuRequested = Signal(QPoint)
    sideChanged = Signal(int)

    def __init__(self, pictures: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._side = USUAL_SIDE
        self._geometry = GridGeometry(0, 0, self._side, GAP)
        self._empty_text = ""
        self._cells = CellPainter(self.tr("cannot be shown"), self.tr("File is missing"))
        # What was current and selected before the model was filled anew.
        self._kept: tuple[int | None, int, frozenset[int]] = (None, 0, frozenset())
        self.setAccessibleName(self.tr("Pictures"))
        self.setAccessibleDescription(
            self.tr("0 to 5 rate, the full stop marks favourites, Enter shows a picture large, Delete throws away.")
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there: if it came and went, the columns would jump.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setTabKeyNavigation(False)
        pictures.modelAboutToBeReset.connect(self._on_about_to_be_reset)
        self.setModel(pictures)
        # After the view's own.
        pictures.modelReset.connect(self._on_reset)
        self.doubleClicked.connect(self._on_double_clicked)

    @property
    def side(self) -> int:
        """How large pictures are at most, in pixels of the window."""
        return self._side

    def set_side(self, side: int) -> None:
        """Make pictures larger or smaller; what is in the middle stays there."""
        side = min(max(side, SMALLEST_SIDE), LARGEST_SIDE)
        if side == self._side:
            return
        middle = self._geometry.near(self.viewport().width() // 2, self._top + self.viewport().height() // 2)
        self._side = side
        self.updateGeometries()
        if middle is not None:
            self._show_at(middle, self.viewport().height() // 2)
        self.viewport().update()
        self.sideChanged.emit(side)
        self.viewChanged.emit()

    def set_empty_text(self, text: str) -> None:
        """What stands where there are no pictures."""
        if text != self._empty_text:
            self._empty_text = text
            self.viewport().update()

    def seen(self, screens: int = 0) -> range:
        """The places that are seen, with so many screens above and below."""
        height = self.viewport().height()
        return self._geometry.between(max(0, self._top - screens * height), (2 * screens + 1) * height)

    def current_picture(self) -> int | None:
        """The number of the picture that the keyboard is at."""
        index = self.currentIndex()
        return self._pictures.pictures[index.row()] if index.isValid() else None

    def chosen_count(self) -> int:
        """How many pictures are selected."""
        return sum(part.height() for part in self._parts())

    def chosen(self) -> "array[int]":
        """The numbers of the selected pictures, in the order in which they are shown."""
        found = array("q")
        for part in sorted(self._parts(), key=lambda part: part.top()):
            found += self._pictures.pictures[part.top() : part.bottom() + 1]
        return found

    def go_to(self, place: int) -> None:
        """Make the picture at a place the current and only chosen one; the last one if there are fewer."""
        count = len(self._pictures.pictures)
        if count:
            self._choose(self._pictures.index(min(max(place, 0), count - 1)))

    def go_to_picture(self, picture: int) -> None:
        """Make this picture the current and only chosen one, if it is shown."""
        if picture in self._pictures.pictures:
            self.go_to(self._pictures.pictures.index(picture))

    @property
    def _top(self) -> int:
        return self.verticalScrollBar().value()

    def _choose(self, index: QModelIndex) -> None:
        # Qt's own way would add to what is selected while a key is held down.
        self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect)

    def _parts(self) -> list[QItemSelectionRange]:
        return self.selectionModel().selection().toList()

    def _show_at(self, place: int, y: int) -> None:
        box = self._geometry.box(place)
        self.verticalScrollBar().setValue(box.top + box.height // 2 - y)

    def _on_about_to_be_reset(self) -> None:
        # All of them, or nearly so, mean no picture in particular.
        few = self.chosen_count() <= max(1, len(self._pictures.pictures) // 2)
        chosen = frozenset[int](self.chosen() if few else ())
        index = self.currentIndex()
        self._kept = (self.current_picture(), index.row() if index.isValid() else 0, chosen)

    def _on_reset(self) -> None:
        # Before Qt lays out, which it puts off: the current picture is scrolled to now.
        self.updateGeometries()
        current, place, chosen = self._kept
        pictures = self._pictures.pictures
        if current is not None and pictures:
            wanted = chosen | {current}
            places = [at for at, picture in enumerate(pictures) if picture in wanted]
            at = next((at for at in places if pictures[at] == current), None)
            # The current one is gone: the one that took its place is next.
            stays = at is not None
            at = min(place, len(pictures) - 1) if at is None else at
            selection = self._selection(range(one, one + 1) for one in places if pictures[one] in chosen)
            index = self._pictures.index(at)
            self.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
            if selection.isEmpty() and chosen and not stays:
                self.selectionModel().select(index, _Flag.ClearAndSelect)
            else:
                self.selectionModel().select(selection, _Flag.ClearAndSelect)
        elif pictures:
            # So that keys lead somewhere at once.
            self.selectionModel().setCurrentIndex(self._pictures.index(0), _Flag.NoUpdate)
        self.chosenChanged.emit()

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit()

    def _selection(self, parts: Iterable[range]) -> QItemSelection:
        selection = QItemSelection()
        for part in parts:
            selection.select(self._pictures.index(part.start), self._pictures.index(part.stop - 1))
        return selection

    # What a view has to know of its layout.

    def doItemsLayout(self) -> None:
        """Nothing is laid out one by one."""
        QAbstractItemView.doItemsLayout(self)
        self.viewChanged.emit()

    def updateGeometries(self) -> None:
        """Let the scroll bar know how much there is."""
        size = self.viewport().size()
        count = self._pictures.rowCount()
        self._geometry = GridGeometry(count, size.width(), self._side, GAP)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._geometry.height - size.height()))
        bar.setPageStep(size.height())
        bar.setSingleStep(self._geometry.pitch // 2)

    def visualRect(self, index: Index) -> QRect:
        """Where a picture lies in the view."""
        if not index.isValid():
            return QRect()
        box = self._geometry.box(index.row())
        return QRect(box.left, box.top - self._top, box.width, box.height)

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The picture at a point."""
        place = self._geometry.at(point.x(), point.y() + self._top)
        return QModelIndex() if place is None else self._pictures.index(place)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Show a picture, with as little movement as possible."""
        if not index.isValid():
            return
        rect, height = self.visualRect(index).adjusted(0, -GAP, 0, GAP), self.viewport().height()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            self._show_at(index.row(), height // 2)
        elif rect.top() < 0 or rect.height() > height:
            self.verticalScrollBar().setValue(self._top + rect.top())
        elif rect.bottom() >= height:
            self.verticalScrollBar().setValue(self._top + rect.bottom() + 1 - height)

    def horizontalOffset(self) -> int:
        """Pictures never stand beside the view."""
        return 0

    def verticalOffset(self) -> int:
        """How far the first row is above the view."""
        return self._top

    def isIndexHidden(self, index: Index) -> bool:
        """All are shown."""
        return False

    def moveCursor(self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Where a key leads from the current picture."""
        count, index = self._pictures.rowCount(), self.currentIndex()
        if not count:
            return QModelIndex()
        if not index.isValid():
            return self._pictures.index(0)
        columns = self._geometry.columns
        page = columns * max(1, self.viewport().height() // self._geometry.pitch)
        place = index.row()
        match cursorAction:
            case _Cursor.MoveLeft | _Cursor.MovePrevious:
                place -= 1
            case _Cursor.MoveRight | _Cursor.MoveNext:
                place += 1
            case _Cursor.MoveUp:
                place -= columns if place >= columns else 0
            case _Cursor.MoveDown:
                # From the last row but one, the end is below as well.
                below = place + columns
                place = below if below < count or place // columns == (count - 1) // columns else count - 1
                place = index.row() if place >= count else place
            case _Cursor.MovePageUp:
                place = max(place - page, place % columns)
            case _Cursor.MovePageDown:
                place += page
            case _Cursor.MoveHome:
                place = 0
            case _Cursor.MoveEnd:
                place = count - 1
            case _:
                pass
        return self._pictures.index(min(max(place, 0), count - 1))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select what lies between two corners: in reading order, or within a frame that the mouse draws."""
        top = self._top
        start, end = rect.topLeft(), rect.bottomRight()
        if self.state() is QAbstractItemView.State.DragSelectingState:
            box = rect.normalized()
            parts = self._geometry.in_rectangle(box.left(), box.top() + top, box.right(), box.bottom() + top)
        elif (start - end).manhattanLength() == 0:
            place = self._geometry.at(start.x(), start.y() + top)
            parts = [] if place is None else [range(place, place + 1)]
        else:
            one, other = (self._geometry.near(corner.x(), corner.y() + top) for corner in (start, end))
            parts = [] if one is None or other is None else [range(min(one, other), max(one, other) + 1)]
        self.selectionModel().select(self._selection(parts), command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What has to be painted again for a selection: all of the view, which is quickly done."""
        return QRegion(self.viewport().rect()) if not selection.isEmpty() else QRegion()

    # What happens to the view.

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell whoever shows details."""
        super().selectionChanged(selected, deselected)
        self.chosenChanged.emit()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell whoever shows details; the frame of the keyboard moves."""
        super().currentChanged(current, previous)
        self.viewport().update()
        self.chosenChanged.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted already, and paint the rest."""
        self.viewport().scroll(dx, dy)
        self.viewChanged.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let rows be as wide as the view; what was at the top stays there."""
        first = self._geometry.near(0, self._top + GAP) if self._top else None
        QAbstractItemView.resizeEvent(self, event)
        self.updateGeometries()
        if first is not None:
            self.verticalScrollBar().setValue(self._geometry.box(min(first, self._geometry.count - 1)).top - GAP)
        self.viewChanged.emit()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window, where it stops what is being drawn."""
        override = event.type() is QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Offer keys to who knows what to do with pictures; the rest moves and selects."""
        plain = not event.modifiers() & _COMMANDS
        if plain and event.key() in _OPENING and self.currentIndex().isValid():
            self.opened.emit()
            return
        event.ignore()
        self.keyPressed.emit(event)
        # Letters that mean nothing would make Qt look for names.
        letter = plain and event.text().isprintable() and bool(event.text())
        if not event.isAccepted() and not letter:
            event.accept()
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl make pictures larger or smaller."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_side(self._side + (SIDE_STEP if event.angleDelta().y() > 0 else -SIDE_STEP))
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click between pictures lets all go."""
        left, between = (
            event.button() is Qt.MouseButton.LeftButton,
            not self.indexAt(event.position().toPoint()).isValid(),
        )
        if left and between and not event.modifiers():
            self.clearSelection()
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the selected pictures."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if not index.isValid():
            return
        if not self.selectionModel().isSelected(index):
            self._choose(index)
        self.menuRequested.emit(
            event.globalPos() if by_mouse else self.viewport().mapToGlobal(self.visualRect(index).center())
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pictures that are seen, or words in their place."""
        painter = QPainter(self.viewport())
        palette, dirty, top = self.palette(), event.rect(), self._top
        selection = self.selectionModel()
        current = self.currentIndex().row() if self.hasFocus() and self.currentIndex().isValid() else -1
        for place in self._geometry.between(top + dirty.top() - GAP, dirty.height() + 2 * GAP):
            box = self._geometry.box(place)
            rect = QRect(box.left, box.top - top, box.width, box.height)
            number = self._pictures.pictures[place]
            row, stack = self._pictures.row_of(number), self._pictures.stack_size(number)
            image = None if row is None else self._pictures.image_of(row)
            chosen = selection.isSelected(self._pictures.index(place))
            self._cells.paint(
                painter, rect, palette, row, image, selected=chosen, current=place == current, stack=stack
            )
        if not self._geometry.count and self._empty_text:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            where = self.viewport().rect().adjusted(40, 0, -40, 0)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_text)
