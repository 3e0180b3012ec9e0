import pytest
from PySide6.QtGui import QColor, QTextBlock
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.theme import SHADES, Theme, palette
from sana_desktop.ui.prompt.prompt_highlighter import LONGEST_MARKED, PromptHighlighter
from sana_desktop.ui.prompt.prompt_inks import inks_for


@pytest.fixture
def editor(qtbot: QtBot) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setPalette(palette(SHADES[Theme.DARK]))
    qtbot.addWidget(made)
    return made


def coloured(editor: QPlainTextEdit) -> list[list[tuple[str, str]]]:
    """For every line, the words that have a colour of their own, and the colour."""
    lines: list[list[tuple[str, str]]] = []
    block: QTextBlock = editor.document().begin()
    while block.isValid():
        units = block.text().encode("utf-16-le")
        lines.append(
            [
                (
                    units[2 * piece.start : 2 * (piece.start + piece.length)].decode("utf-16-le"),
                    piece.format.foreground().color().name(),
                )
                for piece in block.layout().formats()
            ]
        )
        block = block.next()
    return lines


def test_every_part_has_its_colour(editor: QPlainTextEdit):
    PromptHighlighter(editor, slots=True)
    inks = inks_for(editor.palette())

    editor.setPlainText("🦊 (fox:1.2) {prompt} # note")

    assert coloured(editor) == [
        [
            ("(", inks.quiet.name()),
            ("fox", inks.for_weight(1.2).name()),
            (":1.2)", inks.quiet.name()),
            ("{prompt}", inks.slot.name()),
            ("# note", inks.quiet.name()),
        ]
    ]


def test_a_bracket_that_closes_lines_later_colours_the_lines_before(editor: QPlainTextEdit, qtbot: QtBot):
    PromptHighlighter(editor)
    editor.setPlainText("(a\nb\nc")
    assert coloured(editor) == [[], [], []]
    cursor = editor.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    editor.setTextCursor(cursor)

    editor.insertPlainText(":1.4)")
    assert [[words for words, _ in line] for line in coloured(editor)] == [["(", "a"], ["b"], ["c", ":1.4)"]]

    editor.undo()
    assert coloured(editor) == [[], [], []]


def test_lines_that_move_take_their_colours_along(editor: QPlainTextEdit):
    PromptHighlighter(editor)
    editor.setPlainText("(a:1.4)\nplain\n# note")

    cursor = editor.textCursor()
    cursor.insertText("new\n\n")

    words = [[word for word, _ in line] for line in coloured(editor)]
    assert words == [[], [], ["(", "a", ":1.4)"], [], ["# note"]]


def test_what_is_not_read_is_marked_until_it_is_read(editor: QPlainTextEdit):
    highlighter = PromptHighlighter(editor)
    editor.setPlainText("a red\nfox")

    highlighter.set_unread(2)
    assert [[word for word, _ in line] for line in coloured(editor)] == [["red"], ["fox"]]
    highlighter.set_unread(None)
    assert coloured(editor) == [[], []]


def test_colours_follow_the_look(editor: QPlainTextEdit):
    highlighter = PromptHighlighter(editor)
    editor.setPlainText("(a:1.4)")
    dark = coloured(editor)

    highlighter.set_palette(palette(SHADES[Theme.LIGHT]))

    assert coloured(editor) != dark
    assert coloured(editor)[0][1][1] == QColor(inks_for(palette(SHADES[Theme.LIGHT])).for_weight(1.4)).name()


def test_very_long_texts_stay_plain(editor: QPlainTextEdit):
    PromptHighlighter(editor)

    editor.setPlainText("(a:1.4)" + " " * LONGEST_MARKED)

    assert coloured(editor) == [[]]
