import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.domain.sizes import Size
from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.ui.basics.fit_colours import colour_of
from sana_desktop.ui.prompt.size_picker import SizePicker


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

    picker.choose(Size(1152, 896))

    assert picker.size_chosen == Size(1152, 896)
    assert not picker.experimental
    assert not [button for button in picker.buttons if "Experimental" in button.toolTip()]


def swap(picker: SizePicker) -> QAbstractButton:
    return next(one for one in picker.findChildren(QAbstractButton) if one.accessibleName() == "Swap width and height")


def test_width_and_height_change_places(picker: SizePicker, qtbot: QtBot):
    picker.choose(Size(192, 352))

    with qtbot.waitSignal(picker.changed):
        qtbot.mouseClick(swap(picker), Qt.MouseButton.LeftButton)

    assert picker.size_chosen == Size(352, 192)
    assert len(picker.buttons) == 7


def test_a_square_cannot_be_turned_and_the_button_says_so(picker: SizePicker):
    assert not swap(picker).isEnabled()
    assert "square" in swap(picker).toolTip()
    picker.choose(Size(288, 224))
    assert swap(picker).isEnabled()


def test_a_size_from_elsewhere_is_offered_beside_the_shapes_and_can_be_turned(picker: SizePicker, qtbot: QtBot):
    picker.offer(Size(832, 1216))
    assert (picker.size_chosen, picker.from_elsewhere) == (Size(832, 1216), True)
    assert len(picker.buttons) == 8
    assert picker.buttons[-1].text() == "13:19"

    qtbot.mouseClick(swap(picker), Qt.MouseButton.LeftButton)
    assert picker.size_chosen == Size(1216, 832)
    assert len(picker.buttons) == 8

    picker.choose(Size(256, 256))
    assert not picker.from_elsewhere
    picker.offer(Size(288, 224))
    assert not picker.from_elsewhere


def test_a_shape_without_a_short_name_is_called_own(picker: SizePicker):
    picker.offer(Size(8192, 8160))

    assert picker.buttons[-1].text() == "own"


def test_another_pack_keeps_the_shape(picker: SizePicker):
    picker.choose(Size(352, 192))

    picker.set_base(1024)

    assert picker.size_chosen == Size(1344, 768)
    assert len(picker.buttons) == 7
    assert not picker.experimental
    picker.offer(Size(512, 2048))
    picker.set_base(256, only_square_learned=True)
    assert picker.size_chosen == Size(192, 352)
    assert picker.experimental


def test_one_row_has_room_for_a_size_from_elsewhere_in_a_narrow_panel(picker: SizePicker):
    picker.offer(Size(832, 1216))

    assert picker.minimumSizeHint().width() <= 296


def test_sizes_that_memory_is_short_for_say_so_in_colour_and_in_words(qtbot: QtBot) -> None:
    picker = SizePicker(256)
    qtbot.addWidget(picker)
    square = picker.size_chosen
    plain = picker._shown.palette().color(QPalette.ColorRole.WindowText)
    picker.set_levels({square: (FitLevel.NO, "Too large for this computer")})
    chosen = next(button for button in picker.buttons if button.aspect.size == square)
    assert chosen.level is FitLevel.NO
    assert "Too large for this computer" in chosen.toolTip()
    assert picker._shown.palette().color(QPalette.ColorRole.WindowText) == colour_of(FitLevel.NO, picker.palette())
    picker.set_levels({})
    assert chosen.level is FitLevel.FITS
    assert "Too large" not in chosen.accessibleDescription()
    assert picker._shown.palette().color(QPalette.ColorRole.WindowText) == plain
