import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.inspect.field_row import MOST_SHOWN, FieldRow


@pytest.fixture
def whole(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_the_button_copies_the_value(whole: QWidget):
    row = FieldRow("Seed", "7", whole)

    row._copy.click()

    assert QGuiApplication.clipboard().text() == "7"
    assert row._copy.accessibleName() == "Copy: Seed"
    assert (row.name, row.value) == ("Seed", "7")


@pytest.mark.parametrize("value", ["x " * 100, "one\ntwo"])
def test_long_values_get_a_field_that_scrolls(whole: QWidget, value: str):
    assert isinstance(FieldRow("Prompt", value, whole)._shown, QPlainTextEdit)
    assert isinstance(FieldRow("Prompt", "a fox", whole)._shown, QLabel)


def test_of_endless_values_the_beginning_is_shown_and_all_is_copied(whole: QWidget):
    row = FieldRow("Prompt", "x" * 1_000_000, whole)

    row.copy()

    assert isinstance(row._shown, QPlainTextEdit)
    assert len(row._shown.toPlainText()) == MOST_SHOWN + 1
    assert len(QGuiApplication.clipboard().text()) == 1_000_000
    assert row._shown.height() < 300


def test_markup_is_shown_as_it_stands(whole: QWidget):
    row = FieldRow("<b>Name</b>", "<img src='x'>", whole)

    assert row.name == "<b>Name</b>"
    assert isinstance(row._shown, QLabel)
    assert row._shown.text() == "<img src='x'>"


def test_the_three_parts_stand_in_one_row(whole: QWidget):
    grid = QGridLayout(whole)
    FieldRow("Seed", "7", whole).add_to(grid, 4)

    assert [grid.itemAtPosition(4, column) is not None for column in range(3)] == [True] * 3
