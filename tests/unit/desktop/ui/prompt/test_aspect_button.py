from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from sana_desktop.domain.aspects import Aspect
from sana_desktop.domain.sizes import Size
from sana_desktop.ui.prompt.aspect_button import AspectButton


def accent_size(button: AspectButton) -> tuple[int, int]:
    """Width and height of what is painted in the accent colour."""
    image = button.grab().toImage()
    accent = QColor("red")
    hits = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).name() == accent.name()
    ]
    if not hits:
        return 0, 0
    across, down = [x for x, _ in hits], [y for _, y in hits]
    return max(across) - min(across) + 1, max(down) - min(down) + 1


def button_for(qtbot: QtBot, width: int, height: int) -> AspectButton:
    button = AspectButton(Aspect(1, 1, Size(width, height)))
    palette = button.palette()
    palette.setColor(QPalette.ColorRole.Highlight, QColor("red"))
    button.setPalette(palette)
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    return button


def test_the_chosen_shape_is_filled_and_drawn_to_scale(qtbot: QtBot):
    button = button_for(qtbot, 512, 256)
    assert accent_size(button) == (0, 0)

    button.setChecked(True)

    width, height = accent_size(button)
    assert 24 <= width <= 28
    assert 11 <= height <= 15


def test_the_keyboard_presses_it(qtbot: QtBot):
    button = button_for(qtbot, 256, 256)

    qtbot.keyClick(button, Qt.Key.Key_Space)

    assert button.isChecked()
    assert button.text() == "1:1"


def test_it_is_not_squeezed_below_its_shape(qtbot: QtBot):
    button = button_for(qtbot, 256, 256)

    assert button.minimumSizeHint() == button.sizeHint()
