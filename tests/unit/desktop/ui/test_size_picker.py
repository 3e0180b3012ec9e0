import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.domain.sizes import Size
from sana_desktop.ui.size_picker import SizePicker


@pytest.fixture
def picker(qtbot: QtBot) -> SizePicker:
    made = SizePicker(256, only_square_learned=True)
    qtbot.addWidget(made)
    made.show()
    return made


def texts(picker: SizePicker) -> list[str]:
    return [label.text() for label in picker.findChildren(QLabel)]


def test_the_square_is_chosen_at_first(picker: SizePicker):
    assert picker.size_chosen == Size(256, 256)
    assert not picker.experimental
    assert "256 × 256" in texts(picker)


def test_a_click_chooses_one_shape_and_says_its_size(picker: SizePicker, qtbot: QtBot):
    wide = picker.buttons[-1]

    with qtbot.waitSignal(picker.changed):
        qtbot.mouseClick(wide, Qt.MouseButton.LeftButton)

    assert picker.size_chosen == Size(352, 192)
    assert [button.isChecked() for button in picker.buttons].count(True) == 1
    assert "352 × 192" in texts(picker)


def test_choosing_tells_once(picker: SizePicker, qtbot: QtBot):
    heard: list[Size] = []
    picker.changed.connect(lambda: heard.append(picker.size_chosen))

    picker.choose(Size(288, 224))

    assert heard == [Size(288, 224)]


def test_arrow_keys_go_from_shape_to_shape(picker: SizePicker, qtbot: QtBot):
    square = picker.buttons[3]
    square.setFocus()

    qtbot.keyClick(square, Qt.Key.Key_Right)

    assert picker.buttons[4].isChecked()


def test_a_size_that_is_not_offered_changes_nothing(picker: SizePicker):
    picker.choose(Size(1024, 1024))

    assert picker.size_chosen == Size(256, 256)


def test_sizes_that_the_pack_has_never_seen_are_marked(picker: SizePicker):
    tips = {button.text(): button.toolTip() for button in picker.buttons}

    assert "Experimental" not in tips["1:1"]
    assert "Experimental" in tips["4:3"]
    assert "256 × 256" in tips["4:3"]
    picker.choose(Size(288, 224))
    assert picker.experimental


def test_other_packs_have_no_experimental_sizes(qtbot: QtBot):
    picker = SizePicker(1024)
    qtbot.addWidget(picker)

    picker.choose(Size(1184, 896))

    assert picker.size_chosen == Size(1184, 896)
    assert not picker.experimental
    assert not [button for button in picker.buttons if "Experimental" in button.toolTip()]
