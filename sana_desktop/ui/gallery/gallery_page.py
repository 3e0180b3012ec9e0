"""The gallery as a page of the window."""

from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from sana_desktop.errors import KnownError
from sana_desktop.gallery.reader import GalleryReader, Sort
from sana_desktop.gallery.records import PictureRow
from sana_desktop.gallery.thumbnails import ThumbnailStore
from sana_desktop.ui.basics.throttle import Throttle
from sana_desktop.ui.gallery.album_menus import AlbumMenus
from sana_desktop.ui.gallery.details_panel import DetailsPanel
from sana_desktop.ui.gallery.gallery_feed import GalleryFeed
from sana_desktop.ui.gallery.gallery_grid import SIDE_STEP, GalleryGrid
from sana_desktop.ui.gallery.gallery_model import GalleryModel
from sana_desktop.ui.gallery.gallery_verbs import GalleryVerbs
from sana_desktop.ui.gallery.light_table import LightTable
from sana_desktop.ui.gallery.looker import Found, Looker, Overview
from sana_desktop.ui.gallery.picture_keeper import PictureKeeper
from sana_desktop.ui.gallery.picture_keys import Wish
from sana_desktop.ui.gallery.search_bar import SearchBar
from sana_desktop.ui.gallery.thumbnail_loader import ThumbnailLoader

# While a folder is taken in, news come every few milliseconds.
MS_BETWEEN_LOOKS = 250
MS_UNTIL_DETAILS = 40
# Of one all is shown, of two what is different.
MOST_DETAILS = 2


