"""What is done with the chosen pictures, by key or by menu."""

from array import array
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QMenu

from sana_desktop.domain.adoption import Part
from sana_desktop.gallery.records import PictureRow, PictureState
from sana_desktop.services.copies_out import CopyKind
from sana_desktop.ui.gallery.album_menus import AlbumMenus
from sana_desktop.ui.gallery.gallery_grid import GalleryGrid
from sana_desktop.ui.gallery.gallery_model import MOST_DRAGGED, file_url
from sana_desktop.ui.gallery.picture_keeper import PictureKeeper
from sana_desktop.ui.gallery.picture_keys import Verb, Wish, wish_of
from sana_desktop.ui.gallery.row_facts import inspected

FEWEST_COMPARED, MOST_COMPARED = 2, 4


class GalleryVerbs(QObject):
    """Understands keys of the grid and fills its menu; acts on what is chosen, or on the current picture.

    `read_now` reads rows while the window waits.

    Signals:
        leaveRequested(), detailsRequested(), tagsRequested(): leave the gallery, show details, or write tags.
        useRequested(object, object): the `Inspected` settings of a picture, and the `Part` to be taken over.
        compareRequested(object): numbers of pictures to be seen beside each other.
        stackRequested(int): show all that look nearly like the picture of that number.
        lookRequested(int, bool): look at pictures one by one from that number on, perhaps as a slideshow.
        copiesRequested(object, object): numbers of pictures, and the `CopyKind` that is wanted of them.
        verifyRequested(object): numbers of pictures to be drawn again and compared.
        noticed(str): why nothing happened.
    """

    leaveRequested = Signal()
    detailsRequested = Signal()
    tagsRequested = Signal()
    useRequested = Signal(object, object)
    compareRequested = Signal(object)
    stackRequested = Signal(int)
    lookRequested = Signal(int, bool)
    copiesRequested = Signal(object, object)
    verifyRequested = Signal(object)
    noticed = Signal(str)

    def __init__(
        self,
        grid: GalleryGrid,
        keeper: PictureKeeper,
        read_now: Callable[[Sequence[int]], Sequence[PictureRow]],
        albums: AlbumMenus,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._grid = grid
        self._keeper = keeper
        self._read_now = read_now
        self._albums = albums
        grid.keyPressed.connect(self._on_key)
        grid.menuRequested.connect(self._on_menu)

    def pictures(self) -> "array[int]":
        """What a verb is about."""
        chosen = self._grid.chosen()
        current = self._grid.current_picture()
        return chosen if chosen or current is None else array("q", [current])

    def use(self, part: Part) -> None:
        """Take over settings of the current picture."""
        self._use(self._current(), part)

    def menu(self) -> QMenu:
        """What can be done with the chosen pictures; actions that cannot be done say why."""
        menu = QMenu(self._grid)
        menu.setToolTipsVisible(True)
        count, row = len(self.pictures()), self._current()
        missing = row is not None and row.state is PictureState.MISSING
        gone = self.tr("The file is missing") if missing else ""
        one = "" if count == 1 else self.tr("Choose one picture")
        self._add(menu, self.tr("Show large"), self._grid.opened.emit, "Enter", gone)
        self._add(menu, self.tr("Show what looks alike"), self._wish(Verb.STACK), "G")
        self._add(menu, self.tr("Look through one by one"), self._wish(Verb.LOOK), "V")
        self._add(menu, self.tr("Slideshow"), self._wish(Verb.SLIDES), "F5")
        self._add(menu, self.tr("Copy"), self._wish(Verb.COPY), "Ctrl+C", gone)
        few = FEWEST_COMPARED <= count <= MOST_COMPARED
        self._add(menu, self.tr("Compare"), self._wish(Verb.COMPARE), "C", "" if few else self._how_to_compare())
        menu.addSeparator()
        uses = menu.addMenu(self.tr("Use its settings"))
        uses.setToolTipsVisible(True)
        for part, (name, keys) in self._parts().items():
            self._add(uses, name, self._wish(Verb.USE, part=part), keys, one)
        stars = menu.addMenu(self.tr("Rating"))
        for number in range(6):
            name = self.tr("No stars") if not number else "★" * number
            self._add(stars, name, self._wish(Verb.RATE, stars=number), str(number))
        favourite = row is not None and row.favourite
        name = self.tr("No favourite any more") if favourite else self.tr("Favourite")
        self._add(menu, name, self._wish(Verb.FAVOURITE), ".")
        self._add(menu, self.tr("Tags…"), self.tagsRequested.emit, "T")
        self._albums.fill_for_pictures(menu.addMenu(self.tr("Albums")), self.pictures(), row.albums if row else ())
        menu.addSeparator()
        self._add_copies(menu)
        self._add(menu, self.tr("Verify: draw again and compare"), self._verify, "", gone)
        menu.addSeparator()
        self._add(menu, self.tr("Show in folder"), self._show_folder, "", gone)
        throw = self.tr("Move to trash") if count < 2 else self.tr("Move {n} pictures to trash").format(n=f"{count:,}")
        self._add(menu, throw, self._wish(Verb.THROW), "Del")
        back = "" if self._keeper.can_restore else self.tr("Nothing was thrown away just now")
        self._add(menu, self.tr("Take back from trash"), self._wish(Verb.RESTORE), "Ctrl+Z", back)
        return menu

    def do(self, wish: Wish, only: int | None = None) -> None:
        """Do something with what is chosen, or with one picture `only`."""
        pictures = self.pictures() if only is None else array("q", [only])
        match wish.verb:
            case Verb.RATE:
                self._keeper.rate(pictures, wish.stars)
            case Verb.FAVOURITE:
                row = self._row(only)
                self._keeper.set_favourite(pictures, row is None or not row.favourite)
            case Verb.THROW:
                self._keeper.throw(pictures)
            case Verb.RESTORE:
                self._keeper.restore()
            case Verb.USE:
                self._use(self._row(only), wish.part)
            case Verb.DETAILS:
                self.detailsRequested.emit()
            case Verb.TAGS:
                self.tagsRequested.emit()
            case Verb.COMPARE:
                self._compare(pictures)
            case Verb.STACK:
                current = self._grid.current_picture()
                if current is not None:
                    self.stackRequested.emit(current)
            case Verb.LOOK | Verb.SLIDES:
                current = self._grid.current_picture()
                if current is not None:
                    self.lookRequested.emit(current, wish.verb is Verb.SLIDES)
            case Verb.EXPORT:
                if pictures:
                    self.copiesRequested.emit(pictures, CopyKind.WHOLE)
            case Verb.COPY:
                self._copy(pictures)
            case Verb.LEAVE:
                self.leaveRequested.emit()

    def _wish(self, verb: Verb, *, stars: int = 0, part: Part = Part.ALL) -> Callable[[], None]:
        return partial(self.do, Wish(verb, stars, part))

    def _verify(self) -> None:
        self.verifyRequested.emit(self.pictures())

    def _add_copies(self, menu: QMenu) -> None:
        copies = menu.addMenu(self.tr("Export"))
        names = {
            CopyKind.WHOLE: self.tr("Copies…"),
            CopyKind.WITHOUT_SETTINGS: self.tr("Copies without settings…"),
            CopyKind.SHEET: self.tr("Contact sheet…"),
        }
        for kind, name in names.items():
            self._add(copies, name, partial(self._ask_for_copies, kind), "Ctrl+E" if kind is CopyKind.WHOLE else "")

    def _ask_for_copies(self, kind: CopyKind) -> None:
        self.copiesRequested.emit(self.pictures(), kind)

    def _parts(self) -> dict[Part, tuple[str, str]]:
        return {
            Part.ALL: (self.tr("Use all"), "A"),
            Part.ALL_BUT_SEED: (self.tr("Remix: all but the seed"), "R"),
            Part.PROMPT: (self.tr("Prompt"), "P"),
            Part.SEED: (self.tr("Seed"), "S"),
            Part.SIZE: (self.tr("Size"), "D"),
        }

    def _how_to_compare(self) -> str:
        return self.tr("Choose two to four pictures to compare them")

    def _current(self) -> PictureRow | None:
        return self._row(self._grid.current_picture())

    def _row(self, only: int | None) -> PictureRow | None:
        picture = self._grid.current_picture() if only is None else only
        rows = () if picture is None else self._read_now([picture])
        return rows[0] if rows else None

    def _use(self, row: PictureRow | None, part: Part) -> None:
        if row is not None:
            self.useRequested.emit(inspected(row), part)

    def _compare(self, pictures: "array[int]") -> None:
        if FEWEST_COMPARED <= len(pictures) <= MOST_COMPARED:
            self.compareRequested.emit(pictures)
        else:
            self.noticed.emit(f"{self._how_to_compare()}.")

    def _copy(self, pictures: "array[int]") -> None:
        data = QMimeData()
        data.setUrls([file_url(row.path) for row in self._read_now(pictures[:MOST_DRAGGED])])
        QGuiApplication.clipboard().setMimeData(data)

    def _show_folder(self) -> None:
        row = self._current()
        if row is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(row.path.parent)))

    @Slot(QKeyEvent)
    def _on_key(self, event: QKeyEvent) -> None:
        wish = wish_of(event)
        if wish is not None:
            event.accept()
            self.do(wish)

    @Slot(QPoint)
    def _on_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _add(self, menu: QMenu, text: str, act: Callable[[], object], keys: str, refusal: str = "") -> QAction:
        # The keys are the grid's; here they are only shown.
        action = menu.addAction(f"{text}\t{keys}" if keys else text)
        action.setEnabled(not refusal)
        action.setToolTip(refusal or text)
        action.triggered.connect(lambda: act())
        return action
