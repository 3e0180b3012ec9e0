from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.errors import OutputError
from sana_desktop.gallery.records import PictureRow
from sana_desktop.services.library import Library
from sana_desktop.ui.gallery.picture_keeper import PictureKeeper
from support.gallery import Gallery
from support.window_stage import heard


@pytest.fixture
def gallery(tmp_path: Path) -> Iterator[Gallery]:
    """Pictures 1, 2 and 3, called 0.png, 1.png and 2.png."""
    with Gallery(tmp_path) as made:
        for number in range(3):
            made.add(f"{number}.png", when=1000 + number, seed=number)
        yield made


@pytest.fixture
def library(gallery: Gallery, tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path, tmp_path, gallery.pictures) as made:
        yield made


@pytest.fixture
def keeper(library: Library, qtbot: QtBot) -> Iterator[PictureKeeper]:
    made = PictureKeeper(library, trash=Path.unlink)
    yield made
    made.close()


def row(library: Library, picture: int) -> PictureRow:
    library.save_album("asked").result()
    with library.reader() as reader:
        return reader.rows([picture])[0]


def names(gallery: Gallery) -> list[str]:
    return sorted(path.name for path in gallery.pictures.iterdir())


def test_pictures_get_stars_marks_and_tags(keeper: PictureKeeper, library: Library) -> None:
    keeper.rate([1, 2], 4)
    keeper.set_favourite([2], True)
    keeper.change_tags([2], ["best"])
    keeper.change_tags([2])
    keeper.rate([], 1)
    assert (row(library, 1).rating, row(library, 1).favourite) == (4, False)
    assert (row(library, 2).rating, row(library, 2).favourite, row(library, 2).tags) == (4, True, ("best",))


def test_what_is_thrown_away_is_hidden_and_can_be_taken_back_step_by_step(
    keeper: PictureKeeper, gallery: Gallery
) -> None:
    told = [heard(keeper, name) for name in ("thrown", "restored", "hiddenChanged")]
    keeper.throw([1])
    keeper.throw([2, 3])
    assert keeper.hidden == {1, 2, 3}
    keeper.restore()
    assert (keeper.hidden, keeper.can_restore) == ({1}, True)
    keeper.restore()
    keeper.restore()
    assert (keeper.hidden, keeper.can_restore) == (frozenset(), False)
    assert told == [[(1,), (2,)], [(2,), (1,)], [()] * 4]
    assert len(names(gallery)) == 3


def test_after_a_while_it_goes_to_the_trash(library: Library, gallery: Gallery, qtbot: QtBot) -> None:
    keeper = PictureKeeper(library, ms_until_trash=1, trash=Path.unlink)
    keeper.throw([1, 3])
    qtbot.waitUntil(lambda: names(gallery) == ["1.png"])
    qtbot.waitUntil(lambda: not keeper.hidden)
    keeper.close()


def test_what_waits_when_the_program_ends_is_thrown_away_then(
    library: Library, keeper: PictureKeeper, gallery: Gallery
) -> None:
    keeper.throw([2])
    keeper.close()
    library.close()
    assert names(gallery) == ["0.png", "2.png"]


def test_a_picture_that_cannot_leave_comes_back_and_it_is_said(library: Library, qtbot: QtBot) -> None:
    def refuse(path: Path) -> None:
        raise OutputError(f"{path.name} cannot be moved to the trash.")

    keeper = PictureKeeper(library, trash=refuse)
    said = heard(keeper, "failed")
    keeper.throw([1])
    keeper.settle()
    qtbot.waitUntil(lambda: bool(said))
    assert str(said[0][0]) == "0.png cannot be moved to the trash."
    assert keeper.hidden == frozenset()
    keeper.close()


def test_what_is_in_the_trash_is_taken_back_from_there(library: Library, gallery: Gallery, qtbot: QtBot) -> None:
    trash: dict[Path, bytes] = {}

    def throw(path: Path) -> None:
        trash[path] = path.read_bytes()
        path.unlink()

    def bring_back(path: Path, content: bytes | None) -> None:
        # Asked for latents beside it too, of which there are none.
        if path in trash:
            path.write_bytes(trash[path])

    keeper = PictureKeeper(library, trash=throw, bring_back=bring_back)
    back = heard(keeper, "restored")
    keeper.rate([1], 5)
    keeper.throw([1])
    keeper.throw([2])
    keeper.settle()
    qtbot.waitUntil(lambda: not keeper.hidden)
    assert names(gallery) == ["2.png"]
    keeper.restore()
    qtbot.waitUntil(lambda: back == [(1,)])
    assert names(gallery) == ["1.png", "2.png"]
    keeper.restore()
    qtbot.waitUntil(lambda: back == [(1,), (1,)])
    assert (len(names(gallery)), row(library, 1).rating, keeper.can_restore) == (3, 5, False)
    keeper.close()
