"""Positions in texts: Qt counts halves of rare characters (UTF-16), Python counts characters."""

from collections.abc import Sequence
from itertools import accumulate


def all_units(text: str) -> Sequence[int]:
    """For every position in the text, its end included, how many of Qt's units stand before it."""
    if text.isascii():
        return range(len(text) + 1)
    return list(accumulate((2 if letter > "\uffff" else 1 for letter in text), initial=0))


def units_before(text: str, position: int) -> int:
    """How many of Qt's units stand before the character at `position`."""
    return position + sum(letter > "\uffff" for letter in text[:position])


def characters_before(text: str, units: int) -> int:
    """How many characters stand before Qt's position `units`; the middle of a character counts as its end."""
    if text.isascii():
        return min(units, len(text))
    passed = 0
    for position, letter in enumerate(text):
        if passed >= units:
            return position
        passed += 2 if letter > "\uffff" else 1
    return len(text)
