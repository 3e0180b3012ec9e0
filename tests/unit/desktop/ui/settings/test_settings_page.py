from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.system.settings_schema import shipped_schema
from sana_desktop.ui.settings.setting_row import SettingRow
from sana_desktop.ui.settings.settings_page import SettingsPage
from support.widgets import part


def page(qtbot: QtBot, number: int, extra: QLabel | None = None) -> SettingsPage:
    schema = shipped_schema()
    section = schema.sections[number]
    made = SettingsPage(section, tuple(SettingRow(setting) for setting in schema.of(section)), extra)
    qtbot.addWidget(made)
    made.show()
    return made


def visible(made: SettingsPage) -> list[str]:
    return [row.setting.key for row in made.rows if row.isVisible()]


def test_it_begins_with_everything_and_a_heading(qtbot: QtBot):
    made = page(qtbot, 2)

    assert visible(made) == ["look.theme", "look.language", "look.animations"]
    assert part(made, QLabel).text() == "Look"


def test_a_search_leaves_what_holds_every_word(qtbot: QtBot):
    made = page(qtbot, 2)

    assert made.show_found(["dark"]) is made.rows[0]
    assert visible(made) == ["look.theme"]
    assert made.show_found(["dark", "deutsch"]) is None
    assert not made.isVisible()
    made.show_all()
    assert len(visible(made)) == 3


def test_the_name_of_a_section_finds_all_of_it(qtbot: QtBot):
    made = page(qtbot, 3)

    made.show_found(["notifications"])

    assert visible(made) == ["notifications.enabled", "notifications.taskbar"]


def test_what_else_belongs_to_it_comes_and_goes_with_it(qtbot: QtBot):
    extra = QLabel("proof")
    made = page(qtbot, 4, extra)

    made.show_found(["offline"])
    assert extra.isVisible()
    made.show_found(["nowhere"])
    assert not extra.isVisible()
