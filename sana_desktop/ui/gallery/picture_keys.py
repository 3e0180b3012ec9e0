"""The keys that mean something for chosen pictures: those of the viewers that people know."""

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from sana_desktop.domain.adoption import Part


class Verb(Enum):
    """What can be done with chosen pictures."""

    RATE = auto()
    FAVOURITE = auto()
    THROW = auto()
    RESTORE = auto()
    USE = auto()
    DETAILS = auto()
    TAGS = auto()
    COMPARE = auto()
    LOOK = auto()
    SLIDES = auto()
    STACK = auto()
    COPY = auto()
    EXPORT = auto()
    LEAVE = auto()


@dataclass(frozen=True, slots=True)
class Wish:
    """A verb with the number of stars that it gives, or the part of the settings that it uses."""

    verb: Verb
    stars: int = 0
    part: Part = Part.ALL


_LETTERS = {
    Qt.Key.Key_Period: Wish(Verb.FAVOURITE),
    Qt.Key.Key_Delete: Wish(Verb.THROW),
    Qt.Key.Key_Backspace: Wish(Verb.THROW),
    Qt.Key.Key_X: Wish(Verb.THROW),
    Qt.Key.Key_A: Wish(Verb.USE, part=Part.ALL),
    Qt.Key.Key_P: Wish(Verb.USE, part=Part.PROMPT),
    Qt.Key.Key_S: Wish(Verb.USE, part=Part.SEED),
    Qt.Key.Key_D: Wish(Verb.USE, part=Part.SIZE),
    Qt.Key.Key_R: Wish(Verb.USE, part=Part.ALL_BUT_SEED),
    Qt.Key.Key_I: Wish(Verb.DETAILS),
    Qt.Key.Key_T: Wish(Verb.TAGS),
    Qt.Key.Key_C: Wish(Verb.COMPARE),
    Qt.Key.Key_G: Wish(Verb.STACK),
    Qt.Key.Key_V: Wish(Verb.LOOK),
    Qt.Key.Key_F5: Wish(Verb.SLIDES),
    Qt.Key.Key_Escape: Wish(Verb.LEAVE),
}
_STARS = (Qt.Key.Key_0, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)


def wish_of(event: QKeyEvent) -> Wish | None:
    """What a key asks for; None if it asks for nothing."""
    if event.matches(QKeySequence.StandardKey.Undo):
        return Wish(Verb.RESTORE)
    if event.matches(QKeySequence.StandardKey.Copy):
        return Wish(Verb.COPY)
    control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
    if control and event.key() == Qt.Key.Key_E:
        return Wish(Verb.EXPORT)
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    key = Qt.Key(event.key())
    return Wish(Verb.RATE, stars=_STARS.index(key)) if key in _STARS else _LETTERS.get(key)
