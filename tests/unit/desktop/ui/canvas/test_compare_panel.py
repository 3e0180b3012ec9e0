from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.canvas.compare_panel import ComparePanel
from sana_desktop.ui.canvas.compare_view import CompareMode
from sana_desktop.ui.canvas.shown import Shown
from support.recipes import APPLE, recipe
from support.ui_pictures import plain

FIRST = Shown(plain(64, 64, "red"), Path("red.png"), APPLE)
SECOND = Shown(plain(64, 64, "blue"), Path("blue.png"), recipe(seed=8, steps=30, flow_shift=3.5))


@pytest.fixture
def panel(qtbot: QtBot) -> ComparePanel:
    made = ComparePanel()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.compare(FIRST, SECOND)
    made.show()
    return made


def test_it_says_what_differs(panel: ComparePanel):
    assert panel.words == "A → B: seed 7 → 8, steps 20 → 30, flow shift nothing → 3.5"
    assert panel.words in panel.view.accessibleDescription()


def test_it_says_when_nothing_differs_or_nobody_knows(panel: ComparePanel):
    panel.compare(FIRST, FIRST)
    assert "equal recipes" in panel.words

    panel.compare(FIRST, Shown(plain(8, 8), Path("x.png")))
    assert "not known" in panel.words


def test_swapping_swaps_the_words_too(panel: ComparePanel):
    panel._swap.click()

    assert panel.pair == (SECOND, FIRST)
    assert "seed 8 → 7" in panel.words


def test_the_mode_changes_and_the_button_with_it(panel: ComparePanel):
    assert panel.view.mode is CompareMode.SLIDER
    assert "50 percent" in panel.view.accessibleDescription()

    panel._side.click()
    assert panel.view.mode is CompareMode.SIDE_BY_SIDE
    assert (panel._side.isVisible(), panel._slider.isVisible()) == (False, True)
    assert panel.view.accessibleDescription().startswith("Side by side.")

    panel.view.modeRequested.emit()
    assert panel.view.mode is CompareMode.SLIDER


def test_the_place_of_the_line_is_said(panel: ComparePanel):
    panel.view.set_divider(0.25)

    assert "25 percent" in panel.view.accessibleDescription()


def test_button_and_key_leave(panel: ComparePanel, qtbot: QtBot):
    with qtbot.waitSignal(panel.closed):
        panel._close.click()
    with qtbot.waitSignal(panel.closed):
        panel.view.closeRequested.emit()


def test_every_button_has_a_name(panel: ComparePanel):
    assert all(button.accessibleName() and button.toolTip() for button in panel.findChildren(GlyphButton))


def test_long_words_do_not_widen_the_window(panel: ComparePanel):
    panel.compare(FIRST, Shown(plain(8, 8), Path("x.png"), recipe(prompt="words " * 500)))

    assert panel.minimumSizeHint().width() < 600
