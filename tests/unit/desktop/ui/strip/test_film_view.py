from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.strip.film_filter import FilmFilter
from sana_desktop.ui.strip.film_model import FilmModel
from sana_desktop.ui.strip.film_view import FilmView
from support.recipes import recipe
from support.ui_pictures import plain

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def film(qtbot: QtBot) -> FilmModel:
    """Pictures 2, 1, 0."""
    made = FilmModel()
    for number in range(3):
        made.prepend(plain(64, 64), Path(f"{number}.png"), recipe(seed=number))
    return made


@pytest.fixture
def view(qtbot: QtBot, film: FilmModel) -> FilmView:
    made = FilmView(FilmFilter(film))
    qtbot.addWidget(made)
    made.resize(600, made.height())
    made.show()
    made.mark_newest()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


@pytest.fixture
def asked(view: FilmView) -> list[str]:
    """What was asked for, in order."""
    asked: list[str] = []
    for name in ("pictureChosen", "compareRequested", "copyRequested", "trashRequested"):
        getattr(view, name).connect(lambda path, name=name: asked.append(f"{name} {path.stem}"))
    return asked


def click(
    view: FilmView, row: int, qtbot: QtBot, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    place = view.visualRect(view.model().index(row, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifiers, pos=place)


def test_a_click_chooses_once(view: FilmView, asked: list[str], qtbot: QtBot):
    click(view, 2, qtbot)

    assert asked == ["pictureChosen 0"]


def test_a_click_on_the_marked_picture_chooses_it_again(view: FilmView, asked: list[str], qtbot: QtBot):
    click(view, 0, qtbot)

    assert asked == ["pictureChosen 2"]


def test_the_keyboard_chooses(view: FilmView, asked: list[str], qtbot: QtBot):
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Return)

    assert asked == ["pictureChosen 1", "pictureChosen 1"]


def test_with_ctrl_a_click_compares_and_chooses_nothing(view: FilmView, asked: list[str], qtbot: QtBot):
    click(view, 1, qtbot, CTRL)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, CTRL, pos=QPoint(590, 20))

    assert asked == ["compareRequested 1"]
    assert view.currentIndex().row() == 0


def test_with_ctrl_the_arrows_look_around_and_c_compares(view: FilmView, asked: list[str], qtbot: QtBot):
    qtbot.keyClick(view, Qt.Key.Key_End, CTRL)
    qtbot.keyClick(view, Qt.Key.Key_Left, CTRL)
    qtbot.keyClick(view, Qt.Key.Key_C)

    assert asked == ["compareRequested 1"]
    assert [index.row() for index in view.selectedIndexes()] == [0]

    qtbot.keyClick(view, Qt.Key.Key_Enter)
    assert asked[1:] == ["pictureChosen 1"]
    assert [index.row() for index in view.selectedIndexes()] == [1]


def test_the_current_picture_is_copied_and_thrown_away(view: FilmView, asked: list[str], qtbot: QtBot):
    qtbot.keyClick(view, Qt.Key.Key_C, CTRL)
    qtbot.keyClick(view, Qt.Key.Key_Delete)

    assert asked == ["copyRequested 2", "trashRequested 2"]


def test_without_pictures_the_keys_ask_for_nothing(view: FilmView, film: FilmModel, asked: list[str], qtbot: QtBot):
    for number in range(3):
        film.remove(Path(f"{number}.png"))
    del asked[:]
    for key in (Qt.Key.Key_C, Qt.Key.Key_Delete, Qt.Key.Key_Return):
        qtbot.keyClick(view, key)
    qtbot.keyClick(view, Qt.Key.Key_C, CTRL)
    qtbot.keyClick(view, Qt.Key.Key_Right, CTRL)

    assert asked == []


def test_a_row_that_comes_and_goes_by_itself_chooses_nothing(qtbot: QtBot, film: FilmModel):
    window = QWidget()
    qtbot.addWidget(window)
    pictures = FilmFilter(film)
    view = FilmView(pictures, window)
    chosen: list[Path] = []
    view.pictureChosen.connect(chosen.append)
    view.mark_newest()

    pictures.set_words("1")
    assert pictures.rowCount() == 1
    pictures.set_words("none at all")
    pictures.set_words("")
    view.mark_newest()
    film.remove(Path("2.png"))

    assert chosen == []


def test_the_newest_picture_is_marked_and_not_chosen(view: FilmView, film: FilmModel, asked: list[str], qtbot: QtBot):
    film.prepend(plain(8, 8), Path("3.png"), recipe())
    view.mark_newest()

    assert view.currentIndex().row() == 0
    assert asked == []


@pytest.mark.parametrize(
    ("reason", "row"), [(QContextMenuEvent.Reason.Mouse, 2), (QContextMenuEvent.Reason.Keyboard, 0)]
)
def test_a_menu_is_asked_for_by_pointer_and_keyboard(
    view: FilmView, reason: QContextMenuEvent.Reason, row: int, qtbot: QtBot
):
    place = view.visualRect(view.model().index(2, 0)).center()
    with qtbot.waitSignal(view.menuRequested) as menu:
        view.contextMenuEvent(QContextMenuEvent(reason, place, view.viewport().mapToGlobal(place)))

    assert menu.args is not None
    assert menu.args[0].row() == row


def test_there_is_no_menu_beside_the_pictures(view: FilmView, qtbot: QtBot):
    beside = QPoint(590, 20)
    with qtbot.assertNotEmitted(view.menuRequested):
        view.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, beside, beside))


def test_words_stand_where_there_are_no_pictures(qtbot: QtBot):
    view = FilmView(FilmFilter(FilmModel()))
    qtbot.addWidget(view)
    before = view.grab().toImage()

    view.set_empty_text("Your pictures will appear here")

    assert view.grab().toImage() != before


def test_tab_leaves_the_strip(view: FilmView):
    assert not view.tabKeyNavigation()


def test_its_height_follows_the_scroll_bar_of_a_new_look(view: FilmView):
    # The pictures keep their size, whenever the look is put on.
    before = view.height() - view.horizontalScrollBar().sizeHint().height()

    view.setStyleSheet("QScrollBar:horizontal { height: 31px; }")

    assert view.horizontalScrollBar().sizeHint().height() == 31
    assert view.height() == before + 31
