"""The row of pictures itself: choosing, comparing, dragging away and throwing out."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from sana_desktop.ui.strip.film_filter import FilmFilter
from sana_desktop.ui.strip.film_model import Index
from sana_desktop.ui.strip.frame_delegate import SIDE, FrameDelegate

_MOVES = {
    Qt.Key.Key_Left: QAbstractItemView.CursorAction.MoveLeft,
    Qt.Key.Key_Right: QAbstractItemView.CursorAction.MoveRight,
    Qt.Key.Key_Home: QAbstractItemView.CursorAction.MoveHome,
    Qt.Key.Key_End: QAbstractItemView.CursorAction.MoveEnd,
}


class FilmView(QListView):
    """Shows the pictures of a filter in a row; they can be dragged to other programs as files.

    The arrows choose; with Ctrl they only go to a picture, and C or a click with Ctrl compares it.

    Signals:
        pictureChosen(object), compareRequested(object): the `Path` of the picture that the user wants to see.
        copyRequested(object), trashRequested(object): the `Path` of the picture to copy, or to throw away.
        menuRequested(object, object): what can be done with the row of that `QModelIndex`? At a global place.
    """

    pictureChosen = Signal(object)
    compareRequested = Signal(object)
    copyRequested = Signal(object)
    trashRequested = Signal(object)
    menuRequested = Signal(object, object)

    def __init__(self, pictures: FilmFilter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._empty_text = ""
        self.setModel(pictures)
        self.setItemDelegate(FrameDelegate(self))
        self.setAccessibleName(self.tr("Film strip"))
        self.setAccessibleDescription(
            self.tr("Your pictures, the newest first. Ctrl with arrows looks around, C compares, Delete throws away.")
        )
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMovement(QListView.Movement.Static)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._set_height()
        # Whether a change of the current picture chooses it, and what was current before the mouse.
        self._choosing = True
        self._before_press = QPersistentModelIndex()
        self.clicked.connect(self._on_clicked)

    def set_empty_text(self, text: str) -> None:
        """What stands where there are no pictures."""
        self._empty_text = text
        self.viewport().update()

    def mark_newest(self) -> None:
        """Mark the first picture without choosing it: whoever put it there shows it already."""
        self._choosing = False
        self.setCurrentIndex(self._pictures.index(0, 0))
        self._choosing = True
        self.scrollToTop()

    def _set_height(self) -> None:
        # With room for the scroll bar, so that nothing jumps when the row becomes too long.
        self.setFixedHeight(SIDE + 2 * self.frameWidth() + self.horizontalScrollBar().sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Stay as high as the scroll bar of the new look wants."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._set_height()

    def sizeHint(self) -> QSize:
        """A few pictures wide; the height is fixed."""
        return QSize(4 * SIDE, self.height())

    def _go(self, key: Qt.Key) -> None:
        """Move the current picture and leave the chosen one marked."""
        index = self.moveCursor(_MOVES[key], Qt.KeyboardModifier.NoModifier)
        if index.isValid():
            self._choosing = False
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self._choosing = True

    def _choose(self, index: Index) -> None:
        self.pictureChosen.emit(self._pictures.frame(index).path)

    def _on_clicked(self, index: QModelIndex) -> None:
        # A click on another picture has chosen it already, when the mouse went down.
        if self._before_press == index:
            self._choose(index)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Choose where the keyboard goes."""
        super().currentChanged(current, previous)
        if current.isValid() and self._choosing and self.hasFocus():
            self._choose(current)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Compare with Ctrl; otherwise remember what was current, to tell a click on it from one on another picture."""
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if index.isValid():
                self.compareRequested.emit(self._pictures.frame(index).path)
            return
        self._before_press = QPersistentModelIndex(self.currentIndex())
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, compare, throw away, look around; and show the current one again on Enter."""
        index = self.currentIndex()
        path = self._pictures.frame(index).path if index.isValid() else None
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.Copy):
            if path is not None:
                self.copyRequested.emit(path)
        elif event.modifiers() == Qt.KeyboardModifier.ControlModifier and key in _MOVES:
            self._go(key)
        elif path is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self._choose(index)
        elif path is not None and key == Qt.Key.Key_C:
            self.compareRequested.emit(path)
        elif path is not None and key == Qt.Key.Key_Delete:
            self.trashRequested.emit(path)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the picture under the pointer, or the current one for the keyboard."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid():
            corner = self.viewport().mapToGlobal(self.visualRect(index).center())
            self.menuRequested.emit(index, event.globalPos() if by_mouse else corner)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pictures, or words in their place."""
        super().paintEvent(event)
        if not self._pictures.rowCount() and self._empty_text:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self._empty_text)
