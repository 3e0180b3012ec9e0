from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sana_desktop.gallery.records import PictureRow
from sana_desktop.ui.gallery.light_table import LightTable
from sana_desktop.ui.gallery.picture_keys import Verb
from support.gallery import Gallery
from support.window_stage import heard

Key = Qt.Key


@pytest.fixture
def gallery(tmp_path: Path) -> Iterator[Gallery]:
    with Gallery(tmp_path) as made:
        for number, prompt in enumerate(("a fox", "a hen", "a red fox", "an owl", "a cat")):
            made.add(f"{number}.png", when=1000 + number, prompt=prompt, seed=number)
        yield made


@pytest.fixture
def table(gallery: Gallery, qtbot: QtBot) -> Iterator[LightTable]:
    def read_now(pictures: Sequence[int]) -> list[PictureRow]:
        return [gallery.row(picture) for picture in pictures]

    made = LightTable(read_now)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    yield made
    made.close_files()


def wishes(table: LightTable) -> list[tuple[Verb, int, int]]:
    """What is wished from now on: the verb, the stars, the number of the picture."""
    found: list[tuple[Verb, int, int]] = []
    table.wished.connect(lambda wish, picture: found.append((wish.verb, wish.stars, picture)))
    return found


def cards(table: LightTable) -> list[str]:
    return [card.label for card in table.view._cards]


def test_pictures_are_sorted_out_from_the_keyboard(table: LightTable, qtbot: QtBot):
    found = wishes(table)
    table.go_through(array("q", [5, 4, 3, 2, 1]), 4)
    for key in (Key.Key_3, Key.Key_Period, Key.Key_Left, Key.Key_0, Key.Key_End, Key.Key_X, Key.Key_R):
        qtbot.keyClick(table.view, key)
    # A rating goes on to the next picture, a mark does not.
    assert found == [
        (Verb.RATE, 3, 4), (Verb.FAVOURITE, 0, 3), (Verb.RATE, 0, 4), (Verb.THROW, 0, 1), (Verb.USE, 0, 1),
    ]  # fmt: skip
    assert table.words == "5 of 5   a fox"


def test_what_is_thrown_away_makes_room_for_the_next(table: LightTable):
    table.go_through(array("q", [3, 2, 1]), 2)
    table.refresh(array("q", [3, 1]))
    assert table.picture == 1
    table.refresh(array("q", [3]))
    assert table.picture == 3
    closed = heard(table, "closed")
    table.refresh(array("q"))
    assert len(closed) == 1
    assert table.picture is None


def test_the_picture_and_what_is_thought_of_it_are_seen(table: LightTable, gallery: Gallery, qtbot: QtBot):
    table.go_through(array("q", [2, 1]), 2)
    qtbot.waitUntil(lambda: table.view.has_picture)
    assert cards(table) == ["1.png"]
    gallery.db.execute("UPDATE pictures SET rating = 2, favourite = 1 WHERE picture = 2")
    table.refresh(array("q", [2, 1]))
    assert cards(table) == ["1.png   ★★ ♥"]


def test_two_to_four_are_compared_and_keys_are_about_the_chosen_one(table: LightTable, qtbot: QtBot):
    found = wishes(table)
    table.compare(array("q", [5, 4, 3, 2, 1]))
    assert len(cards(table)) == 4
    assert table.words == "4 pictures beside each other"
    qtbot.keyClick(table.view, Key.Key_Right)
    qtbot.keyClick(table.view, Key.Key_5)
    assert found == [(Verb.RATE, 5, 4)]
    assert table.picture == 3
    table.refresh(array("q", [5, 4, 2, 1]))
    assert cards(table)[:2] == ["A   4.png", "B   3.png"]


def test_of_two_it_is_said_what_differs_and_a_slider_is_offered(table: LightTable, qtbot: QtBot):
    table.compare(array("q", [2, 1]))
    assert table.words == "A → B: prompt hen → fox, seed 1 → 0"
    wanted = heard(table, "sliderRequested")
    qtbot.keyClick(table.view, Key.Key_M)
    assert [row.picture for row in wanted[0][0]] == [2, 1]
    table.compare(array("q", [3, 2, 1]))
    qtbot.keyClick(table.view, Key.Key_M)
    assert len(wanted) == 1


def test_a_slideshow_goes_on_once_a_picture_is_there_and_ends_with_the_last(table: LightTable, qtbot: QtBot):
    table.go_through(array("q", [3, 2]), 3, playing=True)
    table._on_next_slide()
    qtbot.waitUntil(lambda: table.view.has_picture)
    assert table.is_playing
    table._on_next_slide()
    assert table.picture == 2
    qtbot.waitUntil(lambda: table.view.has_picture)
    qtbot.waitUntil(lambda: table._loader.get(table._rows[0].path) is not None)
    table._on_next_slide()
    assert not table.is_playing
    qtbot.keyClick(table.view, Key.Key_Space)
    assert table.is_playing
    table.stop()
    assert not table.is_playing


def test_where_a_picture_is_enlarged_the_arrows_move_it(table: LightTable, qtbot: QtBot):
    table.go_through(array("q", [3, 2, 1]), 2)
    qtbot.waitUntil(lambda: table.view.has_picture)
    table.view.zoom_in()
    qtbot.keyClick(table.view, Key.Key_Right)
    assert table.picture == 2
    qtbot.keyClick(table.view, Key.Key_PageDown)
    assert table.picture == 1


def test_escape_leaves(table: LightTable, qtbot: QtBot):
    closed = heard(table, "closed")
    table.go_through(array("q", [1]), 99)
    qtbot.keyClick(table.view, Key.Key_Escape)
    assert len(closed) == 1
