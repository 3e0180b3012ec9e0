from array import array
from collections.abc import Sequence

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from sana_desktop.ui.gallery.gallery_feed import GalleryFeed
from sana_desktop.ui.gallery.gallery_grid import GalleryGrid
from sana_desktop.ui.gallery.gallery_model import GalleryModel
from sana_desktop.ui.gallery.thumbnail_loader import Loaded, Wanted
from support.gallery_rows import row_of
from support.ui_pictures import plain


class Source(QObject):
    """Both threads of a page; remembers what they were asked for."""

    rowsRead = Signal(object)
    loaded = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[int]] = []
        self.wanted: list[list[Wanted]] = []

    def read_rows(self, pictures: Sequence[int]) -> None:
        self.rows.append(list(pictures))

    def want(self, wanted: Sequence[Wanted], side: int) -> None:
        self.wanted.append(list(wanted))


@pytest.fixture
def model(qtbot: QtBot) -> GalleryModel:
    made = GalleryModel()
    made.set_pictures(array("q", range(1000, 0, -1)))
    return made


@pytest.fixture
def grid(qtbot: QtBot, model: GalleryModel) -> GalleryGrid:
    made = GalleryGrid(model)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def test_rows_are_read_first_and_then_small_pictures_what_is_seen_before_the_rest(
    qtbot: QtBot, grid: GalleryGrid, model: GalleryModel
) -> None:
    source = Source()
    feed = GalleryFeed(grid, model, source, source, grid)  # pyright: ignore[reportArgumentType]
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum() // 2)
    feed.feed()
    seen = [model.pictures[place] for place in grid.seen()]
    asked = source.rows[-1]
    assert asked[: len(seen)] == seen
    assert len(asked) > 2 * len(seen)
    assert source.wanted[-1] == []
    source.rowsRead.emit([row_of(picture) for picture in asked])
    qtbot.waitUntil(lambda: bool(source.wanted[-1]))
    assert [one.path.stem for one in source.wanted[-1][: len(seen)]] == [str(picture) for picture in seen]
    feed.feed()
    assert source.rows[-1] is asked


def test_small_pictures_that_came_are_not_asked_for_again(qtbot: QtBot, grid: GalleryGrid, model: GalleryModel) -> None:
    source = Source()
    feed = GalleryFeed(grid, model, source, source, grid)  # pyright: ignore[reportArgumentType]
    feed.feed()
    rows = [row_of(picture) for picture in source.rows[-1]]
    source.rowsRead.emit(rows)
    source.loaded.emit([Loaded(row.facts.print, plain(grid.side, grid.side), grid.side) for row in rows])
    feed.feed()
    assert source.wanted[-1] == []
    grid.set_side(grid.side + 32)
    feed.feed()
    assert len(source.wanted[-1]) > 0
