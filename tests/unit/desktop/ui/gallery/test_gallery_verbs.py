from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from sana_desktop.gallery.records import PictureRow, PictureState
from sana_desktop.services.copies_out import CopyKind
from sana_desktop.services.library import Library
from sana_desktop.ui.gallery.album_menus import AlbumMenus
from sana_desktop.ui.gallery.gallery_grid import GalleryGrid
from sana_desktop.ui.gallery.gallery_model import GalleryModel
from sana_desktop.ui.gallery.gallery_verbs import GalleryVerbs
from sana_desktop.ui.gallery.picture_keeper import PictureKeeper
from sana_desktop.ui.gallery.picture_keys import Verb, Wish
from support.gallery_rows import row_of
from support.window_stage import heard


@pytest.fixture
def grid(qtbot: QtBot) -> GalleryGrid:
    model = GalleryModel()
    model.set_pictures(array("q", [4, 3, 2, 1]))
    made = GalleryGrid(model)
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    return made


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[PictureKeeper]:
    with Library(tmp_path, tmp_path, tmp_path) as library:
        made = PictureKeeper(library)
        yield made
        # Nothing of what was thrown away exists.
        while made.can_restore:
            made.restore()
        made.close()


@pytest.fixture
def verbs(grid: GalleryGrid, keeper: PictureKeeper) -> GalleryVerbs:
    missing = PictureState.MISSING

    def read_now(pictures: Sequence[int]) -> list[PictureRow]:
        return [row_of(one, state=missing if one == 1 else PictureState.PRESENT) for one in pictures]

    return GalleryVerbs(grid, keeper, read_now, AlbumMenus(keeper, grid), grid)


def actions(menu: QMenu) -> dict[str, QAction]:
    return {action.text().split("\t")[0]: action for action in menu.actions() if action.text()}


def test_verbs_are_about_what_is_chosen_or_else_about_the_current_picture(
    verbs: GalleryVerbs, grid: GalleryGrid
) -> None:
    grid.go_to(1)
    grid.clearSelection()
    assert list(verbs.pictures()) == [3]
    grid.selectAll()
    assert list(verbs.pictures()) == [4, 3, 2, 1]


def test_the_menu_names_what_can_be_done_and_says_why_the_rest_cannot(verbs: GalleryVerbs, grid: GalleryGrid) -> None:
    grid.go_to(0)
    menu = actions(verbs.menu())
    assert menu["Show large"].isEnabled()
    assert (menu["Compare"].isEnabled(), menu["Compare"].toolTip()) == (
        False,
        "Choose two to four pictures to compare them",
    )
    assert not menu["Take back from trash"].isEnabled()
    menu["Move to trash"].trigger()
    assert actions(verbs.menu())["Take back from trash"].isEnabled()
    grid.selectAll()
    assert "Move 4 pictures to trash" in actions(verbs.menu())


def test_of_a_missing_file_only_what_is_known_can_be_used(verbs: GalleryVerbs, grid: GalleryGrid) -> None:
    grid.go_to(3)
    menu = actions(verbs.menu())
    assert (menu["Show large"].isEnabled(), menu["Show large"].toolTip()) == (False, "The file is missing")
    assert menu["Tags…"].isEnabled()


def test_pictures_are_copied_as_files(verbs: GalleryVerbs, grid: GalleryGrid) -> None:
    grid.selectAll()
    verbs.do(Wish(Verb.COPY))
    urls = QGuiApplication.clipboard().mimeData().urls()
    assert [Path(url.toLocalFile()).name for url in urls] == ["4.png", "3.png", "2.png", "1.png"]


def test_two_to_four_pictures_are_compared_and_otherwise_it_is_said_how(verbs: GalleryVerbs, grid: GalleryGrid) -> None:
    compared, said = heard(verbs, "compareRequested"), heard(verbs, "noticed")
    grid.go_to(0)
    verbs.do(Wish(Verb.COMPARE))
    assert (compared, len(said)) == ([], 1)
    grid.selectAll()
    verbs.do(Wish(Verb.COMPARE))
    assert list(compared[0][0]) == [4, 3, 2, 1]


def test_pictures_are_looked_at_from_the_current_one_on(verbs: GalleryVerbs, grid: GalleryGrid) -> None:
    wanted = heard(verbs, "lookRequested")
    grid.go_to(1)
    verbs.do(Wish(Verb.LOOK))
    verbs.do(Wish(Verb.SLIDES))
    assert wanted == [(3, False), (3, True)]


def test_a_verb_can_be_about_one_picture_that_is_not_chosen(verbs: GalleryVerbs, grid: GalleryGrid) -> None:
    used = heard(verbs, "useRequested")
    grid.go_to(0)
    verbs.do(Wish(Verb.USE), 2)
    verbs.do(Wish(Verb.COPY), 2)
    assert len(used) == 1
    assert [url.fileName() for url in QGuiApplication.clipboard().mimeData().urls()] == ["2.png"]


def test_copies_sheets_and_drawing_again_are_asked_for(verbs: GalleryVerbs, grid: GalleryGrid) -> None:
    copies, verified = heard(verbs, "copiesRequested"), heard(verbs, "verifyRequested")
    grid.selectAll()
    menu = verbs.menu()
    (export,) = (action.menu() for action in menu.actions() if action.text() == "Export")
    assert isinstance(export, QMenu)
    for action in export.actions():
        action.trigger()
    verbs.do(Wish(Verb.EXPORT))
    actions(menu)["Verify: draw again and compare"].trigger()
    assert [kind for _, kind in copies] == [*CopyKind, CopyKind.WHOLE]
    assert [list(pictures) for pictures, _ in copies] == [[4, 3, 2, 1]] * 4
    assert list(verified[0][0]) == [4, 3, 2, 1]
