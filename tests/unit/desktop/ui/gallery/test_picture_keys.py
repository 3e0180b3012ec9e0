import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from sana_desktop.domain.adoption import Part
from sana_desktop.ui.gallery.picture_keys import Verb, Wish, wish_of

Key = Qt.Key
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def pressed(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> Wish | None:
    return wish_of(QKeyEvent(QEvent.Type.KeyPress, key, modifiers))


@pytest.mark.parametrize("stars", range(6))
def test_digits_are_stars_on_both_parts_of_the_keyboard(qapp: object, stars: int) -> None:
    key = Key(Key.Key_0.value + stars)
    assert pressed(key) == pressed(key, Qt.KeyboardModifier.KeypadModifier) == Wish(Verb.RATE, stars=stars)


def test_letters_are_those_of_other_viewers(qapp: object) -> None:
    assert pressed(Key.Key_R) == Wish(Verb.USE, part=Part.ALL_BUT_SEED)
    assert pressed(Key.Key_Delete) == pressed(Key.Key_X) == Wish(Verb.THROW)
    assert pressed(Key.Key_Z, CTRL) == Wish(Verb.RESTORE)
    assert pressed(Key.Key_C, CTRL) == Wish(Verb.COPY)


def test_other_keys_ask_for_nothing(qapp: object) -> None:
    assert [pressed(Key.Key_6), pressed(Key.Key_Q), pressed(Key.Key_R, CTRL), pressed(Key.Key_Left)] == [None] * 4
