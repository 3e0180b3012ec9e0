"""The rows of a prompt list, for a table that people edit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QImage

from sana_desktop.services.batch.sheet import COLUMNS, EMPTY, MOST_ROWS, Row
from sana_desktop.services.batch.sheet_look import RowLook
from sana_desktop.services.time_left import rough_text

THUMBNAIL = 44
PICTURE, WORDS, TOKENS, TIME, STATE = (len(COLUMNS) + place for place in range(5))

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class RowState(StrEnum):
    """Where a row stands."""

    NEW = "new"
    WRONG = "wrong"
    DRAWING = "drawing"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class _Line:
    cells: Row = EMPTY
    look: RowLook | None = None
    done: int = 0
    failed: int = 0
    drawing: bool = False
    error: str = ""
    path: Path | None = None
    image: QImage | None = None


class SheetModel(QAbstractTableModel):
    """Cells that can be edited first, then what is known of the row: picture, words, tokens, time, state.

    Signals:
        edited(): a cell has another text.
        moved(): rows came, went, or changed their places.
    """

    edited = Signal()
    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[_Line] = []

    @property
    def rows(self) -> list[Row]:
        """The cells of all rows."""
        return [line.cells for line in self._lines]

    @property
    def looks(self) -> list[RowLook | None]:
        """What the rows stand for, as far as that is known."""
        return [line.look for line in self._lines]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._lines)

    @property
    def done(self) -> int:
        """How many pictures are there."""
        return sum(line.done for line in self._lines)

    @property
    def failed(self) -> int:
        """How many rows have a picture that was given up."""
        return sum(line.failed > 0 for line in self._lines)

    def state(self, row: int) -> RowState:
        """Where a row stands."""
        line = self._lines[row]
        if line.look is not None and line.look.problem is not None:
            return RowState.WRONG
        if line.drawing:
            return RowState.DRAWING
        if line.failed:
            return RowState.FAILED
        return RowState.DONE if line.look is not None and 0 < line.look.count <= line.done else RowState.NEW

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._lines = [_Line(row) for row in rows]
        self.endResetModel()
        self.moved.emit()

    def insert(self, at: int, rows: Sequence[Row]) -> None:
        """Put rows before the one at `at`, as many as there is room for."""
        rows = rows[: MOST_ROWS - len(self._lines)]
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), at, at + len(rows) - 1)
        self._lines[at:at] = [_Line(row) for row in rows]
        self.endInsertRows()
        self.moved.emit()

    def remove(self, rows: Iterable[int]) -> None:
        """Take rows away."""
        for row in sorted(set(rows), reverse=True):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._lines[row]
            self.endRemoveRows()
        self.moved.emit()

    def shift(self, rows: Iterable[int], by: int) -> list[int]:
        """Move rows up (-1) or down (+1), together; returns where they are now."""
        chosen = sorted(set(rows), reverse=by > 0)
        if not chosen or not 0 <= chosen[0] + by < len(self._lines):
            return sorted(chosen)
        for row in chosen:
            self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), row + (2 if by > 0 else -1))
            self._lines[row], self._lines[row + by] = self._lines[row + by], self._lines[row]
            self.endMoveRows()
        self.moved.emit()
        return sorted(row + by for row in chosen)

    def show_looks(self, looks: Iterable[RowLook]) -> None:
        """What the rows stand for is known."""
        by_row = {look.row: look for look in looks}
        self._lines = [replace(line, look=by_row.get(row)) for row, line in enumerate(self._lines)]
        self._tell_all()

    def row_of(self, picture: int) -> int | None:
        """The row that a picture of the list belongs to, counted from 0."""
        # Rows follow each other, and a bad one takes the place of one picture.
        at = 0
        for row, line in enumerate(self._lines):
            look = line.look
            at += 1 if look is None or look.problem is not None else look.count
            if picture < at:
                return row
        return None

    def show_saved(self, row: int, path: Path, image: QImage | None) -> None:
        """A picture of the row is on the disk."""
        line = self._lines[row]
        first = line.path is None
        self._set(
            row,
            replace(
                line,
                done=line.done + 1,
                drawing=False,
                path=path if first else line.path,
                image=image if line.image is None else line.image,
            ),
        )

    def show_image(self, path: Path, image: QImage) -> None:
        """The small picture of a file is there."""
        for row, line in enumerate(self._lines):
            if line.path == path:
                self._set(row, replace(line, image=image))

    def show_failed(self, row: int, error: str) -> None:
        """A picture of the row was given up."""
        line = self._lines[row]
        self._set(row, replace(line, failed=line.failed + 1, drawing=False, error=error))

    def show_drawing(self, rows: Iterable[int]) -> None:
        """These rows, and no others, are drawn now."""
        chosen = set(rows)
        for row, line in enumerate(self._lines):
            if line.drawing != (row in chosen):
                self._set(row, replace(line, drawing=row in chosen))

    def begin_again(self) -> None:
        """A run goes on: what failed is tried again."""
        self._lines = [replace(line, failed=0, drawing=False, error="") for line in self._lines]
        self._tell_all()

    def forget_pictures(self) -> None:
        """The rows are drawn anew."""
        self._lines = [_Line(line.cells, line.look) for line in self._lines]
        self._tell_all()

    def path(self, row: int) -> Path | None:
        """The file of the row's first picture."""
        return self._lines[row].path

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else STATE + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() < len(COLUMNS) else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return str(section + 1) if orientation is Qt.Orientation.Vertical else self._titles()[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line, column = self._lines[index.row()], index.column()
        if column < len(COLUMNS):
            wanted = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole)
            return line.cells[column] if role in wanted else None
        if column == PICTURE:
            return line.image if role == Qt.ItemDataRole.DecorationRole else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._known(index.row(), column)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        line, column = self._lines[index.row()], index.column()
        text = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or column >= len(COLUMNS) or text == line.cells[column]:
            return False
        cells = (*line.cells[:column], text, *line.cells[column + 1 :])
        # What was drawn is another picture's now.
        self._set(index.row(), _Line(cells))
        self.edited.emit()
        return True

    def size_hint(self) -> QSize:
        """How large a small picture is."""
        return QSize(THUMBNAIL, THUMBNAIL)

    def _titles(self) -> tuple[str, ...]:
        return (
            self.tr("Prompt"),
            self.tr("Negative prompt"),
            self.tr("Seed"),
            self.tr("Steps"),
            self.tr("Guidance"),
            self.tr("Size"),
            self.tr("Pictures"),
            self.tr("Picture"),
            self.tr("Is drawn as"),
            self.tr("Tokens"),
            self.tr("Time"),
            self.tr("State"),
        )

    def _known(self, row: int, column: int) -> str:
        line = self._lines[row]
        look = line.look
        if column == STATE:
            return self._state_text(row, line)
        if look is None or look.first is None:
            return ""
        if column == WORDS:
            return f"{look.first.recipe.prompt} · {look.first.recipe.seed}"
        if column == TOKENS:
            return "" if look.tokens is None else f"{look.tokens.used} / {look.tokens.limit}"
        return "" if look.seconds is None else rough_text(look.seconds)

    def _state_text(self, row: int, line: _Line) -> str:
        look = line.look
        state = self.state(row)
        if state is RowState.WRONG and look is not None and look.problem is not None:
            return f"{look.problem.message} {look.problem.hint}".strip()
        many = 1 if look is None else look.count
        share = self.tr("{done} of {many}").format(done=line.done, many=many) if many > 1 else ""
        words = {
            RowState.NEW: share if line.done else "",
            RowState.DRAWING: self.tr("is drawn"),
            RowState.DONE: self.tr("done"),
            RowState.FAILED: line.error,
        }
        said = words.get(state, "")
        return f"{share}: {said}" if share and state in (RowState.DRAWING, RowState.FAILED) else said

    def _set(self, row: int, line: _Line) -> None:
        self._lines[row] = line
        self.dataChanged.emit(self.index(row, 0), self.index(row, STATE))

    def _tell_all(self) -> None:
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, STATE))
