from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.gallery.records import Album
from sana_desktop.services.library import Library
from sana_desktop.ui.gallery.album_menus import AlbumMenus
from sana_desktop.ui.gallery.picture_keeper import PictureKeeper
from support.gallery import Gallery
from support.window_stage import heard


class Shelf:
    """Albums of a library with three pictures, and a user who names things."""

    def __init__(self, library: Library, parent: QWidget) -> None:
        self.library = library
        self.parent = parent
        self.keeper = PictureKeeper(library)
        self.answer = "Foxes"
        self.menus = AlbumMenus(self.keeper, parent, lambda title, question: self.answer)

    def albums(self) -> tuple[Album, ...]:
        self.library.save_album("zz").result()
        with self.library.reader() as reader:
            found = tuple(album for album in reader.albums() if album.name != "zz")
        self.menus.set_albums(found)
        return found

    def actions(self, text: str = "") -> dict[str, QAction]:
        menu = QMenu(self.parent)
        self.menus.fill_for_search(menu, text)
        return all_of(menu)

    def for_pictures(self, *pictures: int, inside: tuple[str, ...] = ()) -> dict[str, QAction]:
        menu = QMenu(self.parent)
        self.menus.fill_for_pictures(menu, array("q", pictures), inside)
        return all_of(menu)


def all_of(menu: QMenu) -> dict[str, QAction]:
    return {action.text().split("\t")[0]: action for action in menu.actions() if action.text()}


@pytest.fixture
def shelf(tmp_path: Path, qtbot: QtBot) -> Iterator[Shelf]:
    with Gallery(tmp_path) as gallery:
        for number in range(3):
            gallery.add(f"{number}.png", seed=number)
    parent = QWidget()
    qtbot.addWidget(parent)
    with Library(tmp_path, tmp_path, tmp_path / "pictures") as library:
        made = Shelf(library, parent)
        yield made
        made.keeper.close()


def test_pictures_are_put_into_albums_and_taken_out(shelf: Shelf) -> None:
    shelf.for_pictures(1, 2)["New album…"].trigger()
    assert shelf.albums() == (Album("Foxes", None, 2),)
    shelf.for_pictures(3)["Foxes"].trigger()
    shelf.for_pictures(1, 2, inside=("Foxes",))["Take out of Foxes"].trigger()
    assert shelf.albums() == (Album("Foxes", None, 1),)
    assert list(shelf.for_pictures(3, inside=("Foxes",))) == ["New album…", "Take out of Foxes"]


def test_a_search_is_kept_as_a_smart_album_and_looked_into(shelf: Shelf) -> None:
    shelf.answer = "Best & last"
    assert not shelf.actions()["Keep this search as an album…"].isEnabled()
    shelf.actions("rating:>3 ")["Keep this search as an album…"].trigger()
    assert shelf.albums() == (Album("Best & last", "rating:>3", 0),)
    searched = heard(shelf.menus, "searched")
    shelf.actions()["Best && last"].trigger()
    assert searched == [('album:"Best & last"',)]
    # A smart one fills itself.
    assert "Best && last" not in shelf.for_pictures(1)


def test_an_album_is_forgotten_and_no_name_makes_none(shelf: Shelf) -> None:
    shelf.for_pictures(1)["New album…"].trigger()
    shelf.albums()
    forget = shelf.actions()["Forget an album"].menu()
    assert isinstance(forget, QMenu)
    all_of(forget)["Foxes"].trigger()
    shelf.answer = ""
    shelf.for_pictures(1)["New album…"].trigger()
    shelf.actions("fox")["Keep this search as an album…"].trigger()
    assert shelf.albums() == ()
    assert "There are no albums yet" in shelf.actions()
