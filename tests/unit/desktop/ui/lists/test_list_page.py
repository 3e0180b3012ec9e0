import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.services.batch.sheet import row_with
from sana_desktop.ui.lists.list_page import ListPage
from sana_desktop.ui.lists.sheet_model import SheetModel


@pytest.fixture
def page(qtbot: QtBot) -> ListPage:
    model = SheetModel()
    model.set_rows([row_with(prompt=name) for name in "abc"])
    page = ListPage(model)
    model.setParent(page)
    qtbot.addWidget(page)
    page.resize(1200, 500)
    page.show()
    return page


def button(page: ListPage, words: str) -> QPushButton:
    (found,) = [one for one in page.findChildren(QPushButton) if one.text().replace("&", "") == words]
    return found


def prompts(page: ListPage) -> str:
    return "".join(row[0] for row in page._model.rows)


def test_buttons_and_keys_say_what_the_user_wants(page: ListPage, qtbot: QtBot):
    for words, signal in (
        ("Open a list…", page.openRequested),
        ("Draw", page.drawRequested),
        ("Contact sheet", page.sheetRequested),
        ("Export CSV…", page.exportRequested),
        ("Paste", page.pasteRequested),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(button(page, words), Qt.MouseButton.LeftButton)


def test_rows_are_moved_and_removed_together(page: ListPage, qtbot: QtBot):
    page.table.selectRow(0)
    qtbot.mouseClick(button(page, "Down"), Qt.MouseButton.LeftButton)
    assert (prompts(page), page.chosen) == ("bac", [1])
    qtbot.mouseClick(button(page, "Up"), Qt.MouseButton.LeftButton)
    assert prompts(page) == "abc"
    qtbot.mouseClick(button(page, "Remove"), Qt.MouseButton.LeftButton)
    assert prompts(page) == "bc"


def test_a_row_is_added_and_edited_at_once(page: ListPage, qtbot: QtBot):
    qtbot.mouseClick(button(page, "Add a row"), Qt.MouseButton.LeftButton)
    assert page._model.count == 4
    assert page.table.currentIndex().row() == 3


def test_while_it_is_drawn_nothing_is_changed_and_the_reason_is_said(page: ListPage):
    page.table.selectRow(1)
    page.show_running(True)
    assert not button(page, "Remove").isEnabled()
    assert "Pause" in button(page, "Remove").toolTip()
    assert button(page, "Pause").isEnabled()
    page.show_running(False)
    assert button(page, "Remove").isEnabled()
    assert not button(page, "Pause").isEnabled()


def test_failed_pictures_can_be_tried_again(page: ListPage, qtbot: QtBot):
    assert button(page, "Try failed again").isHidden()
    page._model.show_failed(0, "cursed")
    page.refresh()
    with qtbot.waitSignal(page.drawRequested):
        qtbot.mouseClick(button(page, "Try failed again"), Qt.MouseButton.LeftButton)


def test_progress_is_a_bar_and_a_sentence(page: ListPage):
    page.show_progress(2, 5, "2 of 5 pictures")
    assert page._words.text() == "2 of 5 pictures"
    assert (page._bar.value(), page._bar.maximum()) == (2, 5)
