import pytest
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.ui.basics.theme import SHADES, Theme
from sana_desktop.ui.packs.fit_mark import FitMark


def luminance(colour: QColor) -> float:
    """Relative luminance as the accessibility guidelines define it."""
    values = (colour.redF(), colour.greenF(), colour.blueF())
    parts = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("theme", [Theme.DARK, Theme.LIGHT])
@pytest.mark.parametrize("level", FitLevel)
def test_it_stands_out_from_its_ground(qtbot: QtBot, theme: Theme, level: FitLevel) -> None:
    mark = FitMark(level)
    qtbot.addWidget(mark)
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor(SHADES[theme].window))
    mark.setPalette(palette)
    one, other = sorted((luminance(mark.colour), luminance(QColor(SHADES[theme].panel))))
    assert (other + 0.05) / (one + 0.05) >= 3


def test_each_level_looks_different_also_without_colour(qtbot: QtBot) -> None:
    images: list[bytes] = []
    for level in FitLevel:
        mark = FitMark(level)
        qtbot.addWidget(mark)
        mark.resize(mark.sizeHint())
        mono = mark.grab().toImage().convertToFormat(mark.grab().toImage().Format.Format_Mono)
        images.append(bytes(mono.constBits()))
    assert len(set(images)) == len(FitLevel)
