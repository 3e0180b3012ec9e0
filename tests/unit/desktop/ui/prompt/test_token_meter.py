from PySide6.QtGui import QPalette
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.theme import SHADES, Theme, palette
from sana_desktop.ui.prompt.prompt_inks import inks_for
from sana_desktop.ui.prompt.token_meter import TokenMeter


def meter_for(qtbot: QtBot) -> TokenMeter:
    meter = TokenMeter()
    meter.setPalette(palette(SHADES[Theme.DARK]))
    qtbot.addWidget(meter)
    meter.show()
    return meter


def ink(meter: TokenMeter) -> str:
    return meter.palette().color(QPalette.ColorRole.WindowText).name()


def test_what_is_not_known_is_not_shown_and_keeps_its_room(qtbot: QtBot):
    meter = meter_for(qtbot)
    height = meter.minimumSizeHint().height()

    assert meter.text() == ""
    meter.show_count(12, 300)
    assert meter.minimumSizeHint().height() == height
    meter.show_count(None, 0)
    assert meter.text() == ""


def test_it_is_quiet_then_amber_then_says_what_is_not_read(qtbot: QtBot):
    meter = meter_for(qtbot)
    inks = inks_for(meter.palette())

    meter.show_count(12, 20)
    assert (meter.text(), ink(meter), meter.is_over) == ("12 / 20 tokens", inks.quiet.name(), False)
    meter.show_count(18, 20)
    assert (meter.text(), ink(meter), meter.is_over) == ("18 / 20 tokens", inks.amber.name(), False)
    meter.show_count(24, 20, 4)
    assert meter.text() == "24 / 20 tokens · the last 4 words are not read"
    assert (ink(meter), meter.is_over) == (inks.amber.name(), True)
    meter.show_count(21, 20, 1)
    assert meter.text().endswith("the last word is not read")


def test_its_colour_follows_the_look(qtbot: QtBot):
    meter = meter_for(qtbot)
    meter.show_count(24, 20, 4)

    meter.setPalette(palette(SHADES[Theme.LIGHT]))

    assert ink(meter) == inks_for(palette(SHADES[Theme.LIGHT])).amber.name()


def test_the_bar_is_as_long_as_the_prompt(qtbot: QtBot):
    meter = meter_for(qtbot)
    widths = []
    for used in (0, 150, 300, 900):
        meter.show_count(used, 300)
        meter.resize(200, 20)
        image = meter.grab().toImage()
        middle = meter.fontMetrics().height() // 2
        bright = [x for x in range(2, 42) if image.pixelColor(x, middle).name() == ink(meter)]
        widths.append(len(bright))

    assert widths[0] == 0
    assert 15 <= widths[1] <= 25
    assert widths[2] == widths[3] >= 38
