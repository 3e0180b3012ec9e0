from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from sana_desktop.domain.sizes import Size
from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.ui.strip.picture_loader import PictureLoader, recipe_in
from support.fake_engine import fake_picture
from support.recipes import recipe
from support.ui_pictures import plain

SMALL = recipe(size=Size(64, 32))


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[PictureLoader]:
    made = PictureLoader()
    yield made
    made.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture with its recipe inside."""
    path = tmp_path / "fox.png"
    with path.open("wb") as file:
        write_picture(fake_picture(SMALL), PictureKind.PNG, file)
    return path


def test_a_picture_comes_with_its_recipe(loader: PictureLoader, picture: Path, qtbot: QtBot):
    with qtbot.waitSignal(loader.loaded) as loaded:
        loader.load(picture)

    assert loaded.args is not None
    path, image, found = loaded.args
    assert (path, found) == (picture, SMALL)
    assert isinstance(image, QImage)
    assert (image.width(), image.height()) == (64, 32)


def test_a_picture_from_elsewhere_comes_without(loader: PictureLoader, tmp_path: Path, qtbot: QtBot):
    path = tmp_path / "holiday.jpg"
    assert plain(20, 10).save(str(path))
    with qtbot.waitSignal(loader.loaded) as loaded:
        loader.load(path)

    assert loaded.args is not None
    assert loaded.args[2] is None
    assert recipe_in(path) is None


def test_what_is_no_picture_is_said_so(loader: PictureLoader, tmp_path: Path, qtbot: QtBot):
    path = tmp_path / "notes.png"
    path.write_text("not a picture")
    with qtbot.waitSignal(loader.failed) as failed:
        loader.load(path)
    assert failed.args is not None
    assert failed.args[0] == path
    assert failed.args[1]

    with qtbot.waitSignal(loader.failed) as failed:
        loader.load(tmp_path / "gone.png")
    assert failed.args == [tmp_path / "gone.png", "The file is no longer there"]


def test_what_was_forgotten_is_not_shown(loader: PictureLoader, picture: Path, tmp_path: Path, qtbot: QtBot):
    shown: list[Path] = []
    loader.loaded.connect(lambda path, image, found: shown.append(path))
    loader.load(picture)
    loader.forget()
    with qtbot.waitSignal(loader.failed):
        loader.load(tmp_path / "gone.png")

    assert shown == []
