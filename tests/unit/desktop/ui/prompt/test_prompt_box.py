import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListView
from pytestqt.qtbot import QtBot

from sana_desktop.services.prompt_history import PromptHistory
from sana_desktop.ui.basics.search_popup import SearchPopup
from sana_desktop.ui.prompt.prompt_box import PromptBox
from sana_desktop.ui.prompt.prompt_editor import PromptEditor
from sana_desktop.ui.prompt.token_meter import TokenMeter

# The platform of tests has no screen that popups could be raised on.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def box(qtbot: QtBot) -> PromptBox:
    history = PromptHistory()
    for prompt in ("a hen", "a red fox\nin snow"):
        history.remember(prompt)
    made = PromptBox(history)
    qtbot.addWidget(made)
    made.show()
    return made


def editor(box: PromptBox) -> PromptEditor:
    found = box.findChild(PromptEditor)
    assert found is not None
    return found


def test_alt_up_and_down_walk_through_history_and_find_the_draft_again(box: PromptBox, qtbot: QtBot):
    qtbot.keyClicks(editor(box), "half a thou")
    seen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(editor(box), key, ALT)
        seen.append(box.text)

    fox = "a red fox\nin snow"
    assert seen == [fox, "a hen", "a hen", fox, "half a thou", "half a thou"]


def test_recalling_is_one_step_to_undo(box: PromptBox, qtbot: QtBot):
    qtbot.keyClicks(editor(box), "draft")
    qtbot.keyClick(editor(box), Qt.Key.Key_Up, ALT)

    editor(box).undo()

    assert box.text == "draft"


def test_what_was_drawn_is_the_newest(box: PromptBox, qtbot: QtBot):
    box.replace_text("the sea")
    box.remember()
    box.replace_text("")

    qtbot.keyClick(editor(box), Qt.Key.Key_Up, ALT)

    assert box.text == "the sea"


def test_the_list_opens_finds_and_puts_the_whole_prompt_in(box: PromptBox, qtbot: QtBot):
    button = next(one for one in box.findChildren(QAbstractButton) if one.accessibleName() == "Prompt history")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    popup = box.findChild(SearchPopup)
    assert popup is not None
    assert popup.isVisible()
    view, search = popup.findChild(QListView), popup.findChild(QLineEdit)
    assert view is not None
    assert search is not None
    assert [view.model().index(row, 0).data() for row in range(2)] == ["a red fox in snow", "a hen"]

    qtbot.keyClicks(search, "snow")
    qtbot.keyClick(search, Qt.Key.Key_Return)

    assert not popup.isVisible()
    assert box.text == "a red fox\nin snow"


def test_counts_reach_the_meter_and_the_words(box: PromptBox):
    box.replace_text("a red fox")
    box.show_count(24, 20, 1, 6)

    meter = box.findChild(TokenMeter)
    assert meter is not None
    assert "the last word is not read" in meter.text()
    formats = editor(box).document().begin().layout().formats()
    assert [(piece.start, piece.length) for piece in formats] == [(6, 3)]
