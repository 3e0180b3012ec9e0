from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.system.settings_schema import Effect, Kind, Setting, Value
from sana_desktop.ui.settings.setting_controls import SettingControl, control_for
from support.widgets import part


def setting(kind: Kind, default: Value, **more: object) -> Setting:
    return Setting(key="look.x", kind=kind, default=default, effect=Effect.AT_ONCE, label="Label", help="Help.", **more)  # pyright: ignore[reportArgumentType]


SETTINGS = {
    Kind.FLAG: setting(Kind.FLAG, True),
    Kind.WHOLE: setting(Kind.WHOLE, 2, smallest=1, largest=9),
    Kind.NUMBER: setting(Kind.NUMBER, 2.0, smallest=0, largest=9, unit="%"),
    Kind.TEXT: setting(Kind.TEXT, "a", longest=5),
    Kind.CHOICE: setting(Kind.CHOICE, "dark", choices=("dark", "light"), names=("Dark", "Light")),
    Kind.FOLDER: setting(Kind.FOLDER, "", empty="None yet"),
}


class Watched:
    """A control, shown, and everything that it says."""

    def __init__(self, qtbot: QtBot, kind: Kind, folder: str = "") -> None:
        self.asked: list[tuple[str, str]] = []

        def choose(parent: QWidget, title: str, start: str) -> str:
            self.asked.append((title, start))
            return folder

        self.control: SettingControl = control_for(SETTINGS[kind], choose)
        qtbot.addWidget(self.control)
        self.control.show()
        self.said: list[object] = []
        self.control.edited.connect(self.said.append)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.FLAG, False),
        (Kind.WHOLE, 7),
        (Kind.NUMBER, 3.5),
        (Kind.TEXT, "b"),
        (Kind.CHOICE, "light"),
        (Kind.FOLDER, "/x"),
    ],
)
def test_showing_a_value_tells_nobody(qtbot: QtBot, kind: Kind, value: Value):
    watched = Watched(qtbot, kind)

    watched.control.show_value(value)

    assert watched.said == []


@pytest.mark.parametrize("kind", list(SETTINGS))
def test_every_field_has_a_name_and_an_explanation_for_screen_readers(qtbot: QtBot, kind: Kind):
    watched = Watched(qtbot, kind)
    field = watched.control.focusProxy()

    assert field is not None
    assert field.accessibleName() == "Label"
    assert field.accessibleDescription() == "Help."


def test_a_box_says_whether_it_is_on(qtbot: QtBot):
    watched = Watched(qtbot, Kind.FLAG)
    box = part(watched.control, QCheckBox)
    watched.control.show_value(True)
    assert box.text() == "On"

    box.click()

    assert (watched.said, box.text()) == ([False], "Off")


def test_choices_are_shown_by_name_and_told_by_value(qtbot: QtBot):
    watched = Watched(qtbot, Kind.CHOICE)
    watched.control.show_value("dark")
    box = part(watched.control, QComboBox)

    box.setCurrentIndex(box.findText("Light"))

    assert watched.said == ["light"]


def test_numbers_keep_their_range_and_count_when_they_are_complete(qtbot: QtBot):
    watched = Watched(qtbot, Kind.NUMBER)
    box = part(watched.control, QDoubleSpinBox)
    watched.control.show_value(2.0)
    box.selectAll()

    qtbot.keyClicks(box, "45")
    assert watched.said == []
    qtbot.keyClick(box, Qt.Key.Key_Return)

    # A second digit would lead out of the range.
    assert watched.said == [4.0]
    assert box.suffix() == " %"


def test_whole_numbers_are_whole(qtbot: QtBot):
    watched = Watched(qtbot, Kind.WHOLE)
    part(watched.control, QSpinBox).setValue(5)

    assert watched.said == [5]
    assert type(watched.said[0]) is int


def test_every_letter_of_a_text_counts(qtbot: QtBot):
    watched = Watched(qtbot, Kind.TEXT)

    qtbot.keyClicks(part(watched.control, QLineEdit), "xy")

    assert watched.said == ["x", "xy"]


def test_showing_the_text_that_is_there_leaves_the_cursor(qtbot: QtBot):
    watched = Watched(qtbot, Kind.TEXT)
    line = part(watched.control, QLineEdit)
    qtbot.keyClicks(line, "abc")
    line.setCursorPosition(1)

    watched.control.show_value("abc")

    assert line.cursorPosition() == 1


def test_a_folder_is_chosen_beginning_where_one_is(qtbot: QtBot):
    watched = Watched(qtbot, Kind.FOLDER, "/new")
    watched.control.show_value("/old")

    part(watched.control, QPushButton).click()

    assert watched.asked == [("Label", "/old")]
    assert watched.said == ["/new"]


def test_who_thinks_better_of_it_changes_nothing(qtbot: QtBot):
    watched = Watched(qtbot, Kind.FOLDER)
    watched.control.show_value("/old")

    part(watched.control, QPushButton).click()

    assert watched.said == []


def test_a_typed_folder_counts_with_enter_and_only_once(qtbot: QtBot):
    watched = Watched(qtbot, Kind.FOLDER)
    line = part(watched.control, QLineEdit)
    assert line.placeholderText() == "None yet"

    qtbot.keyClicks(line, "~/pictures")
    assert watched.said == []
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.keyClick(line, Qt.Key.Key_Return)

    assert watched.said == [str(Path("~/pictures").expanduser())]
