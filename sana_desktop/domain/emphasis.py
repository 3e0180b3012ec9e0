"""Weights written into a prompt: “a (red:1.3) apple” asks for more red.

Only a number makes brackets weigh, because plain ones are part of natural language. Positions are those of Python:
one for each character.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

LEAST_WEIGHT, MOST_WEIGHT = 0.0, 2.0

_ESCAPABLE = "()\\"
# On one line, with one digit before the point, so that “(at 8:30)” and “(Psalm:23)” stay what they are.
_NUMBER = re.compile(r"[ \t]*([+-]?(?:[0-9](?:\.[0-9]*)?|\.[0-9]+))[ \t]*")
_LONGEST_NUMBER = 24


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the plain text, and how much they count."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Emphasised:
    """A prompt taken apart: the words to read, and the spans of them that somebody gave a weight.

    Spans are in order, do not overlap and are never empty; what lies in none of them weighs 1.
    """

    plain: str
    spans: tuple[Span, ...]
    # Where runs of characters begin, in `plain` and in the written text.
    _runs: tuple[tuple[int, int], ...] = ((0, 0),)

    def weight(self, position: int) -> float:
        """How much the character number `position` of `plain` counts."""
        index = bisect_right(self.spans, position, key=lambda span: span.start) - 1
        return self.spans[index].weight if index >= 0 and position < self.spans[index].end else 1.0

    def written(self, position: int) -> int:
        """Where in the written text the character number `position` of `plain` stands."""
        plain_at, written_at = self._runs[bisect_right(self._runs, position, key=lambda run: run[0]) - 1]
        return written_at + position - plain_at


def parse_emphasis(text: str) -> Emphasised:
    r"""Take “(words:number)” as weight and everything else as it stands.

    Brackets may be nested, and weights then multiply; they are held between 0 and 2. `\(`, `\)` and `\\` are the
    bare characters. Whatever is malformed is ordinary text: this never fails, and takes time in proportion to `text`.
    """
    dropped, opening, closing = _marks(text)
    plain: list[str] = []
    runs: list[tuple[int, int]] = [(0, 0)]
    spans: list[Span] = []
    factors: list[float] = []
    for at, letter in enumerate(text):
        # A closing mark comes before an opening one at the same place: “(a:1.2)(b:1.3)”.
        if at in closing:
            factors.pop()
        if at in opening:
            factors.append(min(factors[-1] * opening[at], MOST_WEIGHT) if factors else opening[at])
        if dropped[at]:
            continue
        if runs[-1][1] - runs[-1][0] != at - len(plain):
            runs.append((len(plain), at))
        if factors:
            _extend(spans, len(plain), factors[-1])
        plain.append(letter)
    return Emphasised("".join(plain), tuple(spans), tuple(runs))


def plain_text(text: str) -> str:
    """The words of a prompt without its weights and escapes."""
    return parse_emphasis(text).plain


def holds_weights(*texts: str) -> bool:
    """Whether somebody wrote a weight into any of the texts."""
    return any(parse_emphasis(text).spans for text in texts)


def _marks(text: str) -> tuple[bytearray, dict[int, float], set[int]]:
    """Which characters are not part of the words, where weights begin (and which), and where they end."""
    dropped = bytearray(len(text))
    opening: dict[int, float] = {}
    closing: set[int] = set()
    opened: list[int] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter == "\\" and text[at + 1 : at + 2] and text[at + 1] in _ESCAPABLE:
            dropped[at] = 1
            at += 1
        elif letter == "(":
            opened.append(at)
        elif letter == ")" and opened:
            begin = opened.pop()
            colon = text.rfind(":", max(begin + 1, at - _LONGEST_NUMBER), at)
            weight = None if colon < 0 else _weight(text, begin + 1, colon, at)
            if weight is not None:
                dropped[begin] = 1
                dropped[colon : at + 1] = b"\1" * (at + 1 - colon)
                opening[begin] = weight
                closing.add(colon)
        at += 1
    return dropped, opening, closing


def _weight(text: str, begin: int, colon: int, end: int) -> float | None:
    """The number after the colon; None if the words before it are missing or this is no weight."""
    number = _NUMBER.fullmatch(text, colon + 1, end)
    if number is None or colon == begin or not text[begin:colon].strip():
        return None
    # “(16:9)” is a shape and “(John 3:4)” a place in a book.
    if text[colon - 1].isdigit() and "." not in number[1]:
        return None
    return min(max(float(number[1]), LEAST_WEIGHT), MOST_WEIGHT)


def _extend(spans: list[Span], at: int, weight: float) -> None:
    """Let the last span reach over the character `at`, or begin a new one there."""
    if spans and spans[-1].end == at and spans[-1].weight == weight:
        spans[-1] = Span(spans[-1].start, at + 1, weight)
    else:
        spans.append(Span(at, at + 1, weight))
