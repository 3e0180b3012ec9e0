from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QSize, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from sana_desktop.ui.strip.film_model import FRAME_ROLE, THUMBNAIL_SIDE, FilmModel, Frame
from support.recipes import recipe
from support.ui_pictures import plain


@pytest.fixture
def film(qtbot: QtBot) -> FilmModel:
    return FilmModel()


def test_it_keeps_the_rules_of_models(film: FilmModel):
    tester = QAbstractItemModelTester(film, QAbstractItemModelTester.FailureReportingMode.Warning)

    for number in range(3):
        film.prepend(plain(8, 8), Path(f"{number}.png"), recipe(seed=number))

    assert tester.model() is film


def test_the_newest_picture_comes_first(film: FilmModel):
    film.prepend(plain(8, 8), Path("old.png"), recipe())
    film.prepend(plain(8, 8), Path("new.png"), recipe())

    assert [film.frame(film.index(row)).path.name for row in range(film.rowCount())] == ["new.png", "old.png"]


def test_only_small_pictures_are_kept(film: FilmModel):
    film.prepend(plain(1024, 512), Path("wide.png"), recipe())
    film.prepend(plain(32, 32), Path("tiny.png"), recipe())

    tiny, wide = (film.index(row).data(Qt.ItemDataRole.DecorationRole) for row in range(2))
    assert isinstance(wide, QImage)
    assert wide.size() == QSize(THUMBNAIL_SIDE, THUMBNAIL_SIDE // 2)
    assert isinstance(tiny, QImage)
    assert tiny.size() == QSize(32, 32)


def test_the_words_about_a_picture_are_no_markup(film: FilmModel):
    film.prepend(plain(8, 8), Path("fox.png"), recipe(prompt="<b>fox</b> & co", seed=42))

    tip = film.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;fox&lt;/b&gt; &amp; co" in tip
    assert "seed 42" in tip
    assert film.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "<b>fox</b> & co"


def test_a_picture_without_a_prompt_has_a_name_too(film: FilmModel):
    film.prepend(plain(8, 8), Path("fox.png"), recipe(prompt=""))

    assert film.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "A picture without a prompt"


def test_a_dragged_picture_is_its_file(film: FilmModel):
    film.prepend(plain(8, 8), Path("/pictures/a fox #1.png"), recipe())

    data = film.mimeData([film.index(0)])

    assert isinstance(data, QMimeData)
    assert data.urls() == [QUrl.fromLocalFile("/pictures/a fox #1.png")]
    assert film.mimeTypes() == ["text/uri-list"]
    assert film.flags(film.index(0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert film.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


def names(film: FilmModel) -> list[str]:
    return [film.frame(film.index(row)).path.name for row in range(film.rowCount())]


def test_older_pictures_come_behind_and_only_once(film: FilmModel):
    tester = QAbstractItemModelTester(film, QAbstractItemModelTester.FailureReportingMode.Warning)
    film.prepend(plain(8, 8), Path("new.png"), recipe())

    film.append([Frame(plain(8, 8), Path(name), None) for name in ("new.png", "old.png", "older.png")])
    film.append([])

    assert names(film) == ["new.png", "old.png", "older.png"]
    assert tester.model() is film


def test_a_picture_whose_file_was_replaced_is_shown_once(film: FilmModel):
    for name in ("a.png", "b.png", "a.png"):
        film.prepend(plain(8, 8), Path(name), recipe())

    assert names(film) == ["a.png", "b.png"]


def test_a_picture_can_be_taken_out(film: FilmModel):
    for name in ("a.png", "b.png", "c.png"):
        film.prepend(plain(8, 8), Path(name), recipe())

    film.remove(Path("b.png"))
    film.remove(Path("none.png"))

    assert names(film) == ["c.png", "a.png"]


def test_of_a_picture_from_elsewhere_only_the_name_is_known(film: FilmModel):
    film.append([Frame(plain(8, 8), Path("holiday.jpg"), None)])

    assert film.index(0).data(Qt.ItemDataRole.ToolTipRole) == "<p></p><p>holiday.jpg</p>"
    assert isinstance(film.index(0).data(FRAME_ROLE), Frame)
