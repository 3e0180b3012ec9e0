from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas.canvas_stage import CanvasStage
from sana_desktop.ui.canvas.examples import Examples
from support.recipes import APPLE, recipe
from support.ui_pictures import plain

FOX, HEN = Path("fox.png"), Path("hen.png")


@pytest.fixture
def stage(qtbot: QtBot) -> CanvasStage:
    made = CanvasStage(animated=False)
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    made.show_hint("Describe a picture.")
    return made


def seen(stage: CanvasStage) -> str:
    """The colour of what is on the canvas, or the words."""
    image = stage.canvas.image
    return stage.canvas.accessibleDescription() if image.isNull() else image.pixelColor(0, 0).name()


def preview(colour: str) -> QImage:
    return plain(8, 8, colour)


RED, LIME, BLUE, WHITE = (QColor(name).name() for name in ("red", "lime", "blue", "white"))


def draw(stage: CanvasStage, job: int, path: Path, colours: tuple[str, ...], result: str = "white") -> None:
    """A job of one picture."""
    stage.begin_job(job)
    for step, colour in enumerate(colours, 1):
        stage.show_preview(job, step, preview(colour))
    stage.show_picture(job, plain(64, 64, result), path, recipe(seed=job))
    stage.end_job(job)


def test_a_picture_forms_from_the_first_step(stage: CanvasStage):
    stage.begin_job(1)
    assert seen(stage) == "Describe a picture."

    stage.show_preview(1, 1, preview("red"))
    assert seen(stage) == RED
    stage.show_preview(1, 2, preview("lime"))
    assert seen(stage) == LIME
    stage.show_picture(1, plain(64, 64, "white"), FOX, APPLE)
    assert seen(stage) == WHITE
    stage.end_job(1)
    assert seen(stage) == WHITE
    assert stage.shown is not None
    assert (stage.shown.path, stage.shown.recipe) == (FOX, APPLE)


def test_frames_of_other_jobs_are_dropped(stage: CanvasStage):
    stage.show_preview(1, 1, preview("red"))
    assert seen(stage) == "Describe a picture."

    stage.begin_job(1)
    stage.end_job(1)
    stage.begin_job(2)
    stage.show_preview(1, 5, preview("red"))
    assert seen(stage) == "Describe a picture."
    stage.show_preview(2, 1, preview("blue"))
    stage.show_preview(1, 6, preview("red"))
    stage.end_job(1)
    assert seen(stage) == BLUE


def test_the_last_picture_stays_until_the_next_one_forms_and_comes_back_if_it_does_not(stage: CanvasStage):
    draw(stage, 1, FOX, ("red",))

    stage.begin_job(2)
    assert seen(stage) == WHITE
    stage.show_preview(2, 1, preview("blue"))
    assert seen(stage) == BLUE
    stage.end_job(2)

    assert seen(stage) == WHITE
    assert stage.canvas.path == FOX


def test_without_a_picture_a_cancelled_job_leaves_the_words(stage: CanvasStage):
    stage.begin_job(1)
    stage.show_preview(1, 1, preview("red"))
    stage.end_job(1)

    assert seen(stage) == "Describe a picture."


def test_whoever_looks_at_another_picture_is_not_disturbed_until_the_new_one_is_finished(stage: CanvasStage):
    stage.begin_job(1)
    stage.show_preview(1, 1, preview("red"))

    stage.show_picture(None, plain(64, 64, "lime"), HEN)
    stage.show_preview(1, 2, preview("red"))
    assert seen(stage) == LIME
    assert stage.tools._follow.isVisible()
    assert not stage.is_following

    stage.tools._follow.click()
    assert seen(stage) == RED
    assert not stage.tools._follow.isVisible()
    stage.show_picture(None, plain(64, 64, "lime"), HEN)
    stage.show_picture(1, plain(64, 64, "white"), FOX)
    assert seen(stage) == WHITE


def test_the_film_shows_how_the_picture_formed(stage: CanvasStage):
    draw(stage, 1, FOX, ("red", "lime", "blue"))
    slider = stage.tools.scrubber._slider
    assert stage.tools.scrubber.isVisible()
    assert slider.maximum() == 3

    for value, colour in ((0, RED), (1, LIME), (2, BLUE), (3, WHITE)):
        slider.setValue(value)
        assert seen(stage) == colour
    assert stage.canvas.path == FOX


def test_every_picture_of_the_session_has_its_own_film(stage: CanvasStage):
    draw(stage, 1, FOX, ("red", "lime"))
    draw(stage, 2, HEN, ("blue",))
    assert stage.tools.scrubber._slider.maximum() == 1

    stage.show_picture(None, plain(64, 64, "white"), FOX)
    assert stage.tools.scrubber._slider.maximum() == 2
    stage.tools.scrubber._slider.setValue(0)
    assert seen(stage) == RED

    stage.show_picture(None, plain(64, 64, "white"), Path("older.png"))
    assert not stage.tools.scrubber.isVisible()


def test_of_pictures_drawn_together_the_first_has_a_film(stage: CanvasStage):
    stage.begin_job(1)
    stage.show_preview(1, 1, preview("red"))
    stage.show_picture(1, plain(64, 64, "white"), FOX)
    assert stage.tools.scrubber.isVisible()
    stage.show_picture(1, plain(64, 64, "blue"), HEN)
    assert not stage.tools.scrubber.isVisible()

    # The second round of the same job begins with its first step again.
    stage.show_preview(1, 1, preview("lime"))
    stage.show_picture(1, plain(64, 64, "white"), Path("third.png"))
    stage.tools.scrubber._slider.setValue(0)
    assert seen(stage) == LIME


