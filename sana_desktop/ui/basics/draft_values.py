"""Values out of a draft that may come from anywhere: the right kind and range, or nothing."""

from collections.abc import Mapping, Sequence
from typing import cast

Draft = Mapping[str, object]


def text_in(draft: Draft, name: str) -> str | None:
    """A text, without what no window can show (halves of characters)."""
    value = draft.get(name)
    return value.encode("utf-8", "ignore").decode("utf-8") if isinstance(value, str) else None


def whole_in(draft: Draft, name: str, smallest: int, largest: int) -> int | None:
    """A whole number between two others, both included."""
    value = draft.get(name)
    # `type` and not isinstance: a bool is an int for Python.
    return value if type(value) is int and smallest <= value <= largest else None


def number_in(draft: Draft, name: str, smallest: float, largest: float) -> float | None:
    """A number between two others, both included; a NaN is between none."""
    value = draft.get(name)
    if type(value) is not int and type(value) is not float:
        return None
    return float(value) if smallest <= value <= largest else None


def flag_in(draft: Draft, name: str) -> bool | None:
    """Yes or no."""
    value = draft.get(name)
    return value if isinstance(value, bool) else None


def texts_in(draft: Draft, name: str, most: int) -> tuple[str, ...] | None:
    """A list of at most so many texts, longer lists being cut; what is no text in it is left out."""
    value = draft.get(name)
    if not isinstance(value, list | tuple):
        return None
    entries = cast(Sequence[object], value)[:most]
    return tuple(entry for entry in entries if isinstance(entry, str))
