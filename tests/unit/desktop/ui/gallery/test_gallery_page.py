from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sana_desktop.gallery.reader import GalleryReader
from sana_desktop.gallery.thumbnails import ThumbnailStore
from sana_desktop.ui.gallery.gallery_page import GalleryPage
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
    made = GalleryPage(lambda: GalleryReader(gallery.file), lambda: ThumbnailStore(tmp_path / "small.sqlite"))
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitUntil(lambda: len(made.pictures.pictures) == 3)
    made.grid.setFocus()
    yield made
    made.close_files()


def shown(page: GalleryPage) -> list[int]:
    return list(page.pictures.pictures)


def test_pictures_are_shown_with_what_is_known_of_them(page: GalleryPage, qtbot: QtBot) -> None:
    assert shown(page) == [3, 2, 1]

    def has_images() -> bool:
        rows = [page.pictures.row_of(picture) for picture in shown(page)]
        return all(row is not None and page.pictures.has_image(row.facts.print, page.grid.side) for row in rows)

    qtbot.waitUntil(has_images)


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