class GalleryPage(QWidget):
    """Shows the pictures of the gallery; it asks again whenever `refresh` says that something was written.

    `open_reader` and `open_store` are called on threads of the page. `close_files` has to be called before the
    program ends.

    `keeper` changes pictures; it belongs to the page from now on.

    Signals:
        leaveRequested(): the user wants to draw again.
        openRequested(object): the `Path` of a picture to be shown large.
        compareRequested(object): a list of two `PictureRow`s to be seen at one place.
        useRequested(object, object): the `Inspected` settings of a picture, and the `Part` to be taken over.
        copiesRequested(object, object): numbers of pictures, and the `CopyKind` that is wanted of them.
        looksRequested(): the user wants to know which pictures look alike, all of them.
        verifyRequested(object): numbers of pictures to be drawn again and compared.
        noticed(str), failed(object): something to say, or a `KnownError`.
    """

    leaveRequested = Signal()
    openRequested = Signal(object)
    compareRequested = Signal(object)
    useRequested = Signal(object, object)
    copiesRequested = Signal(object, object)
    looksRequested = Signal()
    verifyRequested = Signal(object)
    noticed = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        open_reader: Callable[[], GalleryReader],
        open_store: Callable[[], ThumbnailStore],
        keeper: PictureKeeper,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_reader = open_reader
        self.looker = Looker(open_reader, self)
        # Before anything is built, which takes as long as the answer.
        self.looker.find("", Sort.NEWEST)
        self.looker.read_overview()
        self._loader = ThumbnailLoader(open_store, self)
        self.pictures = GalleryModel(self, read_now=self.read_now)
        self.bar = SearchBar()
        self.grid = GalleryGrid(self.pictures)
        self._feed = GalleryFeed(self.grid, self.pictures, self.looker, self._loader, self)
        self.details = DetailsPanel()
        self.table = LightTable(self.read_now)
        self._stack = QStackedLayout(self)
        self._keeper = keeper
        self.albums = AlbumMenus(keeper, self)
        self.verbs = GalleryVerbs(self.grid, keeper, self.read_now, self.albums, self)
        # Details of what is chosen, when the keyboard rests for a moment.
        self._details_soon = QTimer(self, interval=MS_UNTIL_DETAILS, singleShot=True)
        self._news = Throttle(MS_BETWEEN_LOOKS, self)
        # Whether what is shown is older than what was written.
        self._stale = False
        self._build()
        self._connect()

    def refresh(self) -> None:
        """Something was written: look again, at once or when the page is shown."""
        self._stale = True
        if self.isVisible():
            self._news.put(None)

    def look_for(self, text: str) -> None:
        """Look for pictures, as if the user had typed this."""
        self.bar.set_text(text)

    def focus_search(self) -> None:
        """Let the user type what to look for."""
        self.bar.focus_field()

    def larger(self, steps: int) -> None:
        """Make pictures larger, or smaller."""
        self.grid.set_side(self.grid.side + steps * SIDE_STEP)

    def read_now(self, pictures: Sequence[int]) -> tuple[PictureRow, ...]:
        """What is known of pictures, read while the window waits: for a few that are not on the screen."""
        if not pictures:
            return ()
        try:
            with self._open_reader() as reader:
                return reader.rows(pictures)
        except KnownError as error:
            self.bar.show_problem(error)
            return ()

    def chosen_paths(self) -> list[Path]:
        """The files of the selected pictures, in order."""
        return [row.path for row in self.read_now(self.grid.chosen())]

    def close_files(self) -> None:
        """Read nothing any more, and wait until that is so; what was thrown away goes to the trash."""
        self._details_soon.stop()
        self._keeper.close()
        self.looker.close()
        self._loader.close()
        self.table.close_files()

    @Slot(object)
    def _on_compare(self, pictures: "array[int]") -> None:
        self._show_table(True)
        self.table.compare(pictures)

    @Slot(int, bool)
    def _on_look_closely(self, picture: int, playing: bool) -> None:
        self._show_table(True)
        self.table.go_through(self.pictures.pictures, picture, playing=playing)

    @Slot(object, int)
    def _on_table_wish(self, wish: Wish, picture: int) -> None:
        self.verbs.do(wish, picture)

    @Slot()
    def _on_table_closed(self) -> None:
        picture = self.table.picture
        self.table.stop()
        self._show_table(False)
        if picture is not None:
            self.grid.go_to_picture(picture)

    def _show_table(self, shown: bool) -> None:
        self._stack.setCurrentIndex(1 if shown else 0)
        (self.table if shown else self.grid).setFocus(Qt.FocusReason.OtherFocusReason)

    def _refresh_table(self) -> None:
        if self._stack.currentIndex() == 1:
            self.table.refresh(self.pictures.pictures)

    @Slot()
    def _look(self) -> None:
        self.looker.find(self.bar.text, self.bar.sort, stacked=self.bar.stacks)

    @Slot(bool)
    def _on_stacks(self, wanted: bool) -> None:
        if wanted:
            self.looksRequested.emit()
        self._look()

    @Slot(int)
    def _on_stack(self, picture: int) -> None:
        self.looksRequested.emit()
        self.look_for(f"like:{picture}")

    @Slot(object)
    def _on_news(self, _: object) -> None:
        self._stale = False
        self.pictures.forget_rows()
        self._look()
        self.looker.read_overview()

    @Slot(object)
    def _on_overview(self, overview: Overview) -> None:
        self.albums.set_albums(overview.albums)

    @Slot()
    def _fill_albums(self) -> None:
        self.albums.fill_for_search(self.bar.albums, self.bar.text)

    @Slot(object)
    def _on_found(self, found: Found) -> None:
        self.pictures.set_pictures(found.pictures, found.sizes)
        self.pictures.hide(self._keeper.hidden)
        if found.text.strip():
            self.grid.set_empty_text(self.tr("No picture is like that."))
        else:
            self.grid.set_empty_text(self.tr("There are no pictures yet."))
        self._tell_count()
        self._feed.feed()
        self._refresh_table()

    @Slot()
    def _tell_count(self) -> None:
        self.bar.show_found(len(self.pictures.pictures), self.grid.chosen_count())
        self._details_soon.start()

    @Slot()
    def _show_details(self) -> None:
        if self.details.isVisible():
            chosen = self.grid.chosen_count()
            self.details.show_rows(self.read_now(self.grid.chosen()) if chosen <= MOST_DETAILS else (), chosen)

    @Slot(bool)
    def _on_details(self, shown: bool) -> None:
        self.details.setVisible(shown)
        self.bar.set_details_shown(shown)
        self._show_details()

    @Slot()
    def _on_details_key(self) -> None:
        self._on_details(not self.details.isVisible())

    @Slot()
    def _on_tags_wanted(self) -> None:
        self._on_details(True)
        self.details.focus_tags()

    @Slot(object)
    def _on_tags(self, tags: tuple[str, ...]) -> None:
        pictures = self.grid.chosen()
        rows = self.read_now(pictures) if len(pictures) == 1 else ()
        # Of many pictures nobody sees the tags that they have, so none is taken off.
        before = rows[0].tags if rows else ()
        kept = {name.casefold() for name in tags}
        self._keeper.change_tags(pictures, tags, [name for name in before if name.casefold() not in kept])
        self._on_grid_wanted()

    @Slot()
    def _on_hidden(self) -> None:
        self.pictures.hide(self._keeper.hidden)
        self._tell_count()
        self._feed.feed()
        self._refresh_table()

    @Slot(int)
    def _on_thrown(self, count: int) -> None:
        one = self.tr("1 picture goes to the trash. Ctrl+Z takes it back.")
        many = self.tr("{n} pictures go to the trash. Ctrl+Z takes them back.")
        self.noticed.emit(one if count == 1 else many.format(n=f"{count:,}"))

    @Slot(int)
    def _on_restored(self, count: int) -> None:
        one, many = self.tr("1 picture is back."), self.tr("{n} pictures are back.")
        self.noticed.emit(one if count == 1 else many.format(n=f"{count:,}"))

    @Slot()
    def _on_opened(self) -> None:
        picture = self.grid.current_picture()
        for row in self.read_now([] if picture is None else [picture]):
            self.openRequested.emit(row.path)

    @Slot()
    def _on_grid_wanted(self) -> None:
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.grid.currentIndex().isValid():
            self.grid.go_to(0)

    def _build(self) -> None:
        browsing = QWidget()
        self._stack.addWidget(browsing)
        self._stack.addWidget(self.table)
        column = QVBoxLayout(browsing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.grid, 1)
        row.addWidget(self.details)
        column.addLayout(row, 1)
        self.details.hide()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _connect(self) -> None:
        self.looker.found.connect(self._on_found)
        self.looker.refused.connect(self.bar.show_problem)
        self.looker.overviewRead.connect(self._on_overview)
        self.bar.albums.aboutToShow.connect(self._fill_albums)
        self.albums.searched.connect(self.look_for)
        self._news.passed.connect(self._on_news)
        self.bar.searchChanged.connect(self._look)
        self.bar.leaveRequested.connect(self.leaveRequested)
        self.bar.gridRequested.connect(self._on_grid_wanted)
        self.bar.stacksRequested.connect(self._on_stacks)
        self.verbs.stackRequested.connect(self._on_stack)
        self.bar.sideChosen.connect(self.grid.set_side)
        self.grid.sideChanged.connect(self.bar.set_side)
        self.grid.chosenChanged.connect(self._tell_count)
        self.grid.opened.connect(self._on_opened)
        self.pictures.dataChanged.connect(self._details_soon.start)
        self._details_soon.timeout.connect(self._show_details)
        self.bar.detailsRequested.connect(self._on_details)
        self.details.useRequested.connect(self.verbs.use)
        self.details.tagsWritten.connect(self._on_tags)
        self.verbs.leaveRequested.connect(self.leaveRequested)
        self.verbs.detailsRequested.connect(self._on_details_key)
        self.verbs.tagsRequested.connect(self._on_tags_wanted)
        self.verbs.useRequested.connect(self.useRequested)
        self.verbs.compareRequested.connect(self._on_compare)
        self.verbs.lookRequested.connect(self._on_look_closely)
        self.table.closed.connect(self._on_table_closed)
        self.table.wished.connect(self._on_table_wish)
        self.table.sliderRequested.connect(self.compareRequested)
        self.verbs.copiesRequested.connect(self.copiesRequested)
        self.verbs.verifyRequested.connect(self.verifyRequested)
        self.verbs.noticed.connect(self.noticed)
        self._keeper.hiddenChanged.connect(self._on_hidden)
        self._keeper.thrown.connect(self._on_thrown)
        self._keeper.restored.connect(self._on_restored)
        self._keeper.failed.connect(self.failed)

    def showEvent(self, event: QShowEvent) -> None:
        """Look, if something was written while nobody saw it."""
        super().showEvent(event)
        if self._stale:
            self._news.put(None)
