import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.prompt.prompt_editor import PromptEditor


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


ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def put_cursor(editor: PromptEditor, start: int, end: int | None = None) -> None:
    cursor = editor.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(start if end is None else end, cursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def test_ctrl_up_and_down_weigh_the_word_behind_an_emoji_and_keep_it_selected(editor: PromptEditor, qtbot: QtBot):
    editor.setPlainText("🦊🐔 fox, sea")
    # Qt counts each emoji twice.
    put_cursor(editor, 6)

    qtbot.keyClick(editor, Qt.Key.Key_Up, CONTROL)
    qtbot.keyClick(editor, Qt.Key.Key_Up, CONTROL)
    assert editor.toPlainText() == "🦊🐔 (fox:1.2), sea"
    assert editor.textCursor().selectedText() == "fox"

    for _ in range(2):
        qtbot.keyClick(editor, Qt.Key.Key_Down, CONTROL)
    assert editor.toPlainText() == "🦊🐔 fox, sea"
    assert editor.textCursor().selectedText() == "fox"


def test_each_weight_is_one_step_to_undo(editor: PromptEditor, qtbot: QtBot):
    qtbot.keyClicks(editor, "a fox")
    for _ in range(3):
        qtbot.keyClick(editor, Qt.Key.Key_Up, CONTROL)
    assert editor.toPlainText() == "a (fox:1.3)"

    seen = []
    for _ in range(3):
        editor.undo()
        seen.append(editor.toPlainText())

    assert seen == ["a (fox:1.2)", "a (fox:1.1)", "a fox"]


def test_alt_left_and_right_move_a_phrase_in_one_step(editor: PromptEditor, qtbot: QtBot):
    editor.replace_text("🦊 fox, sea, sun")
    put_cursor(editor, 9)

    qtbot.keyClick(editor, Qt.Key.Key_Left, ALT)
    assert editor.toPlainText() == "sea, 🦊 fox, sun"
    assert editor.textCursor().position() == 1

    qtbot.keyClick(editor, Qt.Key.Key_Right, ALT)
    qtbot.keyClick(editor, Qt.Key.Key_Right, ALT)
    assert editor.toPlainText() == "🦊 fox, sun, sea"
    editor.undo()
    assert editor.toPlainText() == "🦊 fox, sea, sun"


@pytest.mark.parametrize(
    ("key", "modifiers", "signal"),
    [
        (Qt.Key.Key_Up, ALT, "olderRequested"),
        (Qt.Key.Key_Down, ALT, "newerRequested"),
        (Qt.Key.Key_Return, CONTROL | Qt.KeyboardModifier.ShiftModifier, "generateFirstRequested"),
        (Qt.Key.Key_Enter, CONTROL | Qt.KeyboardModifier.KeypadModifier, "generateRequested"),
    ],
)
def test_other_keys_ask_for_something(
    editor: PromptEditor, qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier, signal: str
):
    editor.setPlainText("a fox")

    with qtbot.waitSignal(getattr(editor, signal)):
        qtbot.keyClick(editor, key, modifiers)

    assert editor.toPlainText() == "a fox"


def test_new_colours_are_no_edit(editor: PromptEditor, qtbot: QtBot):
    editor.setPlainText("a (fox:1.3) # note")

    with qtbot.assertNotEmitted(editor.edited):
        editor.show_unread(3)
        palette = editor.palette()
        palette.setColor(palette.ColorRole.Text, "red")
        editor.setPalette(palette)
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClicks(editor, "x")


def test_it_grows_with_what_is_written_up_to_its_limit(qtbot: QtBot):
    editor = PromptEditor(2, most_lines=4)
    qtbot.addWidget(editor)
    editor.resize(300, 60)
    editor.show()
    heights = []
    for lines in (1, 3, 4, 9, 50):
        editor.setPlainText("\n".join("x" * lines))
        heights.append(editor.sizeHint().height())

    assert heights[0] == editor.minimumSizeHint().height()
    assert heights[0] < heights[1] < heights[2] <= heights[3] == heights[4]
