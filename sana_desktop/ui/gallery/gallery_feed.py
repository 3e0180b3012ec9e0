"""Brings what is seen of the gallery to the grid, and nothing else."""

from PySide6.QtCore import QObject, QTimer, Slot

from sana_desktop.gallery.records import PictureRow
from sana_desktop.ui.gallery.gallery_grid import GalleryGrid
from sana_desktop.ui.gallery.gallery_model import GalleryModel
from sana_desktop.ui.gallery.looker import Looker
from sana_desktop.ui.gallery.thumbnail_loader import Loaded, ThumbnailLoader, Wanted

# How much is read above and below of what is seen, in screens.
SCREENS_AROUND = 1


class GalleryFeed(QObject):
    """Follows the grid: rows of what is seen are read, then their small pictures, then those around."""

    def __init__(
        self, grid: GalleryGrid, pictures: GalleryModel, looker: Looker, loader: ThumbnailLoader, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._grid = grid
        self._pictures = pictures
        self._looker = looker
        self._loader = loader
        # Many changes of the view in a row are one.
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self.feed)
        grid.viewChanged.connect(self._soon.start)
        looker.rowsRead.connect(self._on_rows)
        loader.loaded.connect(self._on_loaded)

    @Slot()
    def feed(self) -> None:
        """Ask for what is missing."""
        unread = self._pictures.unread(self._around())
        if unread:
            self._looker.read_rows(unread)
        self._want_images()

    def _around(self) -> list[int]:
        """The places that are seen, and then those around them."""
        seen, around = self._grid.seen(), self._grid.seen(SCREENS_AROUND)
        below, above = range(seen.stop, around.stop), range(around.start, seen.start)
        return [*seen, *below, *reversed(above)]

    def _want_images(self) -> None:
        side = round(self._grid.side * self._grid.devicePixelRatioF())
        wanted: list[Wanted] = []
        for place in self._around():
            row = self._pictures.row_of(self._pictures.pictures[place])
            if row is not None and not self._pictures.has_image(row.facts.print, side):
                wanted.append(Wanted(row.facts.print, row.path))
        self._loader.want(wanted, side)

    @Slot(object)
    def _on_rows(self, rows: tuple[PictureRow, ...]) -> None:
        self._pictures.put_rows(rows)
        self._soon.start()

    @Slot(object)
    def _on_loaded(self, loaded: list[Loaded]) -> None:
        ratio = self._grid.devicePixelRatioF()
        for one in loaded:
            one.image.setDevicePixelRatio(ratio)
        self._pictures.put_images(loaded)
