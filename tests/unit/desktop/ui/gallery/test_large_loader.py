from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.gallery.metadata import PictureKind
from sana_desktop.ui.gallery.large_loader import LargeLoader
from support.gallery import write_own


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[LargeLoader]:
    made = LargeLoader()
    yield made
    made.close()


def test_pictures_come_in_the_order_in_which_they_are_wanted_and_stay(
    loader: LargeLoader, tmp_path: Path, qtbot: QtBot
):
    paths = [
        write_own(tmp_path / name, kind=kind)
        for name, kind in (("a.png", PictureKind.PNG), ("b.avif", PictureKind.AVIF))
    ]
    heard: list[Path] = []
    loader.loaded.connect(lambda large: heard.append(large.path))
    loader.want(paths)
    qtbot.waitUntil(lambda: heard == paths)
    large = loader.get(paths[1])
    assert large is not None
    assert (large.image.width(), large.problem) == (32, "")
    with qtbot.assertNotEmitted(loader.loaded, wait=20):
        loader.want(paths)


def test_what_cannot_be_shown_is_said_so(loader: LargeLoader, tmp_path: Path, qtbot: QtBot):
    with qtbot.waitSignal(loader.loaded) as loaded:
        loader.want([tmp_path / "missing.png"])
    assert loaded.args is not None
    assert loaded.args[0].image.isNull()
    assert loaded.args[0].problem


def test_after_the_end_nothing_is_read(loader: LargeLoader, tmp_path: Path, qtbot: QtBot):
    loader.close()
    loader.want([write_own(tmp_path / "a.png")])
    loader.close()
    assert loader._thread is None
