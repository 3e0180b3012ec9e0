from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QSize, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from sana_desktop.ui.film_model import THUMBNAIL_SIDE, FilmModel
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
