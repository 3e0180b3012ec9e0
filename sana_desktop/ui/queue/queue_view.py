"""The list of jobs: choosing, ordering and throwing out, with mouse and keyboard."""

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from sana_desktop.domain.job import JobState
from sana_desktop.ui.queue.queue_delegate import QueueDelegate
from sana_desktop.ui.queue.queue_model import QueueModel

ROWS_AT_ONCE = 200


class QueueView(QListView):
    """Shows a `QueueModel`. Waiting rows are dragged, or moved with Alt+Shift+Up and Down; Delete throws out.

    Signals:
        moveRequested(object, object): a list of waiting jobs, and the job that they shall stand before; None: the end.
        nudgeRequested(int, bool): a job shall change places with its neighbour, the lower one if True.
        cancelRequested(object): a list of jobs that are not wanted.
        openRequested(int): a job was double-clicked, or Enter pressed on it.
        menuRequested(QPoint): what can be done with the chosen rows? The place is a global one.
    """

    moveRequested = Signal(object, object)
    nudgeRequested = Signal(int, bool)
    cancelRequested = Signal(object)
    openRequested = Signal(int)
    menuRequested = Signal(QPoint)

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = model
        self.setModel(model)
        self.setItemDelegate(QueueDelegate(self))
        self.setAccessibleName(self.tr("Queue"))
        self.setAccessibleDescription(
            self.tr("What is drawn, what waits and what has ended. Alt+Shift+Up and Down move, Delete cancels.")
        )
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(ROWS_AT_ONCE)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.doubleClicked.connect(self._on_opened)

    def chosen(self) -> list[int]:
        """The jobs of the selected rows, from the top."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._jobs.item(self._jobs.index(row)).job for row in rows]

    def drop_before(self, row: int) -> None:
        """Ask for the chosen rows that wait to stand before `row`; beyond the waiting ones means at their end."""
        moved = [job for job in self.chosen() if self._state(job) is JobState.QUEUED]
        below = (self._jobs.item(self._jobs.index(place)) for place in range(row, self._jobs.rowCount()))
        next_one = next((item for item in below if item.job not in moved), None)
        before = None if next_one is None or next_one.state.ended else next_one.job
        if moved:
            self.moveRequested.emit(moved, before)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the move instead of making it: the queue decides."""
        if event.source() is not self:
            event.ignore()
            return
        place = event.position().toPoint()
        index = self.indexAt(place)
        if not index.isValid():
            self.drop_before(self._jobs.rowCount())
        else:
            lower_half = place.y() > self.visualRect(index).center().y()
            self.drop_before(index.row() + 1 if lower_half else index.row())
        # Qt then asks the model to remove the rows that were dragged, which it does not do.
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, throw out and open; everything else as in any list."""
        index = self.currentIndex()
        both = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
        keypad = Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and event.modifiers() & ~keypad == both:
            if index.isValid():
                self.nudgeRequested.emit(self._jobs.item(index).job, event.key() == Qt.Key.Key_Down)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if self.chosen():
                self.cancelRequested.emit(self.chosen())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~keypad:
            self._on_opened(index)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu at the pointer, or on the current row for the keyboard."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid():
            corner = self.viewport().mapToGlobal(self.visualRect(index).center())
            self.menuRequested.emit(event.globalPos() if by_mouse else corner)

    def _on_opened(self, index: QModelIndex) -> None:
        if index.isValid():
            self.openRequested.emit(self._jobs.item(index).job)

    def _state(self, job: int) -> JobState:
        return self._jobs.item(self._jobs.index(self._jobs.row_of(job))).state