def test_a_film_ends_with_an_unfinished_round(stage: CanvasStage):
    stage.begin_job(1)
    for step in (1, 2, 1):
        stage.show_preview(1, step, preview("red"))
    stage.show_picture(1, plain(64, 64, "white"), FOX)

    assert stage.tools.scrubber._slider.maximum() == 1


def test_no_film_is_offered_while_another_picture_forms(stage: CanvasStage):
    draw(stage, 1, FOX, ("red",))

    stage.begin_job(2)
    assert stage.tools.scrubber.isVisible()
    stage.show_preview(2, 1, preview("blue"))
    assert not stage.tools.scrubber.isVisible()
    stage.end_job(2)
    assert stage.tools.scrubber.isVisible()


def test_whoever_goes_through_a_film_is_not_disturbed(stage: CanvasStage):
    draw(stage, 1, FOX, ("red", "lime"))
    stage.begin_job(2)
    stage.tools.scrubber._slider.setValue(0)

    stage.show_preview(2, 1, preview("blue"))
    assert seen(stage) == RED
    stage.end_job(2)
    assert seen(stage) == RED


def test_two_pictures_are_compared(stage: CanvasStage, qtbot: QtBot):
    draw(stage, 1, FOX, ("red",), "white")
    assert not stage.tools._compare.isEnabled()
    draw(stage, 2, HEN, ("red",), "blue")

    stage.tools._compare.click()

    assert stage.is_comparing
    pair = stage.compare_panel.pair
    assert pair is not None
    assert [shown.path for shown in pair] == [FOX, HEN]
    assert "seed 1 → 2" in stage.compare_panel.words
    with qtbot.waitSignal(stage.compareClosed):
        QTest.keyClick(stage.compare_panel.view, Qt.Key.Key_Escape)
    assert not stage.is_comparing
    assert seen(stage) == BLUE


def test_showing_a_picture_twice_does_not_compare_it_with_itself(stage: CanvasStage):
    stage.show_picture(None, plain(64, 64, "white"), FOX)
    stage.show_picture(None, plain(64, 64, "white"), FOX)
    stage.toggle_compare()

    assert not stage.is_comparing


def test_a_comparison_is_not_disturbed_by_a_job_and_ends_with_a_choice(stage: CanvasStage):
    draw(stage, 1, FOX, ("red",))
    draw(stage, 2, HEN, ("red",))
    stage.toggle_compare()

    draw(stage, 3, Path("third.png"), ("lime",))
    assert stage.is_comparing
    stage.show_picture(None, plain(64, 64, "white"), FOX)

    assert not stage.is_comparing


def test_zooming_is_for_what_is_shown(stage: CanvasStage):
    draw(stage, 1, FOX, ("red",))
    draw(stage, 2, HEN, ("red",))

    stage.zoom_in()
    assert not stage.canvas.viewport_now.fits
    stage.zoom_out()
    assert stage.canvas.viewport_now.fits
    stage.toggle_compare()
    stage.actual_size()
    assert stage.canvas.viewport_now.fits
    assert stage.compare_panel.view.viewport_now.scale == 1
    stage.fit()
    assert stage.compare_panel.view.viewport_now.fits


def test_the_picture_is_copied_from_the_canvas(stage: CanvasStage):
    draw(stage, 1, FOX, ("red",), "blue")

    QTest.keyClick(stage.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().image().pixelColor(0, 0).name() == BLUE


def test_settings_are_passed_on(stage: CanvasStage, qtbot: QtBot):
    draw(stage, 1, FOX, ("red",))

    with qtbot.waitSignal(stage.useRequested) as asked:
        stage.actions_now.use()

    assert asked.args == [recipe(seed=1)]


# The offscreen platform has no windows to raise.
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_opens_where_there_is_a_picture(stage: CanvasStage):
    stage.canvas.menuRequested.emit(QPoint(5, 5))
    assert QApplication.activePopupWidget() is None
    draw(stage, 1, FOX, ("red",))

    stage.canvas.menuRequested.emit(QPoint(5, 5))

    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()


def test_words_take_the_place_of_everything(stage: CanvasStage):
    draw(stage, 1, FOX, ("red",))

    stage.show_hint("Nothing here.")

    assert (seen(stage), stage.shown) == ("Nothing here.", None)
    assert not stage.tools.scrubber.isVisible()


def test_closing_down_stops_the_film(stage: CanvasStage):
    draw(stage, 1, FOX, ("red",))
    stage.tools.scrubber._play.click()

    stage.close_down()

    assert not stage.tools.scrubber.is_playing


def test_examples_are_offered_while_there_is_neither_a_picture_nor_a_job(stage: CanvasStage, qtbot: QtBot):
    stage.set_examples(("a fox", "a hen"))
    offered = stage.findChildren(Examples)[0]
    assert offered.isVisible()
    with qtbot.waitSignal(stage.exampleChosen) as chosen:
        offered.findChildren(QPushButton)[1].click()
    assert chosen.args == ["a hen"]
    stage.begin_job(1)
    assert not offered.isVisible()
    stage.end_job(1)
    assert offered.isVisible()
    draw(stage, 2, FOX, ("red",))
    assert not offered.isVisible()
    stage.show_hint("Describe a picture.")
    assert offered.isVisible()
