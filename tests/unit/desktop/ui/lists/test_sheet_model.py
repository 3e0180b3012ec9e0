from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from sana_desktop.domain.batch.problem import Problem
from sana_desktop.domain.token_count import TokenCount
from sana_desktop.services.batch.prompt_list import Item
from sana_desktop.services.batch.sheet import COLUMNS, EMPTY, row_with
from sana_desktop.services.batch.sheet_look import RowLook
from sana_desktop.ui.lists.sheet_model import PICTURE, STATE, TIME, TOKENS, WORDS, RowState, SheetModel
from support.recipes import recipe

EDIT = Qt.ItemDataRole.EditRole


def look(row: int, count: int = 1) -> RowLook:
    first = Item(row, row + 2, recipe(prompt=f"a red fox {row}", seed=row), "x")
    return RowLook(row, count, first, TokenCount(4, 300), 12.0)


@pytest.fixture
def model(qtbot: QtBot) -> SheetModel:
    model = SheetModel()
    model.set_rows([row_with(prompt=name) for name in "abc"])
    return model


def text(model: SheetModel, row: int, column: int) -> object:
    return model.data(model.index(row, column))


def prompts(model: SheetModel) -> str:
    return "".join(row[0] for row in model.rows)


def test_cells_can_be_edited_and_what_is_known_cannot(model: SheetModel, qtbot: QtBot):
    with qtbot.waitSignal(model.edited):
        assert model.setData(model.index(1, 2), " 7 ", EDIT)
    assert model.rows[1][2] == "7"
    assert not model.setData(model.index(1, 2), "7", EDIT)
    assert model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsEditable
    assert not model.flags(model.index(0, STATE)) & Qt.ItemFlag.ItemIsEditable
    assert model.columnCount() == len(COLUMNS) + 5
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Prompt"
    assert model.headerData(0, Qt.Orientation.Vertical) == "1"


def test_rows_come_go_and_change_places(model: SheetModel, qtbot: QtBot):
    with qtbot.waitSignal(model.moved):
        model.insert(1, [row_with(prompt="x"), row_with(prompt="y")])
    assert prompts(model) == "axybc"
    assert model.shift([1, 2], 1) == [2, 3]
    assert prompts(model) == "abxyc"
    assert model.shift([2, 3], -1) == [1, 2]
    assert prompts(model) == "axybc"
    assert model.shift([0], -1) == [0]
    model.remove([1, 2])
    assert prompts(model) == "abc"


def test_what_a_row_stands_for_is_shown(model: SheetModel):
    wrong = RowLook(1, 0, problem=Problem(3, 1, "No.", "Mend it."))
    model.show_looks([look(0), wrong, look(2, count=3)])
    assert text(model, 0, WORDS) == "a red fox 0 · 0"
    assert text(model, 0, TOKENS) == "4 / 300"
    assert str(text(model, 0, TIME))
    assert text(model, 1, STATE) == "No. Mend it."
    assert model.state(1) is RowState.WRONG
    # A bad row takes the place of one picture.
    assert [model.row_of(picture) for picture in range(6)] == [0, 1, 2, 2, 2, None]


def test_states_go_with_the_pictures(model: SheetModel):
    model.show_looks([look(0), look(1), look(2, count=2)])
    model.show_drawing([0])
    assert model.state(0) is RowState.DRAWING
    image = QImage(4, 4, QImage.Format.Format_RGB888)
    model.show_saved(0, Path("x.png"), None)
    assert model.state(0) is RowState.DONE
    model.show_image(Path("x.png"), image)
    assert model.data(model.index(0, PICTURE), Qt.ItemDataRole.DecorationRole) is not None
    model.show_failed(1, "cursed")
    assert (model.state(1), text(model, 1, STATE)) == (RowState.FAILED, "cursed")
    model.show_saved(2, Path("y.png"), image)
    assert text(model, 2, STATE) == "1 of 2"
    assert (model.done, model.failed) == (2, 1)
    model.begin_again()
    assert (model.done, model.failed) == (2, 0)
    model.forget_pictures()
    assert (model.done, model.path(0)) == (0, None)


def test_a_cell_that_is_edited_makes_another_picture_of_its_row(model: SheetModel):
    model.show_looks([look(0)])
    model.show_saved(0, Path("x.png"), None)
    model.setData(model.index(0, 0), "another", EDIT)
    assert model.path(0) is None
    assert model.rows[0] != EMPTY
