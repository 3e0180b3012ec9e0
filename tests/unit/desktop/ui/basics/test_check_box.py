import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.check_box import CheckBox

EDGE, FOCUS, FILL = "#ff0000", "#00ff00", "#0000ff"


@pytest.fixture
def box(qtbot: QtBot) -> CheckBox:
    made = CheckBox("On")
    palette, role = made.palette(), QPalette.ColorRole
    for name, colour in ((role.Mid, EDGE), (role.Accent, FOCUS), (role.Highlight, FILL), (role.Base, "#000000")):
        palette.setColor(name, colour)
    made.setPalette(palette)
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show()
    return made


def strongest(box: CheckBox, channel: str) -> float:
    """How much of one of the three colours there is at most where the box is, from 0 to 1; greys do not count."""
    image = box.grab().toImage()
    found = [image.pixelColor(x, y) for x in range(16) for y in range(image.height())]
    levels = [{"r": each.redF(), "g": each.greenF(), "b": each.blueF()} for each in found]
    return max(each.pop(channel) - max(each.values()) for each in levels)


def test_an_empty_one_has_an_edge_that_can_be_seen(box: CheckBox):
    box.clearFocus()

    assert strongest(box, "r") > 0.5
    assert strongest(box, "b") <= 0


def test_a_ticked_one_is_filled(box: CheckBox):
    box.setChecked(True)

    assert strongest(box, "b") > 0.9


def test_the_keyboard_shows_where_it_is_and_ticks(box: CheckBox, qtbot: QtBot):
    box.clearFocus()
    assert strongest(box, "g") <= 0
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    assert strongest(box, "g") > 0.5

    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()
