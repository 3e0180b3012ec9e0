from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sana_desktop.domain.adoption import Part
from sana_desktop.gallery.records import PictureRow
from sana_desktop.services.library import Library
from sana_desktop.ui.gallery.gallery_page import GalleryPage
from sana_desktop.ui.gallery.picture_keeper import PictureKeeper
from support.gallery import Gallery
from support.window_stage import heard


@pytest.fixture
def gallery(tmp_path: Path) -> Iterator[Gallery]:
    with Gallery(tmp_path) as made:
        for number, prompt in enumerate(("a fox", "a hen", "a red fox")):
            made.add(f"{number}.png", when=1000 + number, prompt=prompt, seed=number)
        yield made


@pytest.fixture
def page(gallery: Gallery, tmp_path: Path, qtbot: QtBot) -> Iterator[GalleryPage]:
    library = Library(tmp_path, tmp_path, gallery.pictures)
    keeper = PictureKeeper(library, trash=Path.unlink)
    made = GalleryPage(library.reader, library.thumbnail_store, keeper)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitUntil(lambda: len(made.pictures.pictures) == 3)
    made.grid.setFocus()
    yield made
    made.close_files()
    library.close()


def shown(page: GalleryPage) -> list[int]:
    return list(page.pictures.pictures)


def test_pictures_are_shown_with_what_is_known_of_them(page: GalleryPage, qtbot: QtBot) -> None:
    assert shown(page) == [3, 2, 1]

    def has_images() -> bool:
        rows = [page.pictures.row_of(picture) for picture in shown(page)]
        return all(row is not None and page.pictures.has_image(row.facts.print, page.grid.side) for row in rows)

    qtbot.waitUntil(has_images)


def test_a_page_asks_for_its_pictures_before_it_is_shown(gallery: Gallery, tmp_path: Path, qtbot: QtBot) -> None:
    library = Library(tmp_path, tmp_path, gallery.pictures)
    made = GalleryPage(library.reader, library.thumbnail_store, PictureKeeper(library))
    qtbot.addWidget(made)
    qtbot.waitUntil(lambda: shown(made) == [3, 2, 1])
    made.close_files()
    library.close()


def test_typing_narrows_down_and_a_mistake_keeps_what_was_found(page: GalleryPage, qtbot: QtBot) -> None:
    page.focus_search()
    page.look_for("fox")
    qtbot.waitUntil(lambda: shown(page) == [3, 1])
    page.look_for("rating:many")
    qtbot.waitUntil(lambda: bool(page.bar.problem))
    assert shown(page) == [3, 1]
    page.look_for("nobody")
    qtbot.waitUntil(lambda: shown(page) == [])
    assert page.bar.problem == ""


def test_what_is_written_while_it_is_seen_appears_and_what_was_written_before_too(
    page: GalleryPage, gallery: Gallery, qtbot: QtBot
) -> None:
    gallery.add("3.png", when=2000, prompt="a cat", seed=9)
    page.refresh()
    qtbot.waitUntil(lambda: shown(page) == [4, 3, 2, 1])
    page.hide()
    gallery.add("4.png", when=3000, prompt="a dog", seed=10)
    page.refresh()
    page.show()
    qtbot.waitUntil(lambda: shown(page) == [5, 4, 3, 2, 1])


def test_enter_opens_and_escape_leaves(page: GalleryPage, gallery: Gallery, qtbot: QtBot) -> None:
    opened, left = heard(page, "openRequested"), heard(page, "leaveRequested")
    page.grid.go_to(1)
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    qtbot.keyClick(page.grid, Qt.Key.Key_Escape)
    assert opened == [(gallery.pictures / "1.png",)]
    assert len(left) == 1


def test_the_files_of_what_is_chosen_are_known_at_once(page: GalleryPage, gallery: Gallery) -> None:
    page.grid.selectAll()
    assert page.chosen_paths() == [gallery.pictures / f"{number}.png" for number in (2, 1, 0)]


def test_pictures_become_larger_step_by_step(page: GalleryPage) -> None:
    side = page.grid.side
    page.larger(2)
    assert page.grid.side == side + 32


def rows(page: GalleryPage) -> dict[int, PictureRow]:
    return {row.picture: row for row in page.read_now([1, 2, 3])}


def test_digits_rate_and_the_full_stop_marks_and_unmarks(page: GalleryPage, qtbot: QtBot) -> None:
    page.grid.go_to(0)
    qtbot.keyClick(page.grid, Qt.Key.Key_4)
    qtbot.keyClick(page.grid, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: (rows(page)[3].rating, rows(page)[3].favourite) == (4, True))
    qtbot.keyClick(page.grid, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: not rows(page)[3].favourite)
    assert rows(page)[2].rating == 0


