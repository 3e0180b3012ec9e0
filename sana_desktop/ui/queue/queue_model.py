"""The jobs of this session as rows of a list."""

from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sana_desktop.domain.job import JobState
from sana_desktop.ui.basics.row_changes import Arranged, Inserted, Removed, Replaced, row_changes
from sana_desktop.ui.queue.job_item import JobItem, about_text, state_text

Index = QModelIndex | QPersistentModelIndex
ITEM_ROLE = Qt.ItemDataRole.UserRole
# Of a prompt; a longer one says no more in a tooltip.
MOST_LETTERS = 600


class QueueModel(QAbstractListModel):
    """Shows the jobs that it is told of, in that order; `find` gives what is known about each.

    Beside the usual roles, `ITEM_ROLE` gives the row's `JobItem`. Waiting jobs can be dragged.
    """

    def __init__(self, find: Callable[[int], JobItem], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self._jobs: list[int] = []

    def item(self, index: Index) -> JobItem:
        """What is known about the job of a row."""
        return self._find(self._jobs[index.row()])

    def show_jobs(self, jobs: Sequence[int]) -> None:
        """Show these jobs; what is selected stays selected."""
        for change in row_changes(self._jobs, jobs):
            match change:
                case Removed(first=first, count=count):
                    self.beginRemoveRows(QModelIndex(), first, first + count - 1)
                    del self._jobs[first : first + count]
                    self.endRemoveRows()
                case Inserted(first=first, rows=rows):
                    self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
                    self._jobs[first:first] = rows
                    self.endInsertRows()
                case Arranged(rows=rows):
                    self._arrange(rows)
                case Replaced(rows=rows):
                    self.beginResetModel()
                    self._jobs = list(rows)
                    self.endResetModel()

    def touch(self, row: int) -> None:
        """Something about the job in a row is new."""
        if 0 <= row < len(self._jobs):
            self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, job: int) -> int:
        """The row of a job, -1 if it has none. Looks at all rows."""
        return self._jobs.index(job) if job in self._jobs else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """How many jobs there are; none of them has children."""
        return 0 if parent.isValid() else len(self._jobs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The job itself, and words about it for pointers and screen readers."""
        if not index.isValid():
            return None
        item = self.item(index)
        match role:
            case Qt.ItemDataRole.UserRole:
                return item
            case Qt.ItemDataRole.DisplayRole:
                return item.order.recipe.prompt[:MOST_LETTERS]
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(item)
            case Qt.ItemDataRole.AccessibleTextRole:
                prompt = item.order.recipe.prompt[:MOST_LETTERS] or self.tr("A picture without a prompt")
                return f"{state_text(item).rstrip('.')}. {prompt}. {about_text(item)}"
            case _:
                return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be chosen; those that wait can be dragged, and dropped between others."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self.item(index).state is JobState.QUEUED else flags

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows are moved within the list."""
        return Qt.DropAction.MoveAction

    def _arrange(self, jobs: Sequence[int]) -> None:
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        places = {job: row for row, job in enumerate(jobs)}
        moved = [self.index(places[self._jobs[index.row()]]) for index in held]
        self._jobs = list(jobs)
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _tip(self, item: JobItem) -> str:
        lines = [item.order.recipe.prompt[:MOST_LETTERS], about_text(item), state_text(item)]
        hint: object = getattr(item.error, "hint", "")
        if hint:
            lines.append(str(hint))
        # Escaped and in paragraphs: a prompt may hold what Qt takes for markup, and long ones must wrap.
        return "".join(f"<p>{escape(line)}</p>" for line in lines if line)
