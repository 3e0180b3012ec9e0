import pytest
from PySide6.QtGui import QColor, QPalette

from sana_desktop.ui.basics.theme import SHADES, Theme, palette
from sana_desktop.ui.prompt.prompt_inks import inks_for, mixed

LEAST_CONTRAST = 4.5


def luminance(colour: QColor) -> float:
    """How bright a colour is to the eye, by WCAG 2."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [Theme.DARK, Theme.LIGHT])
def test_every_ink_can_be_read(theme: Theme):
    colours = palette(SHADES[theme])
    inks = inks_for(colours)

    for ground in (colours.color(QPalette.ColorRole.Base), colours.color(QPalette.ColorRole.Window)):
        for ink in (inks.text, inks.quiet, inks.warm, inks.cool, inks.amber, inks.slot):
            assert contrast(ink, ground) >= LEAST_CONTRAST, (ink.name(), ground.name())
        for weight in (0.0, 0.3, 0.5, 0.8, 0.95, 1.0, 1.05, 1.2, 1.5, 2.0, -1.0):
            assert contrast(inks.for_weight(weight), ground) >= LEAST_CONTRAST, weight


@pytest.mark.parametrize("theme", [Theme.DARK, Theme.LIGHT])
def test_heavy_words_are_warm_and_light_words_cool(theme: Theme):
    inks = inks_for(palette(SHADES[theme]))

    assert inks.for_weight(1.0) == inks.text
    assert inks.for_weight(1.4) == inks.warm
    assert inks.for_weight(0.6) == inks.cool
    heavy, light = inks.for_weight(1.3), inks.for_weight(0.7)
    assert heavy.red() - heavy.blue() > 20
    assert light.blue() - light.red() > 20


def test_mixing_goes_all_the_way():
    black, white = QColor("black"), QColor("white")

    assert mixed(black, white, 0.0).name() == "#000000"
    assert mixed(black, white, 1.0).name() == "#ffffff"
