"""The pictures of this session as rows of a list, the newest first."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl
from PySide6.QtGui import QImage

from sana_desktop.domain.recipe import Recipe

# Longest side of a small picture, twice what is shown: screens may have two pixels for one.
THUMBNAIL_SIDE = 192

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One saved picture: small enough to keep thousands."""

    thumbnail: QImage
    path: Path
    recipe: Recipe


class FilmModel(QAbstractListModel):
    """Holds frames; a row can be dragged to other programs as its file."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frames: list[Frame] = []

    def frame(self, index: Index) -> Frame:
        """The frame of a row of this model."""
        return self._frames[index.row()]

    def prepend(self, image: QImage, path: Path, recipe: Recipe) -> None:
        """Put a picture at the front."""
        if max(image.width(), image.height()) > THUMBNAIL_SIDE:
            image = image.scaled(
                THUMBNAIL_SIDE,
                THUMBNAIL_SIDE,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._frames.insert(0, Frame(image, path, recipe))
        self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """How many pictures there are; none of them has children."""
        return 0 if parent.isValid() else len(self._frames)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The small picture, and words about it for pointers and screen readers."""
        if not index.isValid():
            return None
        frame = self.frame(index)
        recipe = frame.recipe
        match role:
            case Qt.ItemDataRole.DecorationRole:
                return frame.thumbnail
            case Qt.ItemDataRole.ToolTipRole:
                # Escaped and in a paragraph: a prompt may hold what Qt takes for markup, and long ones must wrap.
                about = self.tr("{size} pixels, seed {seed}").format(size=recipe.size, seed=recipe.seed)
                return f"<p>{escape(recipe.prompt)}</p><p>{escape(about)}<br>{escape(frame.path.name)}</p>"
            case Qt.ItemDataRole.AccessibleTextRole:
                return recipe.prompt or self.tr("A picture without a prompt")
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
