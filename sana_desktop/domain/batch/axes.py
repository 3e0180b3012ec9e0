"""Axes of a grid, written as A1111 writes them: a name, a colon, and values between commas.

`Steps: 10, 20` · `Seed: 1-5` · `CFG Scale: 1-3 (+0.5)` · `Steps: 1-10 [5]` · `Prompt S/R: an apple, a gun`. A value
with a comma in it stands between double quotes, without blanks around those.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, permutations

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import PromptListError, RecipeError

MOST_VALUES = 10_000

_WHOLE = r"[+-]?\s*\d{1,18}"
_DECIMAL = r"[+-]?\s*\d{1,18}(?:\.\d{0,18})?"
_RANGES = {
    kind: re.compile(rf"\s*({number})\s*-\s*({number})(?:\s*\(([+-]\s*{unsigned})\s*\)|\s*\[(\d{{1,6}})\s*\])?\s*")
    for kind, number, unsigned in (
        (int, _WHOLE, r"\d{1,18}"),
        (float, _DECIMAL, r"\d{1,18}(?:\.\d{0,18})?"),
    )
}


class AxisKind(StrEnum):
    """What differs along an axis; the values are A1111's names."""

    NOTHING = "Nothing"
    SEED = "Seed"
    STEPS = "Steps"
    GUIDANCE = "CFG Scale"
    REPLACE = "Prompt S/R"
    ORDER = "Prompt order"
    SOLVER = "Sampler"
    STYLES = "Styles"
    SIZE = "Size"


Value = str | int | float | tuple[str, ...]

_NAMES = {kind.value.casefold(): kind for kind in AxisKind} | {
    "cfg": AxisKind.GUIDANCE,
    "guidance": AxisKind.GUIDANCE,
    "s/r": AxisKind.REPLACE,
    "solver": AxisKind.SOLVER,
    "style": AxisKind.STYLES,
}
_NUMBERS: dict[AxisKind, type[int] | type[float]] = {
    AxisKind.SEED: int,
    AxisKind.STEPS: int,
    AxisKind.GUIDANCE: float,
}


@dataclass(frozen=True, slots=True)
class Axis:
    """The values of a kind along one side of a grid; for `REPLACE` the first is what is replaced."""

    kind: AxisKind
    values: tuple[Value, ...]


def parse_axis(text: str) -> Axis:
    """Read “name: values”; raises `PromptListError` whose column is that of `text`."""
    name, colon, rest = text.partition(":")
    kind = _NAMES.get(name.strip().casefold())
    if kind is None:
        known = ", ".join(AxisKind)
        raise PromptListError(f"“{name.strip()[:40]}” is no axis of a grid; expected one of {known}.")
    if kind is AxisKind.NOTHING:
        return Axis(kind, ("",))
    column = len(name) + len(colon) + 1
    words = _comma_list(rest, column)
    if not words:
        raise PromptListError(f"The axis {kind} has no values.", column=column)
    return Axis(kind, _values(kind, words, column))


def _comma_list(text: str, column: int) -> list[str]:
    try:
        return [word.strip() for row in csv.reader(text.splitlines()) for word in row]
    except csv.Error as error:
        raise PromptListError(f"The values are no list with commas ({error}).", column=column) from None


def _values(kind: AxisKind, words: list[str], column: int) -> tuple[Value, ...]:
    number = _NUMBERS.get(kind)
    if number is not None:
        found: list[Value] = []
        for word in words:
            found += _range(number, word, column)
            _check_many(len(found), column)
        return tuple(found)
    if kind is AxisKind.ORDER:
        orders = tuple(islice(permutations(words), MOST_VALUES + 1))
        _check_many(len(orders), column)
        return orders
    _check_many(len(words), column)
    check = _CHECKS.get(kind)
    if check is not None:
        for word in words:
            try:
                check(word)
            except RecipeError as error:
                raise PromptListError(str(error), column=column, hint=error.hint) from None
    return tuple(words)


def _range(number: type[int] | type[float], word: str, column: int) -> list[Value]:
    found = _RANGES[number].fullmatch(word)
    try:
        if found is None:
            return [number(word)]
        first, last = number(found[1].replace(" ", "")), number(found[2].replace(" ", ""))
    except (ValueError, OverflowError):
        expected = "a whole number" if number is int else "a number"
        raise PromptListError(
            f"Expected {expected} or a range such as 1-5 (+2), found “{word[:40]}”.", column=column
        ) from None
    if found[4] is not None:
        return _spread(number, first, last, int(found[4]), column)
    step = number((found[3] or "1").replace(" ", ""))
    if step == 0:
        raise PromptListError(f"The range {word[:40]} never ends: its step is 0.", column=column)
    # A little more than nothing: 0.1 is not a tenth.
    count = max(0, int((last - first) / step + 1e-9) + 1) if (last - first) * step >= 0 else 0
    if count == 0:
        raise PromptListError(f"The range {word[:40]} is empty.", column=column, hint="Downwards: 10-1 (-3).")
    _check_many(count, column)
    return [first + place * step if number is int else round(first + place * step, 8) for place in range(count)]


def _spread(number: type[int] | type[float], first: float, last: float, count: int, column: int) -> list[Value]:
    """`count` values at equal distances; the whole parts of them for whole numbers, as A1111 does it."""
    _check_many(count, column)
    steps = max(1, count - 1)
    return [
        int(first + (last - first) * place / steps)
        if number is int
        else round(first + (last - first) * place / steps, 8)
        for place in range(count)
    ]


def _check_many(count: int, column: int) -> None:
    if count > MOST_VALUES:
        raise PromptListError(f"An axis has at most {MOST_VALUES} values, found more.", column=column)


def solver_named(name: str) -> tuple[Solver | None, bool]:
    """The solver that a sampler's name means here, None for the pack's own; False where it is only the nearest.

    Samplers of other programs integrate other equations. The DPM family comes nearest to our DPM, Euler to Euler.
    """
    plain = name.strip().casefold()
    for solver in Solver:
        if plain == solver.value:
            return solver, True
    if plain in ("", "default", "automatic"):
        return None, True
    if "euler" in plain and "ancestral" not in plain and not plain.endswith(" a"):
        return Solver.FLOW_EULER, plain in ("euler", "flow euler")
    if "dpm" in plain:
        return Solver.FLOW_DPM, plain.startswith("flow")
    return None, False


_CHECKS: dict[AxisKind, Callable[[str], object]] = {AxisKind.SIZE: Size.parse}
