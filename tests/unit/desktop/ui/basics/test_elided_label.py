from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.elided_label import ElidedLabel

LONG = "Saved as 2026-11-24_04-28-24_0_a-red-car-on-a-green-background.png"


def label(qtbot: QtBot, width: int) -> ElidedLabel:
    made = ElidedLabel(LONG)
    qtbot.addWidget(made)
    made.resize(width, 20)
    made.show()
    return made


def test_what_does_not_fit_is_left_out_in_the_middle_and_told_by_the_tooltip(qtbot: QtBot):
    made = label(qtbot, 200)

    assert made.text() == made.toolTip() == LONG
    assert made.shown.startswith("Saved")
    assert made.shown.endswith(".png")
    assert "…" in made.shown


def test_what_fits_is_shown_whole_and_needs_no_tooltip(qtbot: QtBot):
    made = label(qtbot, 2000)

    assert made.shown == LONG
    assert made.toolTip() == ""


def test_it_gives_way(qtbot: QtBot):
    assert label(qtbot, 200).minimumSizeHint().width() < 100


def test_the_tooltip_follows_the_room_and_the_words(qtbot: QtBot):
    made = label(qtbot, 2000)
    made.resize(100, 20)
    assert made.toolTip() == LONG

    made.setText("Ready")
    assert made.toolTip() == ""


def test_markup_is_shown_as_it_is_written(qtbot: QtBot):
    made = label(qtbot, 2000)
    made.setText("<b>a</b>")

    assert made.shown == "<b>a</b>"
