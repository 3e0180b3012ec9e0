"""Two shorthands for long lists, as people asked A1111's Forge for them: names for texts, and ranges of numbers.

`$STYLE=watercolour, soft light` on a line of its own gives a name, `$STYLE` in later lines stands for the text.
`--steps [20, 30]` and `--cfg_scale [5..10 step 1]` are axes of a grid, written where the one number would be.
"""

import re
from difflib import get_close_matches

from sana_desktop.errors import PromptListError

MOST_NAMES = 1000
LONGEST_TEXT = 100_000
MOST_LETTERS = 1_000_000

_DEFINITION = re.compile(r"\$([A-Z][A-Z0-9_]{0,39})\s*=\s*(.*)", re.DOTALL)
_USE = re.compile(r"\$([A-Z][A-Z0-9_]{0,39})")
_SWEEP = re.compile(r"(?<!\S)--(steps|cfg_scale|seed)\s+\[([^\]\[]*)\](?!\S)")
_NUMBER = r"([-+]?\d{1,18}(?:\.\d{1,18})?)"
_SPAN = re.compile(rf"\s*{_NUMBER}\s*\.\.\s*{_NUMBER}\s*(?:step\s+{_NUMBER}\s*)?")
_AXES = {"steps": "Steps", "cfg_scale": "CFG Scale", "seed": "Seed"}
_SIDES = "xyz"

# Where a piece stands in the new line, counted from 0, and how long the old and the new piece are.
Places = list[tuple[int, int, int]]


class Names:
    """The texts of a list that have a name; lines are given to it in their order."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._letters = 0

    def define(self, line: str) -> bool:
        """Take note of a line that gives a name; False for other lines. Raises `PromptListError`."""
        if not line.startswith("$"):
            return False
        found = _DEFINITION.fullmatch(line)
        if found is None:
            return False
        if len(self._texts) >= MOST_NAMES and found[1] not in self._texts:
            raise PromptListError(f"A list has at most {MOST_NAMES:,} names.")
        text = self.replaced(found[2].strip())[0]
        self._letters += len(text) - len(self._texts.get(found[1], ""))
        if self._letters > MOST_LETTERS:
            raise PromptListError(f"The texts with names have more than {MOST_LETTERS:,} letters.")
        self._texts[found[1]] = text
        return True

    def replaced(self, line: str) -> tuple[str, Places]:
        """The line with texts for names, and where these stand.

        In a list that gives no name, a dollar is a dollar. Raises `PromptListError` for a name that none has.
        """
        places: Places = []
        if not self._texts or "$" not in line:
            return line, places
        parts: list[str] = []
        length = at = 0
        for use in _USE.finditer(line):
            text = self._texts.get(use[1])
            if text is None:
                near = get_close_matches(use[1], self._texts, n=1)
                hint = f"Did you mean ${near[0]}?" if near else "Give it one on a line before: $NAME=text."
                raise PromptListError(f"Nothing has the name ${use[1]}.", column=use.start() + 1, hint=hint)
            before = line[at : use.start()]
            places.append((length + len(before), len(use[0]), len(text)))
            parts += (before, text)
            length += len(before) + len(text)
            at = use.end()
            if length > LONGEST_TEXT:
                raise PromptListError(f"With its names the line has more than {LONGEST_TEXT:,} letters.")
        parts.append(line[at:])
        return "".join(parts), places


def column_as_written(column: int, places: Places) -> int:
    """Where in the line as it was written something stands that was found in the replaced one; both count from 1."""
    shift = 0
    for start, name, text in places:
        if column <= start:
            break
        if column <= start + text:
            return start + 1 + shift
        shift += name - text
    return column + shift


def with_axes(line: str) -> tuple[str, Places]:
    """The line with `--x`, `--y` and `--z` for ranges of numbers, and where these stand; raises `PromptListError`."""
    places: Places = []
    parts: list[str] = []
    length = at = 0
    for found in _SWEEP.finditer(line):
        if len(places) == len(_SIDES):
            raise PromptListError("A line has at most three ranges.", column=found.start() + 1)
        before = line[at : found.start()]
        axis = f'--{_SIDES[len(places)]} "{_AXES[found[1]]}: {_values(found)}"'
        places.append((length + len(before), len(found[0]), len(axis)))
        parts += (before, axis)
        length += len(before) + len(axis)
        at = found.end()
    return "".join((*parts, line[at:])), places


def _values(found: re.Match[str]) -> str:
    span = _SPAN.fullmatch(found[2])
    if span is not None:
        step = span[3] or "1"
        return f"{span[1]}-{span[2]} ({step if step[0] in '+-' else f'+{step}'})"
    if not found[2].strip() or ".." in found[2]:
        raise PromptListError(
            f"“[{found[2][:40]}]” is no range.", column=found.start(2) + 1, hint="Write [5..10 step 1] or [20, 30]."
        )
    return found[2].strip()
