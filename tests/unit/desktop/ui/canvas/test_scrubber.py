import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas.preview_reel import PreviewReel
from sana_desktop.ui.canvas.scrubber import Scrubber
from support.ui_pictures import plain


@pytest.fixture
def scrubber(qtbot: QtBot) -> Scrubber:
    """Three frames, of steps 2, 4 and 6."""
    made = Scrubber()
    qtbot.addWidget(made)
    reel = PreviewReel()
    for step in (2, 4, 6):
        reel.add(step, plain(4, 4))
    made.set_reel(reel)
    made.show()
    return made


@pytest.fixture
def chosen(scrubber: Scrubber) -> list[int | str]:
    """What the scrubber asked for, in order."""
    asked: list[int | str] = []
    scrubber.frameChosen.connect(asked.append)
    scrubber.finishedChosen.connect(lambda: asked.append("finished"))
    return asked


def test_it_begins_with_the_finished_picture_and_asks_for_nothing(scrubber: Scrubber, chosen: list[int | str]):
    scrubber.set_reel(PreviewReel())

    assert (scrubber.position, chosen) == (0, [])


def test_the_arrow_keys_go_from_frame_to_frame(scrubber: Scrubber, chosen: list[int | str]):
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        QTest.keyClick(scrubber._slider, key)

    assert chosen == [2, 1, 2, "finished", 0, "finished"]


def test_it_says_which_step_is_shown(scrubber: Scrubber):
    assert scrubber._label.text() == "Finished"

    scrubber._slider.setValue(1)

    assert scrubber._label.text() == scrubber._slider.accessibleDescription() == "Step 4"


def test_the_film_begins_at_the_first_step_and_ends_with_the_picture(
    scrubber: Scrubber, chosen: list[int | str], qtbot: QtBot
):
    QTest.keyClick(scrubber._play, Qt.Key.Key_Space)
    assert scrubber.is_playing
    qtbot.waitUntil(lambda: not scrubber.is_playing)

    assert chosen == [0, 1, 2, "finished"]
    assert not scrubber._play.isChecked()


def test_the_film_goes_on_from_where_it_stands(scrubber: Scrubber, chosen: list[int | str]):
    scrubber._slider.setValue(1)
    scrubber._play.click()

    scrubber._on_tick()

    assert chosen == [1, 2]
    scrubber._play.click()
    assert not scrubber.is_playing


def test_whoever_takes_the_slider_or_another_picture_stops_the_film(scrubber: Scrubber):
    scrubber._play.click()
    scrubber._slider.sliderPressed.emit()
    assert not scrubber.is_playing

    scrubber._play.click()
    scrubber.set_reel(PreviewReel())
    assert not scrubber.is_playing


def test_everything_has_a_name(scrubber: Scrubber):
    assert scrubber._play.accessibleName()
    assert scrubber._slider.accessibleName()
