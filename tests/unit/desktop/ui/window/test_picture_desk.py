from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from sana_desktop.domain.adoption import Part
from sana_desktop.domain.recipe import Recipe
from sana_desktop.ui.inspect.drop_area import Dropped
from sana_desktop.ui.inspect.inspect_panel import InspectPanel
from support.foreign_pictures import png_with
from support.packs import write_pack_file
from support.recipes import recipe
from support.window_stage import CONTROL, Key, OpenStage, WindowStage

INFOTEXT = "a fox\nSteps: 20, Sampler: Euler, CFG scale: 4.5, Seed: 7, Model: {pack}"

# The offscreen platform has no windows to raise.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def picture_file(path: Path, infotext: str = "") -> Path:
    """A picture that another program made."""
    path.write_bytes(png_with(parameters=infotext) if infotext else png_with())
    return path


def shown(stage: WindowStage) -> Path | None:
    return None if stage.window.stage.shown is None else stage.window.stage.shown.path


def inspected(stage: WindowStage) -> InspectPanel:
    """The panel with the settings of a picture, once it is there."""
    stage.until(lambda: stage.window._pictures._inspector.panel)
    panel = stage.window._pictures._inspector.panel
    assert panel is not None
    stage.until(panel.isVisible)
    return panel


def test_an_older_picture_can_be_looked_at_again(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("one")
    stage.draw("two")
    older, newer = stage.pictures()
    stage.window.strip.pictureChosen.emit(older)
    stage.until(lambda: shown(stage) == older)
    stage.window.queue_panel.pictureRequested.emit(newer)
    stage.until(lambda: shown(stage) == newer)


def test_a_picture_that_is_gone_is_said(open_stage: OpenStage, tmp_path: Path) -> None:
    stage = open_stage()
    stage.window.strip.pictureChosen.emit(tmp_path / "gone.png")
    stage.until(lambda: stage.window._messages.text)
    assert stage.window._messages.text.startswith("gone.png: ")


def test_a_picture_that_is_read_slowly_does_not_take_the_place_of_a_newer_one(
    open_stage: OpenStage, tmp_path: Path
) -> None:
    stage = open_stage()
    stage.draw("one")
    older = picture_file(tmp_path / "older.png")
    waiting: list[Callable[[], object]] = []
    loader = stage.window._pictures._loader
    worker = loader._worker
    # The answer of the thread comes only when the newer picture is there.
    before, number = worker._work, worker._number + 1
    worker._work = lambda path, tell: before(
        path, lambda news: bool(waiting.append(lambda: worker._tell(number, news)))
    )
    stage.window.strip.pictureChosen.emit(older)
    stage.until(lambda: waiting)
    stage.draw("two")
    waiting[0]()
    stage.qtbot.wait(1)
    assert shown(stage) == stage.pictures()[1]


def test_two_pictures_are_compared_and_one_with_itself_is_not(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("one")
    stage.draw("two")
    older, newer = stage.pictures()
    stage.window.strip.compareRequested.emit(newer)
    assert "Choose another picture" in stage.window._messages.text
    stage.window.strip.compareRequested.emit(older)
    stage.until(lambda: stage.window.stage.is_comparing)


def test_comparing_before_there_is_anything_says_what_to_do(open_stage: OpenStage, tmp_path: Path) -> None:
    stage = open_stage()
    stage.window.strip.compareRequested.emit(picture_file(tmp_path / "some.png"))
    assert "Choose another picture" in stage.window._messages.text


def test_the_settings_of_a_picture_are_used_again_and_its_pack_is_named(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.window.strip.recipeRequested.emit(recipe(prompt="a hen", seed=77, pack="elsewhere"))
    draft = stage.window.panel.draft()
    assert (draft["prompt"], draft["seed"], draft["seed_locked"]) == ("a hen", 77, True)
    assert "“elsewhere”; the pack stays “toy”" in stage.window._messages.text
    stage.draw("a fox")
    assert stage.engine.batches[0][0].seed == 77


@pytest.mark.parametrize("source", ["stage", "queue_panel"])
def test_settings_come_from_the_canvas_and_from_the_queue_too(open_stage: OpenStage, source: str) -> None:
    stage = open_stage()
    wanted: Recipe = recipe(prompt="a hen", pack="toy")
    widget = getattr(stage.window, source)
    (widget.useRequested if source == "stage" else widget.recipeRequested).emit(wanted)
    assert stage.window.panel.draft()["prompt"] == "a hen"
    assert stage.window._messages.text == ""


def test_what_is_used_is_in_the_draft_of_the_next_start(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.window.strip.recipeRequested.emit(recipe(prompt="a hen", pack="toy"))
    stage.until(stage.state_path.exists)
    assert "a hen" in stage.state_path.read_text()


@pytest.mark.parametrize(("pack", "installed"), [("toy", True), ("far", False)])
def test_a_dropped_picture_says_whether_its_pack_is_here(open_stage: OpenStage, pack: str, installed: bool) -> None:
    stage = open_stage()
    area = stage.window._pictures._inspector.area
    area.dropped.emit(Dropped(png_with(parameters=INFOTEXT.format(pack=pack)), "fox.png", 0))
    panel = inspected(stage)
    assert ("not installed" not in panel.notes) is installed
    panel.close()


def test_a_pack_that_came_meanwhile_is_known(open_stage: OpenStage) -> None:
    stage = open_stage()
    area = stage.window._pictures._inspector.area
    for number, expected in enumerate((True, False)):
        area.dropped.emit(Dropped(png_with(parameters=INFOTEXT.format(pack="far")), f"{number}.png", 0))
        stage.until(lambda: inspected(stage)._name.text() == f"{number}.png")  # noqa: B023
        assert ("not installed" in inspected(stage).notes) is expected
        write_pack_file(stage.paths.packs / "far", "far")
    inspected(stage).close()


def test_what_was_found_in_a_dropped_picture_fills_the_panel(open_stage: OpenStage, tmp_path: Path) -> None:
    stage = open_stage()
    stage.window.open_pictures([str(picture_file(tmp_path / "fox.png", INFOTEXT.format(pack="toy")))])
    panel = inspected(stage)
    panel.button(Part.ALL).click()
    draft = stage.window.panel.draft()
    assert (draft["prompt"], draft["seed"], draft["steps"]) == ("a fox", 7, 20)
    panel.close()


def test_what_cannot_be_read_is_said(open_stage: OpenStage, tmp_path: Path) -> None:
    stage = open_stage()
    (tmp_path / "not.png").write_text("no picture")
    stage.window.open_pictures([str(tmp_path / "not.png")])
    stage.until(lambda: "not.png" in stage.window._messages.text)


def test_the_keyboard_has_a_way_to_read_the_settings_of_a_picture(
    open_stage: OpenStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = picture_file(tmp_path / "fox.png", INFOTEXT.format(pack="toy"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *values: (str(path), ""))
    stage = open_stage()
    stage.press(Key.Key_O, CONTROL)
    inspected(stage).close()


def test_a_picture_in_the_trash_leaves_the_canvas(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("one")
    path = stage.pictures()[0]
    stage.window.strip.trashed.emit(path)
    assert shown(stage) is None
    assert stage.window._messages.text == f"{path.name} is in the trash."


def test_a_copy_that_was_saved_is_named(open_stage: OpenStage, tmp_path: Path) -> None:
    stage = open_stage()
    stage.window.stage.copySaved.emit(tmp_path / "copy.jpg")
    assert stage.window._messages.text == "Saved a copy as copy.jpg"


def test_closing_does_not_wait_for_a_picture_that_is_read(open_stage: OpenStage, tmp_path: Path) -> None:
    QImage(2000, 2000, QImage.Format.Format_RGB888).save(str(tmp_path / "large.png"))
    stage = open_stage()
    stage.window.strip.pictureChosen.emit(tmp_path / "large.png")
    stage.close()
