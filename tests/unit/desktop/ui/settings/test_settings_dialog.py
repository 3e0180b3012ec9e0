import os
import sys
import tomllib
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.system.settings_schema import shipped_schema
from sana_desktop.ui.settings.settings_dialog import SettingsDialog
from support.settings import settings_in
from support.widgets import part

NOW = datetime(2026, 3, 9, 14, 5, 59)
SECTIONS = [section.key for section in shipped_schema().sections]


class Opened:
    """An open settings window, its preferences, and what it says."""

    def __init__(self, qtbot: QtBot, folder: Path, chosen: str = "") -> None:
        self.settings = settings_in(folder)
        self.proof = QLabel("proof")
        self.dialog = SettingsDialog(
            self.settings, self.proof, choose_folder=lambda parent, title, start: chosen, now=lambda: NOW
        )
        qtbot.addWidget(self.dialog)
        self.changed: list[str] = []
        self.dialog.changed.connect(self.changed.append)
        self.dialog.show()

    def texts(self, key: str) -> str:
        labels = self.dialog.row(key).findChildren(QLabel)
        return "\n".join(label.text() for label in labels if not label.isHidden())

    @property
    def search(self) -> QLineEdit:
        return next(line for line in self.dialog.findChildren(QLineEdit) if "Search" in line.placeholderText())

    @property
    def sections(self) -> QListWidget:
        return part(self.dialog, QListWidget)


def choose_button(opened: Opened, key: str) -> QPushButton:
    """The button that opens the desktop's own dialog."""
    buttons = opened.dialog.row(key).findChildren(QPushButton)
    return next(button for button in buttons if button.text() == "Choose…")


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Opened:
    return Opened(qtbot, tmp_path)


def test_it_shows_one_section_at_a_time_and_all_of_the_schema(opened: Opened):
    seen: list[str] = []
    for number in range(opened.sections.count()):
        opened.sections.setCurrentRow(number)
        assert {key.partition(".")[0] for key in opened.dialog.found} == {SECTIONS[number]}
        seen += opened.dialog.found

    assert seen == list(opened.settings.schema.settings)


def test_a_change_counts_at_once_and_is_told(opened: Opened):
    part(opened.dialog.row("look.animations"), QCheckBox).click()

    assert opened.settings.flag("look.animations") is False
    assert opened.changed == ["look.animations"]


def test_reset_brings_back_what_ships(opened: Opened):
    row = opened.dialog.row("look.theme")
    box = part(row, QComboBox)
    box.setCurrentIndex(box.findData("light"))
    button = next(button for button in row.findChildren(QPushButton) if button.text() == "Reset")
    assert not button.isHidden()

    button.click()

    assert opened.settings.choice("look.theme") == "system"
    assert box.currentData() == "system"
    assert button.isHidden()
    assert opened.changed == ["look.theme", "look.theme"]


def test_a_search_looks_through_all_sections_and_comes_back(opened: Opened):
    opened.sections.setCurrentRow(1)

    opened.search.setText("Taskbar")
    assert opened.dialog.found == ("notifications.taskbar",)
    assert opened.sections.currentRow() == -1
    opened.search.setText("no such thing")
    assert opened.dialog.found == ()
    opened.search.clear()

    assert opened.sections.currentRow() == 1
    assert opened.dialog.found[0] == "drawing.precision"


def test_enter_in_the_search_goes_to_the_first_find_and_keeps_the_window(opened: Opened, qtbot: QtBot):
    opened.dialog.activateWindow()
    opened.search.setText("theme")

    qtbot.keyClick(opened.search, Qt.Key.Key_Return)

    assert opened.dialog.isVisible()
    assert opened.dialog.focusWidget() is part(opened.dialog.row("look.theme"), QComboBox)


def test_choosing_a_section_ends_the_search(opened: Opened):
    opened.search.setText("theme")

    opened.sections.setCurrentRow(0)

    assert opened.search.text() == ""
    assert opened.dialog.found[0] == "files.pictures_folder"


def test_a_name_pattern_shows_its_example_while_it_is_written(opened: Opened, qtbot: QtBot):
    line = part(opened.dialog.row("files.name_pattern"), QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, "[date]/[seed]")

    assert "For example 2026-03-09/1234567890.png" in opened.texts("files.name_pattern")
    assert opened.settings.text("files.name_pattern") == "[date]/[seed]"
    box = part(opened.dialog.row("files.format"), QComboBox)
    box.setCurrentIndex(box.findData("webp"))
    assert "For example 2026-03-09/1234567890.webp" in opened.texts("files.name_pattern")


def test_a_pattern_that_will_not_do_is_explained_and_does_not_count(opened: Opened, qtbot: QtBot):
    line = part(opened.dialog.row("files.name_pattern"), QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, "[sed]")

    assert "Did you mean [seed]?" in opened.texts("files.name_pattern")
    assert opened.settings.text("files.name_pattern") != "[sed]"
    opened.dialog.close()
    opened.dialog.show()
    assert line.text() == "[date]/[number]-[seed]-[prompt_words]"
    assert "For example" in opened.texts("files.name_pattern")


