from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from sana_desktop.ui.desktop.shortcuts_dialog import ShortcutsDialog, groups_of_menus, plain_text

GROUPS = [
    ("Picture", (("Generate", "Ctrl+Return, Ctrl+Enter"), ("Cancel", "Esc"))),
    ("View", (("Whole picture", "Ctrl+0"),)),
]


def dialog_in(qtbot: QtBot) -> ShortcutsDialog:
    dialog = ShortcutsDialog(GROUPS)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def find(dialog: ShortcutsDialog, text: str) -> list[str]:
    field = dialog.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText(text)
    return [line.split(" Ctrl")[0].split(" Esc")[0] for line in dialog.shown_lines()]


def visible(dialog: ShortcutsDialog) -> set[str]:
    return {label.text() for label in dialog.findChildren(QLabel) if label.isVisible()}


def test_every_key_stands_in_a_frame_of_its_own(qtbot: QtBot) -> None:
    shown = visible(dialog_in(qtbot))
    assert {"Picture", "Generate", "Ctrl+Return", "Ctrl+Enter", "Esc", "View"} <= shown


def test_a_line_is_found_by_its_words_or_its_keys(qtbot: QtBot) -> None:
    dialog = dialog_in(qtbot)
    assert find(dialog, "WHOLE pic") == ["Whole picture"]
    assert find(dialog, "esc") == ["Cancel"]
    assert "View" not in visible(dialog)
    assert find(dialog, "") == ["Generate", "Cancel", "Whole picture"]
    assert "View" in visible(dialog)


def test_nothing_found_is_said(qtbot: QtBot) -> None:
    dialog = dialog_in(qtbot)
    assert find(dialog, "teapot") == []
    assert "No shortcut has these words." in visible(dialog)


def test_the_menus_give_the_lines(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    menu = window.menuBar().addMenu("&Picture")
    both = menu.addAction("&Generate")
    both.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
    menu.addSeparator()
    menu.addAction("No key")
    menu.addMenu("Sub").addAction("&Deep…").setShortcut(QKeySequence("F2"))
    window.menuBar().addMenu("Empty").addAction("Nothing")
    assert groups_of_menus(window.menuBar()) == [
        ("Picture", (("Generate", "Ctrl+Return, Ctrl+Enter"), ("Deep", "F2"))),
    ]


def test_words_of_an_action_lose_their_marks(qtbot: QtBot) -> None:
    assert plain_text(QAction("Save && &go on...")) == "Save & go on"
