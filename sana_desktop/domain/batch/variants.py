"""Prompts that stand for many: variants `{a|b}` and wildcards `__name__`, picked at random or counted through.

`{a|b|c}` is one of the three; `{3::a|b}` takes “a” three times as often; `{2$$a|b|c}` is two different ones with
“, ” between them, `{2$$ and $$a|b}` with “ and ”, `{1-2$$...}`, `{-2$$...}` and `{2-$$...}` are as many as that.
`__colours__` is a line of the wildcard file of that name. All of it may be nested; `\\{`, `\\|` and `\\}` are signs.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sana_desktop.domain.batch.combinations import combination_count, nth_combination
from sana_desktop.domain.recipe import LONGEST_PROMPT
from sana_desktop.errors import PromptListError

DEEPEST = 30
MOST_PICKED = 100
MOST_PIECES = 20_000
# Larger counts are all the same: far too many.
COUNT_LIMIT = 10**15

_SPECIAL = re.compile(r"\\[{|}]|[{|}]|__([\w./*-]+?(?: [\w./*-]+?)*?)__")
_WEIGHT = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)::")
_COUNTS = re.compile(r"\s*(\d{1,4})?\s*(-)?\s*(\d{1,4})?\s*\$\$(?:((?:(?!\$\$)[^{|}])*)\$\$)?")

Values = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A line of the file `name`; it stands at `column` of its text, counted from 1."""

    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Choice:
    """From `low` to `high` different ones of the options, with `joiner` between them."""

    options: tuple["Template", ...]
    weights: tuple[float, ...]
    low: int = 1
    high: int = 1
    joiner: str = ", "
    column: int = 1


Template = tuple[str | Wildcard | Choice, ...]


def holds_variants(text: str) -> bool:
    """Whether a text may stand for more than itself, or holds a sign that belongs to variants."""
    return "{" in text or "}" in text or "__" in text


def parse_template(text: str) -> Template:
    """Understand a prompt; raises `PromptListError` for braces that do not match, and for what braces cannot hold."""
    parts, at = _parts(text, 0, 0)
    if at < len(text):
        raise PromptListError(
            "A closing brace has no opening one.", column=at + 1, hint=r"Write \} for the sign itself."
        )
    return parts


