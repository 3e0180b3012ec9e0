"""Saved pictures as rows of a list, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl
from PySide6.QtGui import QImage

from sana_desktop.domain.recipe import Recipe
from sana_desktop.ui.basics.small_copy import small_copy

# Longest side of a small picture, twice what is shown: screens may have two pixels for one.
THUMBNAIL_SIDE = 192
FRAME_ROLE = Qt.ItemDataRole.UserRole
# Of a prompt; a longer one says no more in a tooltip.
MOST_LETTERS = 600

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One saved picture: small enough to keep thousands. Without a recipe it came from somewhere else."""

    thumbnail: QImage
    path: Path
    recipe: Recipe | None

    @property
    def prompt(self) -> str:
        """What it was drawn from, as far as it is known."""
        return "" if self.recipe is None else self.recipe.prompt


class FilmModel(QAbstractListModel):
    """Holds frames; a row can be dragged to other programs as its file. `FRAME_ROLE` gives the row's `Frame`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frames: list[Frame] = []
        self._paths: set[Path] = set()

    def frame(self, index: Index) -> Frame:
        """The frame of a row of this model."""
        return self._frames[index.row()]

    def prepend(self, image: QImage, path: Path, recipe: Recipe | None) -> None:
        """Put a picture at the front; one from the same file, which was replaced, goes."""
        self.remove(path)
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._frames.insert(0, Frame(small_copy(image, THUMBNAIL_SIDE), path, recipe))
        self._paths.add(path)
        self.endInsertRows()

    def append(self, frames: Iterable[Frame]) -> None:
        """Put older pictures at the end, without those that are there already."""
        new = [frame for frame in frames if frame.path not in self._paths]
        if new:
            self.beginInsertRows(QModelIndex(), len(self._frames), len(self._frames) + len(new) - 1)
            self._frames += new
            self._paths.update(frame.path for frame in new)
            self.endInsertRows()

    def remove(self, path: Path) -> None:
        """Take a picture out, if it is there; its file stays."""
        if path in self._paths:
            row = next(row for row, frame in enumerate(self._frames) if frame.path == path)
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._frames[row]
            self._paths.remove(path)
            self.endRemoveRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """How many pictures there are; none of them has children."""
        return 0 if parent.isValid() else len(self._frames)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The frame, the small picture, and words about it for pointers and screen readers."""
        if not index.isValid():
            return None
        frame = self.frame(index)
        match role:
            case Qt.ItemDataRole.UserRole:
                return frame
            case Qt.ItemDataRole.DecorationRole:
                return frame.thumbnail
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(frame)
            case Qt.ItemDataRole.AccessibleTextRole:
                return frame.prompt[:MOST_LETTERS] or self.tr("A picture without a prompt")
            case _:
                return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be chosen and dragged away."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        """What a dragged row is for other programs: a file."""
        return ["text/uri-list"]

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The files of the rows."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self.frame(index).path)) for index in indexes])
        return data

    def _tip(self, frame: Frame) -> str:
        lines = [frame.path.name]
        if frame.recipe is not None:
            about = self.tr("{size} pixels, seed {seed}")
            lines.insert(0, about.format(size=frame.recipe.size, seed=frame.recipe.seed))
        # Escaped and in paragraphs: a prompt may hold what Qt takes for markup, and long ones must wrap.
        words = "<br>".join(map(escape, lines))
        return f"<p>{escape(frame.prompt[:MOST_LETTERS])}</p><p>{words}</p>"
