import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas.examples import Examples

PROMPTS = ("a red apple", "salt & pepper", "a rocket")


@pytest.fixture
def canvas(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    return made


@pytest.fixture
def examples(canvas: QWidget) -> Examples:
    made = Examples(canvas)
    made.set_prompts(PROMPTS)
    made.show_state(empty=True)
    return made


def buttons(examples: Examples) -> list[QPushButton]:
    return [one for one in examples.findChildren(QPushButton) if one.isVisible()]


def test_a_prompt_that_is_pressed_is_told_as_it_is(examples: Examples, qtbot: QtBot) -> None:
    told: list[str] = []
    examples.chosen.connect(told.append)
    for button in buttons(examples):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert tuple(told) == PROMPTS
    buttons(examples)[1].setFocus()
    QTest.keyClick(buttons(examples)[1], Qt.Key.Key_Space)
    assert told[-1] == "salt & pepper"
    assert buttons(examples)[1].accessibleName() == "salt & pepper"


def test_they_are_there_while_the_canvas_is_empty(examples: Examples) -> None:
    assert examples.isVisible()
    examples.show_state(empty=False)
    assert not examples.isVisible()


def test_a_pack_without_examples_offers_none(examples: Examples) -> None:
    examples.set_prompts(())
    assert not examples.isVisible()
    examples.set_prompts(("a fox",))
    assert [button.text() for button in buttons(examples)] == ["a fox"]


def test_they_lie_in_the_middle_below_the_words_and_follow_the_canvas(examples: Examples, canvas: QWidget) -> None:
    for width in (700, 500):
        canvas.resize(width, 600)
        assert abs(examples.geometry().center().x() - width // 2) <= 1
        assert examples.geometry().top() > 300
        assert canvas.rect().contains(examples.geometry())


def test_a_narrow_canvas_has_one_column_and_a_low_one_none(examples: Examples, canvas: QWidget) -> None:
    examples.set_prompts(("a red apple on blue", "a green cat on yellow", "a rocket"))
    canvas.resize(230, 600)
    assert len({button.x() for button in buttons(examples)}) == 1
    assert canvas.rect().contains(examples.geometry())
    canvas.resize(700, 150)
    assert not examples.isVisible()