class Expander:
    """Picks and counts what templates stand for; `values` gives the lines of a wildcard, or raises."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._lines: dict[str, tuple[Template, ...]] = {}
        self._counts: dict[str, tuple[int, ...]] = {}

    def pick(self, template: Template, seed: int) -> str:
        """One of the texts, the same for the same seed on every machine. Raises `PromptListError`."""
        return _Picking(self, Random(seed)).text(template)

    def count(self, template: Template) -> int:
        """How many texts there are, up to `COUNT_LIMIT`. Raises `PromptListError` for wildcards in a circle."""
        return self._count(template, ())

    def nth(self, template: Template, number: int) -> str:
        """The text of that number, counted from 0; the last choice changes fastest."""
        pieces: list[str] = []
        for part in reversed(template):
            if isinstance(part, str):
                pieces.append(part)
                continue
            count = self._part_count(part, ())
            number, mine = divmod(number, count)
            pieces.append(self._nth_part(part, mine))
        return _checked("".join(reversed(pieces)))

    def lines(self, wildcard: Wildcard) -> tuple[Template, ...]:
        """The understood lines of a wildcard."""
        found = self._lines.get(wildcard.name)
        if found is None:
            try:
                found = tuple(parse_template(line) for line in self._values(wildcard.name))
            except PromptListError as error:
                raise PromptListError(str(error), column=wildcard.column, hint=error.hint) from None
            self._lines[wildcard.name] = found
        return found

    def options(self, choice: Choice) -> tuple[tuple[Template, ...], tuple[float, ...]]:
        """What a choice is between; several of one wildcard alone are different lines of it."""
        if len(choice.options) == 1 and len(choice.options[0]) == 1 and (choice.low, choice.high) != (1, 1):
            (part,) = choice.options[0]
            if isinstance(part, Wildcard):
                lines = self.lines(part)
                return lines, (1.0,) * len(lines)
        return choice.options, choice.weights

    def _count(self, template: Template, above: tuple[str, ...]) -> int:
        count = 1
        for part in template:
            if not isinstance(part, str):
                count = min(COUNT_LIMIT, count * self._part_count(part, above))
        return count

    def _part_count(self, part: Wildcard | Choice, above: tuple[str, ...]) -> int:
        if isinstance(part, Wildcard):
            return min(COUNT_LIMIT, sum(self._line_counts(part, above)))
        options, _ = self.options(part)
        counts = [self._count(option, above) for option in options]
        return min(COUNT_LIMIT, sum(combination_count(counts, size) for size in _sizes(part, len(options))))

    def _line_counts(self, wildcard: Wildcard, above: tuple[str, ...]) -> tuple[int, ...]:
        found = self._counts.get(wildcard.name)
        if found is None:
            _check_circle(wildcard, above)
            deeper = (*above, wildcard.name)
            found = tuple(self._count(line, deeper) for line in self.lines(wildcard))
            self._counts[wildcard.name] = found
        return found

    def _nth_part(self, part: Wildcard | Choice, number: int) -> str:
        if isinstance(part, Wildcard):
            for line, count in zip(self.lines(part), self._line_counts(part, ()), strict=True):
                if number < count:
                    return self.nth(line, number)
                number -= count
        else:
            options, _ = self.options(part)
            counts = [self._count(option, ()) for option in options]
            for size in _sizes(part, len(options)):
                count = combination_count(counts, size)
                if number < count:
                    chosen = nth_combination(counts, size, number)
                    return part.joiner.join(self.nth(options[index], inner) for index, inner in chosen)
                number -= count
        raise IndexError("there are fewer texts than that")


class _Picking:
    """One random walk through a template; uses nothing of `Random` but numbers from 0 to 1, which never change."""

    def __init__(self, expander: Expander, random: Random) -> None:
        self._expander = expander
        self._random = random
        self._pieces = 0
        self._length = 0

    def text(self, template: Template, above: tuple[str, ...] = ()) -> str:
        return "".join(self._part(part, above) for part in template)

    def _part(self, part: str | Wildcard | Choice, above: tuple[str, ...]) -> str:
        self._pieces += 1
        if self._pieces > MOST_PIECES:
            raise PromptListError(f"The prompt is made of more than {MOST_PIECES} pieces.")
        if isinstance(part, str):
            self._length += len(part)
            if self._length > LONGEST_PROMPT:
                raise PromptListError(f"The prompt becomes longer than {LONGEST_PROMPT} characters.")
            return part
        if isinstance(part, Wildcard):
            _check_circle(part, above)
            lines = self._expander.lines(part)
            return self.text(lines[min(len(lines) - 1, int(self._random.random() * len(lines)))], (*above, part.name))
        options, weights = self._expander.options(part)
        sizes = _sizes(part, len(options))
        size = sizes[min(len(sizes) - 1, int(self._random.random() * len(sizes)))]
        return part.joiner.join(self.text(options[index], above) for index in self._chosen(list(weights), size))

    def _chosen(self, weights: list[float], size: int) -> list[int]:
        chosen: list[int] = []
        for _ in range(size):
            index = self._weighted(weights)
            if index in chosen:
                # Nothing but options of weight 0 is left: the first of them that was not taken.
                index = next(other for other in range(len(weights)) if other not in chosen)
            chosen.append(index)
            weights[index] = 0.0
        return chosen

    def _weighted(self, weights: list[float]) -> int:
        point = self._random.random() * math.fsum(weights)
        last = 0
        for index, weight in enumerate(weights):
            if weight > 0:
                last = index
                point -= weight
                if point < 0:
                    break
        return last


def _sizes(choice: Choice, options: int) -> range:
    return range(min(choice.low, options), min(choice.high, options) + 1)


def _check_circle(wildcard: Wildcard, above: tuple[str, ...]) -> None:
    if wildcard.name in above:
        path = " -> ".join(f"__{name}__" for name in (*above[above.index(wildcard.name) :], wildcard.name))
        raise PromptListError(f"The wildcards call each other in a circle: {path}.", column=wildcard.column)
    if len(above) >= DEEPEST:
        raise PromptListError(f"The wildcards call each other more than {DEEPEST} deep.", column=wildcard.column)


def _parts(text: str, at: int, depth: int) -> tuple[Template, int]:
    """The parts from `at` on, and where they end: at the end, or at a sign that belongs to what is around them."""
    parts: list[str | Wildcard | Choice] = []
    while True:
        found = _SPECIAL.search(text, at)
        stop = len(text) if found is None else found.start()
        if stop > at:
            parts.append(text[at:stop])
        if found is None:
            return tuple(parts), len(text)
        sign = found[0]
        if sign == "{":
            choice, at = _choice(text, stop, depth + 1)
            parts.append(choice)
        elif sign == "}" or (sign == "|" and depth):
            return tuple(parts), stop
        else:
            parts.append(Wildcard(found[1], stop + 1) if found[1] is not None else sign.removeprefix("\\"))
            at = found.end()


def _choice(text: str, opened: int, depth: int) -> tuple[Choice, int]:
    if depth > DEEPEST:
        raise PromptListError(f"Braces are nested more than {DEEPEST} deep.", column=opened + 1)
    at, low, high, joiner = opened + 1, 1, 1, ", "
    counts = _COUNTS.match(text, at)
    if counts is not None:
        low, high = _bounds(counts, opened)
        joiner = ", " if counts[4] is None else counts[4]
        at = counts.end()
    options: list[Template] = []
    weights: list[float] = []
    while True:
        weight = _WEIGHT.match(text, at)
        if weight is not None:
            at = weight.end()
        option, at = _parts(text, at, depth)
        options.append(option)
        weights.append(1.0 if weight is None else min(float(weight[1]), 1e9))
        if at == len(text):
            raise PromptListError(
                "An opening brace has no closing one.", column=opened + 1, hint=r"Write \{ for the sign itself."
            )
        at += 1
        if text[at - 1] == "}":
            break
    if not any(weights):
        raise PromptListError("No option between the braces has a weight above 0.", column=opened + 1)
    return Choice(tuple(options), tuple(weights), low, high, joiner, opened + 1), at


def _bounds(counts: re.Match[str], opened: int) -> tuple[int, int]:
    first, dash, second = counts[1], counts[2], counts[3]
    if first is None and second is None:
        raise PromptListError("Expected a number before “$$”.", column=opened + 2)
    low = int(first) if first is not None else 0
    high = low if dash is None else MOST_PICKED if second is None else int(second)
    if dash is None and second is not None:
        raise PromptListError("Expected one number, or two with “-” between them, before “$$”.", column=opened + 2)
    if not low <= high <= MOST_PICKED:
        raise PromptListError(
            f"Expected numbers up to {MOST_PICKED}, the smaller first, found {low} to {high}.", column=opened + 2
        )
    return low, high


def _checked(text: str) -> str:
    if len(text) > LONGEST_PROMPT:
        raise PromptListError(f"The prompt becomes longer than {LONGEST_PROMPT} characters.")
    return text
