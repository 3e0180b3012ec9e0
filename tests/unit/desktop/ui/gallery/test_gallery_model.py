from array import array
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sana_desktop.gallery.records import PictureRow
from sana_desktop.ui.gallery.gallery_model import GalleryModel
from sana_desktop.ui.gallery.thumbnail_loader import Loaded
from support.gallery_rows import row_of
from support.ui_pictures import plain
from support.window_stage import heard


@pytest.fixture
def model(qtbot: QtBot) -> GalleryModel:
    made = GalleryModel(read_now=lambda pictures: [row_of(picture) for picture in pictures])
    made.set_pictures(array("q", [5, 4, 3, 2, 1]))
    return made


def test_a_picture_has_words_once_it_was_read(model: GalleryModel) -> None:
    index = model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) is None
    assert model.unread(range(2)) == [5, 4]
    model.put_rows([row_of(5, prompt="a <fox>", rating=3, favourite=True)])
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "a <fox>, favourite, 3 of 5 stars"
    assert index.data(Qt.ItemDataRole.ToolTipRole).startswith("<p>a &lt;fox&gt;</p><p>32 × 32 pixels<br>5.png")
    assert isinstance(index.data(Qt.ItemDataRole.UserRole), PictureRow)
    assert model.unread(range(2)) == [4]


def test_what_was_written_meanwhile_is_read_again_and_shown_until_then(model: GalleryModel) -> None:
    model.put_rows([row_of(5)])
    model.forget_rows()
    assert model.unread(range(1)) == [5]
    assert model.row_of(5) is not None


def test_the_same_pictures_again_change_nothing(model: GalleryModel) -> None:
    resets = heard(model, "modelReset")
    model.set_pictures(array("q", [5, 4, 3, 2, 1]))
    assert resets == []
    model.set_pictures(array("q", [5]))
    assert len(resets) == 1


def test_hidden_pictures_stay_hidden_until_they_are_not(model: GalleryModel) -> None:
    model.hide([4, 1])
    assert list(model.pictures) == [5, 3, 2]
    model.set_pictures(array("q", [6, 5, 4]))
    assert list(model.pictures) == [6, 5]
    model.hide(())
    assert list(model.pictures) == [6, 5, 4]
    assert model.rowCount() == 3


def test_a_small_picture_counts_for_the_size_that_it_was_made_in(model: GalleryModel) -> None:
    row = row_of(5)
    assert model.image_of(row) is None
    model.put_images([Loaded(row.facts.print, plain(50, 50), 50)])
    assert model.has_image(row.facts.print, 50)
    assert not model.has_image(row.facts.print, 100)
    image = model.image_of(row)
    assert image is not None
    assert image.width() == 50


def test_rows_are_dragged_as_files_even_those_that_were_not_read(qtbot: QtBot) -> None:
    asked: list[list[int]] = []

    def read_now(pictures: Sequence[int]) -> list[PictureRow]:
        asked.append(list(pictures))
        return [row_of(picture) for picture in pictures]

    model = GalleryModel(read_now=read_now)
    model.set_pictures(array("q", [3, 2, 1]))
    model.put_rows([row_of(3)])
    data = model.mimeData([model.index(0), model.index(2)])
    assert [Path(url.toLocalFile()).name for url in data.urls()] == ["3.png", "1.png"]
    assert asked == [[1]]
    assert model.mimeTypes() == ["text/uri-list"]
    assert model.flags(model.index(0)) & Qt.ItemFlag.ItemIsDragEnabled