def test_a_folder_that_can_be_written_is_taken(qtbot: QtBot, tmp_path: Path):
    opened = Opened(qtbot, tmp_path, str(tmp_path / "pictures"))

    with qtbot.waitSignal(opened.dialog.changed):
        choose_button(opened, "files.pictures_folder").click()

    assert opened.settings.folder("files.pictures_folder") == tmp_path / "pictures"
    # Looking at it made nothing.
    assert not (tmp_path / "pictures").exists()


@pytest.mark.parametrize("key", ["files.pictures_folder", "files.packs_folder"])
def test_a_folder_that_will_not_do_is_explained_and_does_not_count(qtbot: QtBot, tmp_path: Path, key: str):
    (tmp_path / "file").touch()
    opened = Opened(qtbot, tmp_path)
    line = part(opened.dialog.row(key), QLineEdit)
    line.setText(str(tmp_path / "file" / "below"))

    qtbot.keyClick(line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: "choose another folder" in opened.texts(key) or "no folder" in opened.texts(key))
    assert opened.settings.folder(key) is None
    assert opened.changed == []


def test_only_the_last_of_several_folders_counts(qtbot: QtBot, tmp_path: Path):
    opened = Opened(qtbot, tmp_path)
    line = part(opened.dialog.row("files.pictures_folder"), QLineEdit)
    for name in ("one", "two"):
        line.setText(str(tmp_path / name))
        qtbot.keyClick(line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: bool(opened.changed))
    QApplication.processEvents()

    assert opened.settings.folder("files.pictures_folder") == tmp_path / "two"
    assert opened.changed == ["files.pictures_folder"]


def test_no_folder_is_the_usual_one_without_looking(opened: Opened, qtbot: QtBot, tmp_path: Path):
    opened.settings.set("files.packs_folder", str(tmp_path))
    opened.dialog.refresh("files.packs_folder")
    line = part(opened.dialog.row("files.packs_folder"), QLineEdit)
    assert line.text() == str(tmp_path)
    line.clear()

    qtbot.keyClick(line, Qt.Key.Key_Return)

    assert opened.settings.folder("files.packs_folder") is None


def test_the_measured_cost_of_previews_stands_at_their_budget(opened: Opened):
    opened.dialog.set_preview_cost(1.24, "Small decoder.")
    assert "Measured with the last picture: 1.2 %. Small decoder." in opened.texts("drawing.preview_budget")

    opened.dialog.set_preview_cost(None, "Not measured yet.")
    assert "Not measured yet." in opened.texts("drawing.preview_budget")


def test_the_proof_stands_in_the_privacy_section(opened: Opened, monkeypatch: pytest.MonkeyPatch):
    # Without a screen nothing can be in front of anything.
    monkeypatch.setattr(opened.dialog, "raise_", lambda: None)
    assert not opened.proof.isVisible()

    opened.dialog.open_section("privacy")

    assert opened.proof.isVisible()
    assert opened.dialog.found == ("privacy.offline", "privacy.endpoint", "privacy.proxy", "privacy.update_page")


def test_tab_reaches_every_field_of_a_section(opened: Opened, qtbot: QtBot):
    opened.dialog.activateWindow()
    opened.sections.setCurrentRow(SECTIONS.index("look"))
    opened.search.setFocus()
    reached: list[QWidget] = []
    for _ in range(12):
        qtbot.keyClick(opened.dialog, Qt.Key.Key_Tab)
        reached += [widget for widget in (QApplication.focusWidget(),) if widget is not None]

    for key in opened.dialog.found:
        row = opened.dialog.row(key)
        assert any(row.isAncestorOf(widget) for widget in reached), key


def test_everything_that_takes_the_focus_has_a_name(opened: Opened):
    nameless = [
        widget
        for kind in (QLineEdit, QComboBox, QCheckBox, QListWidget)
        for widget in opened.dialog.findChildren(kind)
        if not widget.accessibleName() and widget.objectName() != "qt_spinbox_lineedit"
    ]
    assert nameless == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everything")
def test_a_folder_that_may_not_be_written_is_refused(qtbot: QtBot, tmp_path: Path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    opened = Opened(qtbot, tmp_path, str(locked))

    choose_button(opened, "files.pictures_folder").click()

    qtbot.waitUntil(lambda: "may write" in opened.texts("files.pictures_folder"))


def test_nothing_is_on_the_disk_before_somebody_saves(opened: Opened, tmp_path: Path):
    part(opened.dialog.row("look.animations"), QCheckBox).click()
    assert list(tmp_path.iterdir()) == []

    opened.settings.save()

    assert tomllib.loads((tmp_path / "settings.toml").read_text()) == {"look": {"animations": False}}
