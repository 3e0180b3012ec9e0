import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.domain.sizes import Size
from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.ui.strip.film_model import THUMBNAIL_SIDE, Frame
from sana_desktop.ui.strip.recent_frames import AT_ONCE, RecentFrames, read_frame
from support.fake_engine import fake_picture
from support.recipes import recipe
from support.ui_pictures import plain

MANY = 2 * AT_ONCE + 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures of seeds 1, 2, ..., the newest with the largest, and a file that is none."""
    for seed in range(1, MANY + 1):
        path = tmp_path / f"{seed}.png"
        with path.open("wb") as file:
            write_picture(fake_picture(recipe(seed=seed, size=Size(32, 32))), PictureKind.PNG, file)
        os.utime(path, (seed, seed))
    (tmp_path / "broken.png").write_text("no picture")
    return tmp_path


@pytest.fixture
def recent(qtbot: QtBot) -> Iterator[RecentFrames]:
    made = RecentFrames(most=1000)
    yield made
    made.close()


def test_pictures_come_a_few_at_a_time_the_newest_first(recent: RecentFrames, folder: Path, qtbot: QtBot):
    heard: list[list[Frame]] = []
    recent.found.connect(heard.append)
    with qtbot.waitSignals([recent.found] * 3):
        recent.read(folder)

    assert [len(frames) for frames in heard] == [AT_ONCE, AT_ONCE, 1]
    seeds = [frame.recipe.seed for frames in heard for frame in frames if frame.recipe]
    assert seeds == list(range(MANY, 0, -1))


def test_a_folder_that_is_not_there_has_none(recent: RecentFrames, tmp_path: Path, qtbot: QtBot):
    with qtbot.waitSignal(recent.found) as found:
        recent.read(tmp_path / "none")

    assert found.args == [[]]


def test_a_frame_is_small_and_keeps_the_shape(tmp_path: Path, qtbot: QtBot):
    path = tmp_path / "wide.png"
    assert plain(1024, 512).save(str(path))
    frame = read_frame(path)

    assert frame is not None
    assert (frame.thumbnail.width(), frame.thumbnail.height()) == (THUMBNAIL_SIDE, THUMBNAIL_SIDE // 2)
    assert frame.recipe is None
    assert read_frame(tmp_path / "none.png") is None
