import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.errors import KnownError
from sana_desktop.system.settings_schema import shipped_schema
from sana_desktop.ui.settings.setting_row import SettingRow
from support.widgets import part


def made(qtbot: QtBot, key: str) -> SettingRow:
    row = SettingRow(shipped_schema().settings[key])
    row.show_value(row.setting.default)
    qtbot.addWidget(row)
    row.show()
    return row


def texts(row: SettingRow) -> list[str]:
    return [label.text() for label in row.findChildren(QLabel) if label.isVisible()]


def reset_button(row: SettingRow) -> QPushButton:
    return next(button for button in row.findChildren(QPushButton) if button.text() == "Reset")


@pytest.mark.parametrize(
    ("key", "ending"),
    [
        ("look.theme", "you see."),
        ("files.format", "Counts with the next picture."),
        ("look.language", "Counts at the next start of the program."),
    ],
)
def test_it_says_what_it_is_and_when_it_counts(qtbot: QtBot, key: str, ending: str):
    row = made(qtbot, key)

    label, explanation = texts(row)
    assert label == row.setting.label
    assert explanation.endswith(ending)


def test_a_change_is_told_with_its_key(qtbot: QtBot):
    row = made(qtbot, "look.animations")

    with qtbot.waitSignal(row.edited) as heard:
        part(row, QCheckBox).click()

    assert heard.args == ["look.animations", False]


def test_the_way_back_is_offered_only_where_there_is_one(qtbot: QtBot):
    row = made(qtbot, "look.theme")
    button = reset_button(row)
    assert not button.isVisible()

    row.show_value("dark")
    assert button.isVisible()
    with qtbot.waitSignal(row.resetRequested) as heard:
        button.click()

    assert heard.args == ["look.theme"]
    assert button.accessibleName() == "Reset: Theme"


def test_a_problem_takes_the_place_of_the_note_until_it_is_over(qtbot: QtBot):
    row = made(qtbot, "files.name_pattern")
    row.set_note("For example this")

    row.show_problem(KnownError("It will not do.", hint="Try that."))
    assert "It will not do. Try that." in texts(row)
    assert "For example this" not in texts(row)
    assert part(row, QLineEdit).accessibleDescription() == "It will not do. Try that."
    row.clear_problem()

    assert "For example this" in texts(row)
    assert "It will not do. Try that." not in texts(row)
    assert part(row, QLineEdit).accessibleDescription() == row.setting.help


def test_a_search_finds_labels_keys_and_choices(qtbot: QtBot):
    words = made(qtbot, "drawing.precision").words

    assert all(word in words for word in ("precision", "drawing.precision", "bfloat16", "float32 is exact"))
    assert "counts with" not in words


def test_the_label_leads_to_the_field(qtbot: QtBot):
    row = made(qtbot, "look.theme")

    row.activateWindow()
    row.focus_control()

    assert row.focusWidget() is part(row, QComboBox)
