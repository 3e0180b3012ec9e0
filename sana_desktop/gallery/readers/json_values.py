"""Values out of JSON that a stranger wrote: whatever stands there, nothing is raised and nothing grows large."""

import json
import math
from collections.abc import Collection, Mapping
from typing import cast

from sana_desktop.gallery.readers.carried import LARGEST_TEXT

LONGEST_NUMBER = 40
MOST_PAIRS = 60
LONGEST_VALUE = 2000

Object = Mapping[str, object]
NOTHING: Object = {}


def parsed_object(text: str) -> Object | None:
    """The JSON object in `text`; None for anything else, also for one that is nested too deeply to be read."""
    if len(text) > LARGEST_TEXT or text.lstrip()[:1] != "{":
        return None
    try:
        value: object = json.loads(text)
    # RecursionError: opening brackets by the thousand exhaust the parser's stack.
    except (ValueError, RecursionError):
        return None
    return cast(Object, value) if isinstance(value, dict) else None


def as_object(value: object) -> Object:
    """An object, or an empty one in place of anything else."""
    return cast(Object, value) if isinstance(value, dict) else NOTHING


def as_list(value: object) -> list[object]:
    """A list, or an empty one in place of anything else."""
    return cast(list[object], value) if isinstance(value, list) else []


def as_text(value: object) -> str:
    """A text; numbers as Python writes them, nothing for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**LONGEST_NUMBER else ""
    return ""


def as_whole(value: object) -> int | None:
    """A whole number, which may be written as text ("20") or with a fraction of zero (20.0)."""
    number = as_number(value)
    if number is None or not number.is_integer():
        return None
    # Not through the float: seeds may need all of 64 bits.
    return value if isinstance(value, int) else _whole_text(value) if isinstance(value, str) else int(number)


def as_number(value: object) -> float | None:
    """A number that is not infinite, which may be written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and len(value) > LONGEST_NUMBER:
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def as_size(width: object, height: object) -> tuple[int, int] | None:
    """Width and height, if both are whole and positive."""
    wide, high = as_whole(width), as_whole(height)
    return (wide, high) if wide is not None and high is not None and wide > 0 and high > 0 else None


def other_pairs(data: Object, used: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The plain values that nobody has looked at yet, with their names, as far as there is room for them."""
    pairs: list[tuple[str, str]] = []
    for name, value in data.items():
        text = ("yes" if value else "no") if isinstance(value, bool) else as_text(value)
        if name not in used and text and len(pairs) < MOST_PAIRS:
            pairs.append((name[:LONGEST_NUMBER], text[:LONGEST_VALUE]))
    return tuple(pairs)


def _whole_text(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return int(float(text))
