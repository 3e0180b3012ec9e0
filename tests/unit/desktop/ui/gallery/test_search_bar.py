import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from sana_desktop.errors import KnownError
from sana_desktop.gallery.reader import Sort
from sana_desktop.ui.gallery.search_bar import SearchBar
from support.widgets import part
from support.window_stage import heard


@pytest.fixture
def bar(qtbot: QtBot) -> SearchBar:
    made = SearchBar()
    qtbot.addWidget(made)
    made.resize(1000, 60)
    made.show()
    made.focus_field()
    qtbot.waitUntil(part(made, QLineEdit).hasFocus)
    return made


def test_every_letter_is_a_search_and_so_is_another_order(bar: SearchBar, qtbot: QtBot) -> None:
    searches = heard(bar, "searchChanged")
    qtbot.keyClicks(part(bar, QLineEdit), "fox")
    assert (len(searches), bar.text, bar.sort) == (3, "fox", Sort.NEWEST)
    part(bar, QComboBox).setCurrentIndex(2)
    assert (len(searches), bar.sort) == (4, Sort.RATING)


def test_escape_empties_the_field_and_then_leads_to_the_pictures(bar: SearchBar, qtbot: QtBot) -> None:
    wanted = heard(bar, "gridRequested")
    bar.set_text("fox")
    field = part(bar, QLineEdit)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (bar.text, wanted) == ("", [])
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(field, key)
    assert len(wanted) == 3


def test_it_says_how_many_there_are_and_what_is_wrong(bar: SearchBar) -> None:
    found = next(label for label in bar.findChildren(QLabel) if label.accessibleName())
    bar.show_found(1, 0)
    assert found.text() == "1 picture"
    bar.show_problem(KnownError("rating: expects 0 to 5, found “x”.", hint="Try again."))
    assert bar.problem == "rating: expects 0 to 5, found “x”. Try again."
    bar.show_found(100_000, 12)
    assert (found.text(), bar.problem) == ("12 of 100,000 pictures", "")


def test_showing_a_state_asks_for_nothing(bar: SearchBar) -> None:
    asked = [*heard(bar, "sideChosen"), *heard(bar, "detailsRequested")]
    bar.set_side(120)
    bar.set_details_shown(True)
    assert asked == []
