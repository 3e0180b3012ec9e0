import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sana_desktop.ui.prompt.style_chip import WIDEST, StyleChip


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_keys_remove_it(qtbot: QtBot, key: Qt.Key):
    chip = StyleChip("Ink")
    qtbot.addWidget(chip)

    with qtbot.waitSignal(chip.clicked):
        qtbot.keyClick(chip, key)


def test_letters_do_not(qtbot: QtBot):
    chip = StyleChip("Ink")
    qtbot.addWidget(chip)

    with qtbot.assertNotEmitted(chip.clicked):
        qtbot.keyClick(chip, Qt.Key.Key_X)


def test_a_long_name_does_not_make_it_wide(qtbot: QtBot):
    chip = StyleChip("x" * 80)
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())

    assert chip.sizeHint().width() <= WIDEST + 40
    assert not chip.grab().toImage().isNull()


def test_it_says_what_a_press_does(qtbot: QtBot):
    chip = StyleChip("Ink")
    qtbot.addWidget(chip)

    assert chip.accessibleName() == "Remove the style Ink"
