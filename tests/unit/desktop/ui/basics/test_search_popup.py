import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.search_popup import SEARCHED, SearchPopup

# The platform of tests has no screen that popups could be raised on.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def popup(qtbot: QtBot) -> SearchPopup:
    model = QStandardItemModel()
    for name, hidden in (("Fox", "red"), ("Hen", "brown"), ("Sea", "blue, red sun")):
        item = QStandardItem(name)
        item.setToolTip(f"adds {hidden}")
        item.setData(f"{name} {hidden}", SEARCHED)
        model.appendRow(item)
    made = SearchPopup(model, "Animals", "Nothing here yet.")
    model.setParent(made)
    button = QPushButton()
    qtbot.addWidget(made)
    qtbot.addWidget(button)
    button.show()
    made.open_below(button, 200)
    return made


@pytest.fixture
def chosen(popup: SearchPopup) -> list[str]:
    heard: list[str] = []
    popup.chosen.connect(lambda index: heard.append(index.data()))
    return heard


def search(popup: SearchPopup) -> QLineEdit:
    found = popup.findChild(QLineEdit)
    assert found is not None
    return found


def rows(popup: SearchPopup) -> list[str]:
    view = popup.findChild(QListView)
    assert view is not None
    return [view.model().index(row, 0).data() for row in range(view.model().rowCount())]


def tips(popup: SearchPopup) -> list[str]:
    return [label.text() for label in popup.findChildren(QLabel)]


def test_it_opens_with_the_first_row_and_what_that_adds(popup: SearchPopup):
    assert rows(popup) == ["Fox", "Hen", "Sea"]
    assert tips(popup) == ["adds red"]
    assert popup.width() >= 300


def test_typing_finds_rows_by_all_that_they_say(popup: SearchPopup, qtbot: QtBot):
    qtbot.keyClicks(search(popup), "RED")
    assert rows(popup) == ["Fox", "Sea"]
    qtbot.keyClicks(search(popup), "x[")
    assert rows(popup) == []
    assert tips(popup) == ["Nothing is called like that."]


def test_arrows_and_enter_choose_without_leaving_the_search_field(popup: SearchPopup, chosen: list[str], qtbot: QtBot):
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Enter, Qt.Key.Key_Up):
        qtbot.keyClick(search(popup), key)

    assert chosen == ["Hen", "Sea"]
    assert tips(popup) == ["adds brown"]
    assert popup.isVisible()


def test_space_chooses_in_the_list_and_a_click_too(popup: SearchPopup, chosen: list[str], qtbot: QtBot):
    view = popup.findChild(QListView)
    assert view is not None
    qtbot.keyClick(view, Qt.Key.Key_Space)
    place = view.visualRect(view.model().index(2, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert chosen == ["Fox", "Sea"]


def test_enter_on_nothing_chooses_nothing(popup: SearchPopup, chosen: list[str], qtbot: QtBot):
    qtbot.keyClicks(search(popup), "zebra")
    qtbot.keyClick(search(popup), Qt.Key.Key_Return)

    assert chosen == []


def test_escape_closes_it_and_it_opens_afresh(popup: SearchPopup, qtbot: QtBot):
    qtbot.keyClicks(search(popup), "hen")
    with qtbot.waitSignal(popup.closed):
        qtbot.keyClick(search(popup), Qt.Key.Key_Escape)
    assert not popup.isVisible()

    button = QPushButton()
    qtbot.addWidget(button)
    popup.open_below(button, 200)
    assert rows(popup) == ["Fox", "Hen", "Sea"]


def test_an_empty_list_says_so(qtbot: QtBot):
    popup = SearchPopup(QStandardItemModel(), "Animals", "Nothing here yet.")
    qtbot.addWidget(popup)
    button = QPushButton()
    qtbot.addWidget(button)

    popup.open_below(button, 200)

    assert tips(popup) == ["Nothing here yet."]
