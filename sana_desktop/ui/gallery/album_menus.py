"""Albums, in menus: to look into, to fill, to make out of a search, and to forget."""

from array import array
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from sana_desktop.gallery.records import Album
from sana_desktop.gallery.search import Field, Search, TextFilter, search_to_text
from sana_desktop.ui.gallery.picture_keeper import PictureKeeper

# Given a title and a question, what the user wrote; empty if nothing.
AskName = Callable[[str, str], str]


class AlbumMenus(QObject):
    """Fills menus with the albums that there are; what is chosen there happens through the `keeper`.

    Signals:
        searched(str): the user wants to see what this search finds.
    """

    searched = Signal(str)

    def __init__(self, keeper: PictureKeeper, parent: QWidget, ask_name: AskName | None = None) -> None:
        super().__init__(parent)
        self._keeper = keeper
        self._ask_name = ask_name or partial(_ask, parent)
        self._albums: tuple[Album, ...] = ()

    def set_albums(self, albums: Sequence[Album]) -> None:
        """These are there."""
        self._albums = tuple(albums)

    def fill_for_search(self, menu: QMenu, text: str) -> None:
        """What can be looked into, and what can be done with the search that is shown."""
        menu.clear()
        menu.setToolTipsVisible(True)
        for album in self._albums:
            count = self.tr("smart") if album.query is not None else f"{album.pictures:,}"
            action = menu.addAction(f"{_plain(album.name)}\t{count}")
            action.setToolTip(album.query or "")
            _when_chosen(action, partial(self.searched.emit, album_search(album.name)))
        if not self._albums:
            menu.addAction(self.tr("There are no albums yet")).setEnabled(False)
        menu.addSeparator()
        keep = menu.addAction(self.tr("Keep this search as an album…"))
        keep.setEnabled(bool(text.strip()))
        keep.setToolTip("" if text.strip() else self.tr("Look for something first"))
        _when_chosen(keep, partial(self._keep, text))
        if self._albums:
            forget = menu.addMenu(self.tr("Forget an album"))
            for album in self._albums:
                _when_chosen(forget.addAction(_plain(album.name)), partial(self._keeper.remove_album, album.name))

    def fill_for_pictures(self, menu: QMenu, pictures: "array[int]", inside: Sequence[str]) -> None:
        """Where pictures can be put, and out of which of the albums that they are `inside` they can be taken."""
        for album in self._albums:
            # A smart one holds what its search finds.
            if album.query is None and album.name not in inside:
                action = menu.addAction(_plain(album.name))
                _when_chosen(action, partial(self._keeper.change_album, album.name, pictures))
        _when_chosen(menu.addAction(self.tr("New album…")), partial(self._put_into_new, pictures))
        if inside:
            menu.addSeparator()
        for name in inside:
            action = menu.addAction(self.tr("Take out of {album}").format(album=_plain(name)))
            _when_chosen(action, partial(self._keeper.change_album, name, (), pictures))

    def _keep(self, text: str) -> None:
        name = self._ask_name(self.tr("Smart album"), self.tr("Name of the album that holds what this search finds:"))
        if name:
            self._keeper.save_album(name, text.strip())

    def _put_into_new(self, pictures: "array[int]") -> None:
        name = self._ask_name(self.tr("New album"), self.tr("Name of the album:"))
        if name:
            self._keeper.save_album(name)
            self._keeper.change_album(name, pictures)


def album_search(name: str) -> str:
    """What finds the pictures of an album."""
    return search_to_text(Search((TextFilter(Field.ALBUM, name),)))


def _when_chosen(action: QAction, act: Callable[[], object]) -> None:
    # Without whether it is checked, which Qt tells as well.
    action.triggered.connect(lambda: act())


def _plain(name: str) -> str:
    # Otherwise a letter would be underlined.
    return name.replace("&", "&&")


def _ask(parent: QWidget, title: str, question: str) -> str:
    name, said = QInputDialog.getText(parent, title, question)
    return " ".join(name.split()) if said else ""
