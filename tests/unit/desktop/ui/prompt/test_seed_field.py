import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.prompt.seed_field import SeedField


@pytest.fixture
def field(qtbot: QtBot) -> SeedField:
    """Its random seeds are 100, 101, 102, ..."""
    made = SeedField(itertools.count(100).__next__)
    qtbot.addWidget(made)
    made.show()
    return made


def digits(field: SeedField) -> QLineEdit:
    line = field.findChild(QLineEdit)
    assert line is not None
    return line


def button(field: SeedField, name: str) -> GlyphButton:
    return next(one for one in field.findChildren(GlyphButton) if one.accessibleName() == name)


def test_the_seed_that_is_shown_is_the_one_that_draws(field: SeedField):
    assert field.seed == 100
    assert field.take() == 100
    assert field.seed == 100


def test_every_order_gets_a_new_seed_and_shows_it(field: SeedField):
    field.take()

    assert field.next_seed is None
    assert field.take() == 101
    assert field.seed == 101


def test_locking_keeps_the_seed_of_the_last_picture(field: SeedField, qtbot: QtBot):
    field.take()

    qtbot.mouseClick(button(field, "Keep the seed"), Qt.MouseButton.LeftButton)

    assert field.locked
    assert [field.take(), field.take()] == [100, 100]


def test_a_rolled_seed_draws_the_next_picture(field: SeedField, qtbot: QtBot):
    field.take()

    with qtbot.waitSignal(field.changed):
        qtbot.mouseClick(button(field, "Roll a seed"), Qt.MouseButton.LeftButton)

    assert field.seed == 101
    assert [field.take(), field.take()] == [101, 102]


def test_a_typed_seed_is_kept(field: SeedField, qtbot: QtBot):
    digits(field).selectAll()
    qtbot.keyClicks(digits(field), "42")

    assert field.locked
    assert [field.take(), field.take()] == [42, 42]


def test_only_digits_can_be_typed(field: SeedField, qtbot: QtBot):
    digits(field).clear()
    qtbot.keyClicks(digits(field), "-4 2e5.x")

    assert digits(field).text() == "425"


def test_an_empty_field_means_any_seed(field: SeedField, qtbot: QtBot):
    digits(field).selectAll()
    qtbot.keyClick(digits(field), Qt.Key.Key_Delete)

    assert field.seed is None
    assert not field.locked
    assert field.take() == 101
    assert field.seed == 101


def test_the_lock_says_what_it_does(field: SeedField):
    lock = button(field, "Keep the seed")
    before = lock.toolTip()

    lock.click()

    assert lock.toolTip() != before


def test_a_restored_seed_is_the_last_one(field: SeedField):
    field.restore(7, locked=False)
    assert field.seed == 7
    assert field.take() == 101

    field.restore(2**63 - 1, locked=True)
    assert field.take() == 2**63 - 1
