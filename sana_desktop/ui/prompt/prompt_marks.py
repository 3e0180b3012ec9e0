"""What stands out in a prompt: comments, weighted words, slots of styles, and what the model does not read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sana_desktop.domain.emphasis import parse_emphasis
from sana_desktop.domain.prompt_text import comment_spans
from sana_desktop.domain.styles import SLOT


class MarkKind(StrEnum):
    """Why some words look different."""

    COMMENT = "comment"
    WEIGHT = "weight"
    BRACKET = "bracket"
    SLOT = "slot"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Mark:
    """The characters from `start` to `end`; `weight` is how much they count."""

    start: int
    end: int
    kind: MarkKind
    weight: float = 1.0


def marks_in(text: str, *, slots: bool = False, unread_from: int | None = None) -> tuple[Mark, ...]:
    """All marks of a text, in such an order that a later one may be painted over an earlier one.

    With `slots`, `{prompt}` is one; from `unread_from` on nothing is read.
    """
    return tuple(_marks(text, slots, unread_from))


def _marks(text: str, slots: bool, unread_from: int | None) -> Iterator[Mark]:
    comments = comment_spans(text)
    yield from _weights(text, comments)
    if slots:
        for match in re.finditer(re.escape(SLOT), text):
            yield Mark(match.start(), match.end(), MarkKind.SLOT)
    if unread_from is not None and unread_from < len(text):
        # Blanks in front of the first word would be underlined for nothing.
        begin = unread_from + len(text[unread_from:]) - len(text[unread_from:].lstrip())
        yield Mark(begin, len(text), MarkKind.UNREAD)
    for start, end in comments:
        yield Mark(start, end, MarkKind.COMMENT)


def _weights(text: str, comments: tuple[tuple[int, int], ...]) -> Iterator[Mark]:
    # A bracket in a comment must not find its partner outside.
    weighed = parse_emphasis(_blanked(text, comments))
    last = len(weighed.plain)
    for span in weighed.spans:
        start, end = weighed.written(span.start), weighed.written(span.end - 1) + 1
        opening = weighed.written(span.start - 1) + 1 if span.start else 0
        closing = weighed.written(span.end) if span.end < last else len(text)
        if opening < start:
            yield Mark(opening, start, MarkKind.BRACKET)
        yield Mark(start, end, MarkKind.WEIGHT, span.weight)
        if end < closing:
            yield Mark(end, closing, MarkKind.BRACKET)


def _blanked(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The text with blanks in place of some stretches."""
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces += (text[at:start], " " * (end - start))
        at = end
    return "".join((*pieces, text[at:]))
