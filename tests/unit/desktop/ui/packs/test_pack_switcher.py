from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.ui.packs.pack_switcher import PackSwitcher
from support.packs import manifest


def switcher_in(qtbot: QtBot, tmp_path: Path, name: str = "Toy", width: int = 320) -> PackSwitcher:
    switcher = PackSwitcher(replace(manifest(tmp_path), name=name))
    qtbot.addWidget(switcher)
    switcher.resize(width, switcher.sizeHint().height())
    switcher.show()
    return switcher


def texts(switcher: PackSwitcher) -> list[str]:
    return [label.text() for label in switcher.findChildren(QLabel)]


def test_it_says_which_pack_draws(qtbot: QtBot, tmp_path: Path) -> None:
    switcher = switcher_in(qtbot, tmp_path)
    assert texts(switcher) == ["Toy", "128 px · MIT"]
    assert switcher.accessibleName() == "Pack: Toy"
    assert switcher.accessibleDescription() == "128 px · MIT"


def test_another_pack_changes_its_words(qtbot: QtBot, tmp_path: Path) -> None:
    switcher = switcher_in(qtbot, tmp_path)
    switcher.set_pack(replace(manifest(tmp_path), name="Other", base_size=1024))
    assert texts(switcher) == ["Other", "1024 px · MIT"]
    assert switcher.accessibleName() == "Pack: Other"


def test_a_long_name_ends_in_dots_and_does_not_widen_the_panel(qtbot: QtBot, tmp_path: Path) -> None:
    switcher = switcher_in(qtbot, tmp_path, name="A very long name " * 10, width=200)
    assert texts(switcher)[0].endswith("…")
    assert switcher.minimumSizeHint().width() == 0


def test_the_mouse_and_the_keyboard_ask_for_the_choice(qtbot: QtBot, tmp_path: Path) -> None:
    switcher = switcher_in(qtbot, tmp_path)
    with qtbot.waitSignal(switcher.clicked):
        qtbot.mouseClick(switcher, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(switcher.clicked):
        qtbot.keyClick(switcher, Qt.Key.Key_Space)
