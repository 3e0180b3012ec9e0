import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.domain.styles import Style
from sana_desktop.ui.basics.search_popup import SearchPopup
from sana_desktop.ui.prompt.style_chip import StyleChip
from sana_desktop.ui.prompt.style_picker import StylePicker

# The platform of tests has no screen that popups could be raised on.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

STYLES = (Style("Ink", "black ink"), Style("Photo", "a photo of {prompt}", "drawing"), Style("Sea", "", "land"))


@pytest.fixture
def picker(qtbot: QtBot) -> StylePicker:
    made = StylePicker(STYLES)
    qtbot.addWidget(made)
    made.resize(300, 100)
    made.show()
    return made


def named(picker: StylePicker, name: str) -> QPushButton:
    return next(one for one in picker.findChildren(QPushButton) if one.accessibleName() == name)


def opened(picker: StylePicker, qtbot: QtBot) -> SearchPopup:
    qtbot.mouseClick(named(picker, "Styles"), Qt.MouseButton.LeftButton)
    popup = picker.findChild(SearchPopup)
    assert popup is not None
    return popup


def chips(picker: StylePicker) -> list[StyleChip]:
    return [chip for chip in picker.findChildren(StyleChip) if not chip.isHidden()]


def ticked(picker: StylePicker) -> list[str]:
    view = picker.findChild(QListView)
    assert view is not None
    indexes = [view.model().index(row, 0) for row in range(view.model().rowCount())]
    return [
        index.data()
        for index in indexes
        if Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
    ]


def test_styles_are_chosen_by_keys_in_the_order_of_choosing(picker: StylePicker, qtbot: QtBot):
    search = opened(picker, qtbot).findChild(QLineEdit)
    assert search is not None
    qtbot.keyClicks(search, "photo")
    with qtbot.waitSignal(picker.changed):
        qtbot.keyClick(search, Qt.Key.Key_Return)
    search.clear()
    qtbot.keyClick(search, Qt.Key.Key_Return)

    assert [style.name for style in picker.chosen] == ["Photo", "Ink"]
    assert [chip.text() for chip in chips(picker)] == ["Photo", "Ink"]
    assert ticked(picker) == ["Ink", "Photo"]

    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert [style.name for style in picker.chosen] == ["Photo"]


def test_the_popup_says_what_a_style_adds(picker: StylePicker, qtbot: QtBot):
    popup = opened(picker, qtbot)
    search = popup.findChild(QLineEdit)
    assert search is not None

    qtbot.keyClicks(search, "drawing")

    assert popup.findChildren(QLabel)[0].text() == "a photo of {prompt}\nAvoids: drawing"


def test_a_chip_is_removed_by_a_click_and_the_focus_goes_on(picker: StylePicker, qtbot: QtBot):
    picker.choose(["Ink", "Photo"])
    first = chips(picker)[0]
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)

    with qtbot.waitSignal(picker.changed):
        qtbot.keyClick(first, Qt.Key.Key_Delete)
    assert [style.name for style in picker.chosen] == ["Photo"]
    assert QApplication.focusWidget() is chips(picker)[0]

    qtbot.keyClick(chips(picker)[0], Qt.Key.Key_Space)
    assert picker.chosen == ()
    assert QApplication.focusWidget() is named(picker, "Styles")


def test_styles_that_are_not_there_cannot_be_chosen(picker: StylePicker, qtbot: QtBot):
    picker.choose(["Photo", "gone", "Photo"])
    assert [style.name for style in picker.chosen] == ["Photo"]

    with qtbot.assertNotEmitted(picker.changed):
        picker.choose(["Photo"])


def test_other_styles_can_be_offered_and_what_is_gone_is_chosen_no_longer(picker: StylePicker, qtbot: QtBot):
    picker.choose(["Ink", "Photo"])

    with qtbot.waitSignal(picker.changed):
        picker.set_styles(STYLES[1:])

    assert [style.name for style in picker.chosen] == ["Photo"]
    assert ticked(picker) == ["Photo"]


@pytest.mark.parametrize(
    ("name", "signal"), [("Save prompt as style…", "saveRequested"), ("Manage…", "manageRequested")]
)
def test_the_popup_leads_on(picker: StylePicker, qtbot: QtBot, name: str, signal: str):
    popup = opened(picker, qtbot)

    with qtbot.waitSignal(getattr(picker, signal)):
        qtbot.mouseClick(named(picker, name), Qt.MouseButton.LeftButton)

    assert not popup.isVisible()


def test_chips_go_into_new_lines_where_the_panel_is_narrow(picker: StylePicker):
    picker.choose([style.name for style in STYLES])

    assert picker.heightForWidth(120) > picker.heightForWidth(600)
