"""A prompt as its writer arranges it: comments that nobody draws, and phrases between commas that can be moved.

Positions are those of Python: one for each character.
"""

import re
from collections.abc import Iterator

# Lone signs only: “#ff8800”, “#1” and “C#” are words.
_COMMENT = re.compile(r"(?<!\S)#(?!\S)[^\n]*")
_CLOSING = {")": "(", "]": "[", "}": "{"}


def comment_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where comments begin and end: a “#” between blanks or at the edge of a line, and what follows it there."""
    return tuple(match.span() for match in _COMMENT.finditer(text))


def without_comments(text: str) -> str:
    """What is to be drawn: the text without its comments and without the lines that held nothing else.

    A text without comments is given back as it is.
    """
    return "\n".join(text[start:end] for start, end in _spoken_lines(text))


def typed_position(text: str, position: int) -> int:
    """Where in `text` that character stands that is number `position` in `without_comments(text)`."""
    for start, end in _spoken_lines(text):
        if position <= end - start:
            return start + position
        position -= end - start + 1
    return len(text)


def move_chunk(text: str, start: int, end: int, by: int) -> tuple[str, int, int]:
    """Let the phrases that hold the selection change places with the one before (`by` -1) or after them (1).

    Phrases are separated by commas outside brackets, by line ends and by comments; the separators stay where they
    are. The selection stays on its words. At the edge, nothing changes.
    """
    chunks = _chunks(text)
    if not chunks:
        return text, start, end
    first = next((at for at, (_, stop) in enumerate(chunks) if stop >= start), len(chunks) - 1)
    last = max((at for at, (begin, _) in enumerate(chunks) if begin < end), default=first)
    last = max(first, last)
    other = first - 1 if by < 0 else last + 1
    if not 0 <= other < len(chunks):
        return text, start, end
    moved, passed = (chunks[first][0], chunks[last][1]), chunks[other]
    left, right = sorted((moved, passed))
    swapped = text[right[0] : right[1]] + text[left[1] : right[0]] + text[left[0] : left[1]]
    shift = left[0] - right[0] if by < 0 else right[1] - left[1]
    whole = text[: left[0]] + swapped + text[right[1] :]
    # A cursor in the blanks beside its phrase comes along at the phrase's edge.
    start, end = (min(max(place, moved[0]), moved[1]) + shift for place in (start, end))
    return whole, start, end


def _spoken_lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        comment = _COMMENT.search(line)
        spoken = line if comment is None else line[: comment.start()].rstrip()
        if spoken or comment is None:
            yield at, at + len(spoken)
        at += len(line) + 1


def _chunks(text: str) -> list[tuple[int, int]]:
    """The phrases without the blanks around them, in order."""
    edges = [(start, end) for start, end in comment_spans(text)]
    edges += [(at, at + 1) for at in _separators(text)]
    chunks: list[tuple[int, int]] = []
    begin = 0
    for start, end in [*sorted(edges), (len(text), len(text))]:
        piece = text[begin : max(begin, start)]
        if piece.strip():
            from_left = begin + len(piece) - len(piece.lstrip())
            chunks.append((from_left, from_left + len(piece.strip())))
        begin = max(begin, end)
    return chunks


def _separators(text: str) -> list[int]:
    """Line ends, and the commas that no pair of brackets encloses; a bracket without a partner encloses nothing."""
    found: list[int] = []
    opened: list[tuple[str, int]] = []
    for at, letter in enumerate(text):
        if letter in ",\n":
            found.append(at)
        elif letter in "([{":
            opened.append((letter, len(found)))
        elif letter in _CLOSING and opened and opened[-1][0] == _CLOSING[letter]:
            del found[opened.pop()[1] :]
    return found
