from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.basics.glyphs import draw_closed_lock, draw_dice, draw_open_lock


def test_a_sign_is_shown(qtbot: QtBot):
    dice, lock = GlyphButton(draw_dice), GlyphButton(draw_closed_lock)
    for button in (dice, lock):
        qtbot.addWidget(button)
        button.resize(button.sizeHint())

    assert dice.grab().toImage() != lock.grab().toImage()
    assert not dice.isCheckable()


def test_checking_changes_the_sign(qtbot: QtBot):
    button = GlyphButton(draw_open_lock, draw_closed_lock)
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    before = button.grab().toImage()

    button.click()

    assert button.isChecked()
    assert button.grab().toImage() != before
