"""The pictures that a search found, as rows of a list; what is known of each is there once it was read."""

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl
from PySide6.QtGui import QImage

from sana_desktop.gallery.records import PictureRow
from sana_desktop.ui.gallery.bounded_shelf import BoundedShelf
from sana_desktop.ui.gallery.thumbnail_loader import Loaded

Index = QModelIndex | QPersistentModelIndex

# A few screens of pictures; a hundred thousand of them would take half a gigabyte.
MOST_ROWS = 3000
MOST_IMAGE_BYTES = 96 * 2**20
# Of a prompt; a longer one says no more in a tooltip.
MOST_LETTERS = 600
# Of files that are dragged at once.
MOST_DRAGGED = 1000


class GalleryModel(QAbstractListModel):
    """Knows the number of every picture, and a limited number of rows and small pictures.

    `read_now` reads rows that are needed at once, for a drag; it may raise nothing and give less than was asked for.
    """

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        read_now: Callable[[Sequence[int]], Sequence[PictureRow]] = lambda pictures: (),
    ) -> None:
        super().__init__(parent)
        self._read_now = read_now
        self._found = array("q")
        self._shown = self._found
        self._hidden: frozenset[int] = frozenset()
        self._sizes: Mapping[int, int] = {}
        self._rows = BoundedShelf[int, PictureRow](MOST_ROWS)
        # Rows that were read since something was written.
        self._fresh: set[int] = set()
        self._images = BoundedShelf[bytes, Loaded](MOST_IMAGE_BYTES)

    @property
    def pictures(self) -> "array[int]":
        """The numbers of all pictures in their order."""
        return self._shown

    def set_pictures(self, found: "array[int]", sizes: Mapping[int, int] | None = None) -> None:
        """Show these pictures, the first of stacks with their `sizes`; nothing happens where they are shown already."""
        self._found = found
        self._sizes = sizes or {}
        self._show()

    def stack_size(self, picture: int) -> int:
        """How many pictures there are in the stack of which this is the first; 1 for one that stands alone."""
        return self._sizes.get(picture, 1)

    def hide(self, pictures: Collection[int]) -> None:
        """Leave these out, and no others, whatever is found."""
        self._hidden = frozenset(pictures)
        self._show()

    def row_of(self, picture: int) -> PictureRow | None:
        """What is known of a picture; None if it was not read yet."""
        return self._rows.get(picture)

    def put_rows(self, rows: Iterable[PictureRow]) -> None:
        """Remember what was read."""
        for row in rows:
            self._rows.put(row.picture, row)
            self._fresh.add(row.picture)
        self._changed()

    def forget_rows(self) -> None:
        """Something was written: whatever is shown has to be read again."""
        self._fresh.clear()

    def unread(self, places: Iterable[int]) -> list[int]:
        """The pictures at these places whose rows have to be read, again or for the first time."""
        wanted = (self._shown[place] for place in places)
        return [picture for picture in wanted if picture not in self._fresh or picture not in self._rows]

    def put_images(self, loaded: Iterable[Loaded]) -> None:
        """Remember small pictures."""
        for one in loaded:
            self._images.put(one.content, one, max(1, one.image.sizeInBytes()))
        self._changed()

    def has_image(self, content: bytes, side: int) -> bool:
        """Whether a small picture of this size is there, or is known not to exist."""
        loaded = self._images.get(content)
        return loaded is not None and loaded.side == side

    def image_of(self, row: PictureRow) -> QImage | None:
        """The small picture; a null one cannot be had, None is not there yet."""
        loaded = self._images.get(row.facts.print)
        return None if loaded is None else loaded.image

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """How many pictures there are; none of them has children."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row, the small picture, and words about it for pointers and screen readers."""
        row = self._rows.get(self._shown[index.row()]) if index.isValid() else None
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.UserRole:
                return row
            case Qt.ItemDataRole.DecorationRole:
                return self.image_of(row)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._words(row)
            case _:
                return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be chosen and dragged away."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        """What dragged rows are for other programs: files."""
        return ["text/uri-list"]

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The files of the rows, read now if they are not known."""
        pictures = [self._shown[index.row()] for index in indexes[:MOST_DRAGGED]]
        self.put_rows(self._read_now([picture for picture in pictures if picture not in self._rows]))
        rows = (self._rows.get(picture) for picture in pictures)
        data = QMimeData()
        data.setUrls([file_url(row.path) for row in rows if row is not None])
        return data

    def _show(self) -> None:
        shown = self._found
        if self._hidden:
            shown = array("q", (picture for picture in shown if picture not in self._hidden))
        if shown != self._shown:
            self.beginResetModel()
            self._shown = shown
            self.endResetModel()

    def _changed(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def _tip(self, row: PictureRow) -> str:
        facts = row.facts
        lines = [self.tr("{width} × {height} pixels").format(width=facts.width, height=facts.height), row.path.name]
        # Escaped and in paragraphs: a prompt may hold what Qt takes for markup, and long ones must wrap.
        words = "<br>".join(map(escape, lines))
        return f"<p>{escape(facts.prompt[:MOST_LETTERS])}</p><p>{words}</p>"

    def _words(self, row: PictureRow) -> str:
        words = [row.facts.prompt[:MOST_LETTERS] or row.path.name]
        if self.stack_size(row.picture) > 1:
            words.append(self.tr("a stack of {n} pictures").format(n=self.stack_size(row.picture)))
        if row.favourite:
            words.append(self.tr("favourite"))
        if row.rating:
            words.append(self.tr("{n} of 5 stars").format(n=row.rating))
        return ", ".join(words)


def file_url(path: Path) -> QUrl:
    """A file as other programs are told of it."""
    return QUrl.fromLocalFile(str(path))