def test_all_that_are_chosen_are_rated_at_once(page: GalleryPage, qtbot: QtBot) -> None:
    page.grid.selectAll()
    qtbot.keyClick(page.grid, Qt.Key.Key_5)
    qtbot.waitUntil(lambda: [row.rating for row in rows(page).values()] == [5, 5, 5])


def test_what_is_thrown_away_comes_back_with_ctrl_z_and_the_next_is_current_meanwhile(
    page: GalleryPage, gallery: Gallery, qtbot: QtBot
) -> None:
    said = heard(page, "noticed")
    page.grid.go_to(0)
    qtbot.keyClick(page.grid, Qt.Key.Key_Delete)
    assert (shown(page), page.grid.current_picture()) == ([2, 1], 2)
    qtbot.keyClick(page.grid, Qt.Key.Key_X)
    assert shown(page) == [1]
    qtbot.keyClick(page.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shown(page) == [2, 1]
    assert [words for (words,) in said][-1] == "1 picture is back."
    page._keeper.settle()
    qtbot.waitUntil(lambda: not (gallery.pictures / "2.png").exists())
    assert (gallery.pictures / "1.png").exists()
    page.refresh()
    qtbot.waitUntil(lambda: not page._keeper.hidden)
    qtbot.waitUntil(lambda: shown(page) == [2, 1])


def test_details_follow_what_is_chosen(page: GalleryPage, qtbot: QtBot) -> None:
    page.grid.go_to(0)
    qtbot.keyClick(page.grid, Qt.Key.Key_I)
    assert page.details.isVisible()
    assert page.details.title == "2.png"
    page.grid.go_to(1)
    qtbot.waitUntil(lambda: page.details.title == "1.png")
    page.grid.selectAll()
    qtbot.waitUntil(lambda: page.details.title == "3 pictures are chosen")
    qtbot.keyClick(page.grid, Qt.Key.Key_I)
    assert not page.details.isVisible()


def test_tags_are_written_and_taken_off_again(page: GalleryPage, qtbot: QtBot) -> None:
    page.grid.go_to(0)
    qtbot.keyClick(page.grid, Qt.Key.Key_T)
    field = page.details.tag_field
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "best,  blue   sky")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(page)[3].tags == ("best", "blue sky"))
    assert page.grid.hasFocus()
    qtbot.waitUntil(lambda: field.text() == "best, blue sky")
    qtbot.keyClick(page.grid, Qt.Key.Key_T)
    field.setText("Best")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(page)[3].tags == ("best",))


def test_letters_take_settings_over_and_compare(page: GalleryPage, qtbot: QtBot) -> None:
    used, compared, said = heard(page, "useRequested"), heard(page, "compareRequested"), heard(page, "noticed")
    page.grid.go_to(0)
    for key in (Qt.Key.Key_A, Qt.Key.Key_P, Qt.Key.Key_S, Qt.Key.Key_D, Qt.Key.Key_R):
        qtbot.keyClick(page.grid, key)
    assert [part for _, part in used] == [Part.ALL, Part.PROMPT, Part.SEED, Part.SIZE, Part.ALL_BUT_SEED]
    assert used[0][0].prompt == "a red fox"
    qtbot.keyClick(page.grid, Qt.Key.Key_C)
    assert said == [("Choose two to four pictures to compare them.",)]
    qtbot.keyClick(page.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(page.grid, Qt.Key.Key_C)
    assert page.table.isVisible()
    # At one place, where there are two: that is the canvas's.
    qtbot.keyClick(page.table.view, Qt.Key.Key_M)
    assert [row.picture for row in compared[0][0]] == [3, 2]


def test_pictures_are_sorted_out_one_by_one(page: GalleryPage, gallery: Gallery, qtbot: QtBot) -> None:
    page.grid.go_to(0)
    qtbot.keyClick(page.grid, Qt.Key.Key_V)
    view = page.table.view
    qtbot.keyClick(view, Qt.Key.Key_4)
    assert page.table.picture == 2
    qtbot.keyClick(view, Qt.Key.Key_X)
    assert (shown(page), page.table.picture) == ([3, 1], 1)
    qtbot.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shown(page) == [3, 2, 1]
    # Nobody tells this page that stars are written; the window does.
    qtbot.waitUntil(lambda: gallery.row(3).rating == 4)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: "★★★★" in view._cards[0].label)
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert page.grid.isVisible()
    assert page.grid.current_picture() == 1
