import csv
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from sana_desktop.domain.picture import Picture
from sana_desktop.errors import RecipeError
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.services.batch.sheet import row_with
from sana_desktop.ui.lists.sheet_model import RowState
from sana_desktop.ui.window.list_desk import ListDesk, small_image
from support.fake_engine import FakeEngine, fake_picture
from support.recipes import recipe
from support.window_stage import OpenStage, WindowStage

ROWS = [
    row_with(prompt="a fox", seed="7"),
    row_with(prompt="a {red} dog", n_iter="2"),
    row_with(prompt="x", steps="many"),
]


class Cursed(FakeEngine):
    """Does not draw the cursed while it is so."""

    cursed = True

    def generate(self, job: int, recipes, *rest, **named) -> tuple[Picture, ...]:
        if self.cursed and any("cursed" in one.prompt for one in recipes):
            raise RecipeError("no")
        return super().generate(job, recipes, *rest, **named)


def desk_of(stage: WindowStage) -> ListDesk:
    desk = stage.window.lists_now()
    desk.show_list(True)
    return desk


def drawn(stage: WindowStage, desk: ListDesk) -> None:
    """Draw, and wait until that is over."""
    ended = len([None for _ in desk.model.rows])
    assert ended
    desk.draw()
    stage.qtbot.waitUntil(lambda: not desk._wants_to_draw and not desk._run.running, timeout=20_000)
    page = desk.page
    assert page is not None
    stage.qtbot.waitUntil(lambda: not page._running, timeout=20_000)


def test_a_list_is_drawn_through_the_windows_queue_into_a_folder_of_its_own(open_stage: OpenStage):
    stage = open_stage()
    desk = desk_of(stage)
    desk.model.set_rows(ROWS)
    drawn(stage, desk)

    pictures = [path for path in stage.pictures() if path.suffix == ".png"]
    assert [read_recipe(path).prompt for path in pictures] == ["a fox", "a red dog", "a red dog"]
    assert read_recipe(pictures[0]).seed == 7
    assert [desk.model.state(row) for row in range(3)] == [RowState.DONE, RowState.DONE, RowState.WRONG]
    assert len({path.parent for path in pictures}) == 1
    assert (pictures[0].parent / "list.csv").exists()
    # The same rows again: everything is there.
    drawn(stage, desk)
    assert len([path for path in stage.pictures() if path.suffix == ".png"]) == 3
    assert desk.model.done == 3


def test_what_failed_is_tried_again_and_nothing_else(open_stage: OpenStage):
    engine = Cursed()
    stage = open_stage(engine=engine)
    desk = desk_of(stage)
    desk.model.set_rows([row_with(prompt="a fox"), row_with(prompt="cursed")])
    drawn(stage, desk)
    assert [desk.model.state(row) for row in range(2)] == [RowState.DONE, RowState.FAILED]
    engine.cursed = False
    before = len(engine.batches)
    drawn(stage, desk)
    assert [desk.model.state(row) for row in range(2)] == [RowState.DONE, RowState.DONE]
    assert [one.prompt for batch in engine.batches[before:] for one in batch] == ["cursed"]


def test_rows_are_pasted_moved_and_remembered(open_stage: OpenStage, qtbot: QtBot):
    stage = open_stage()
    desk = desk_of(stage)
    QGuiApplication.clipboard().setText("a fox\tblurry\na dog\n")
    page = desk.page
    assert page is not None
    page.pasteRequested.emit(0)
    assert [row[:2] for row in desk.model.rows] == [("a fox", "blurry"), ("a dog", "")]
    draft = stage.paths.data / "list.csv"
    qtbot.waitUntil(lambda: draft.exists() and "a dog" in draft.read_text(encoding="utf-8"), timeout=20_000)


def test_the_exported_table_has_the_seeds(open_stage: OpenStage, tmp_path: Path, qtbot: QtBot):
    stage = open_stage()
    desk = desk_of(stage)
    desk.model.set_rows(ROWS[:2])
    qtbot.waitUntil(lambda: all(desk.model.looks), timeout=20_000)
    desk.export(tmp_path / "seeds.csv")
    with (tmp_path / "seeds.csv").open(encoding="utf-8", newline="") as file:
        seeds = [row["seed"] for row in csv.DictReader(file)]
    assert seeds[0] == "7"
    assert seeds[1].isdigit()


def test_the_next_start_shows_what_was_drawn_and_goes_on(open_stage: OpenStage, qtbot: QtBot):
    stage = open_stage()
    desk = desk_of(stage)
    desk.model.set_rows(ROWS[:2])
    drawn(stage, desk)
    stage.close()

    engine = FakeEngine()
    again = open_stage(engine=engine)
    desk = desk_of(again)
    qtbot.waitUntil(lambda: desk.model.done == 3, timeout=20_000)
    drawn(again, desk)
    assert engine.batches == []
    assert len([path for path in again.pictures() if path.suffix == ".png"]) == 3


def test_contact_sheets_lie_beside_the_pictures(open_stage: OpenStage, qtbot: QtBot):
    stage = open_stage()
    desk = desk_of(stage)
    desk.write_contact_sheets()
    desk.model.set_rows(ROWS[:1])
    drawn(stage, desk)
    desk.write_contact_sheets()
    qtbot.waitUntil(lambda: any("contact-sheet" in path.name for path in stage.pictures()), timeout=20_000)


def test_a_window_that_closes_while_a_list_is_drawn_loses_nothing(open_stage: OpenStage, qtbot: QtBot):
    stage = open_stage()
    desk = desk_of(stage)
    desk.model.set_rows([row_with(prompt=f"fox {number}") for number in range(40)])
    desk.draw()
    qtbot.waitUntil(lambda: desk.model.done > 1, timeout=20_000)
    stage.close()
    assert not desk._run.running


def test_the_list_and_the_canvas_change_places(open_stage: OpenStage):
    stage = open_stage()
    desk = desk_of(stage)
    assert desk.is_shown
    desk.show_list(False)
    assert not desk.is_shown


@pytest.mark.parametrize("seed", [0, 1])
def test_a_picture_is_small_in_the_table(qtbot: QtBot, seed: int):
    image = small_image(fake_picture(recipe(seed=seed)))
    assert max(image.width(), image.height()) <= 88
