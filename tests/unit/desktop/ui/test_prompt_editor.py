import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.prompt_editor import PromptEditor


@pytest.fixture
def editor(qtbot: QtBot) -> PromptEditor:
    made = PromptEditor(3)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_generates_and_writes_nothing(editor: PromptEditor, qtbot: QtBot, key: Qt.Key):
    editor.setPlainText("a fox")

    with qtbot.waitSignal(editor.generateRequested):
        qtbot.keyClick(editor, key, Qt.KeyboardModifier.ControlModifier)

    assert editor.toPlainText() == "a fox"


def test_enter_alone_is_a_line_break(editor: PromptEditor, qtbot: QtBot):
    with qtbot.assertNotEmitted(editor.generateRequested):
        qtbot.keyClicks(editor, "a")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.keyClicks(editor, "b")

    assert editor.toPlainText() == "a\nb"


def test_tab_leaves_the_editor(qtbot: QtBot):
    both = QWidget()
    qtbot.addWidget(both)
    column = QVBoxLayout(both)
    first, second = PromptEditor(1), PromptEditor(1)
    column.addWidget(first)
    column.addWidget(second)
    both.show()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)

    qtbot.keyClick(first, Qt.Key.Key_Tab)

    assert second.hasFocus()
    assert first.toPlainText() == ""


def test_words_that_were_replaced_come_back_with_undo(editor: PromptEditor, qtbot: QtBot):
    qtbot.keyClicks(editor, "a fox")
    editor.replace_text("a hen")
    assert editor.toPlainText() == "a hen"

    editor.undo()

    assert editor.toPlainText() == "a fox"


def test_replacing_words_by_themselves_changes_nothing(editor: PromptEditor, qtbot: QtBot):
    editor.replace_text("a fox")

    with qtbot.assertNotEmitted(editor.textChanged):
        editor.replace_text("a fox")


def test_there_is_always_room_for_its_lines(editor: PromptEditor):
    assert editor.minimumHeight() >= 3 * editor.fontMetrics().lineSpacing()


def test_letters_can_be_larger_than_elsewhere(editor: PromptEditor, qtbot: QtBot):
    large = PromptEditor(3, enlarged=1.5)
    qtbot.addWidget(large)

    assert large.font().pointSizeF() == pytest.approx(1.5 * editor.font().pointSizeF())
