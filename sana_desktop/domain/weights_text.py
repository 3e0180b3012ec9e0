"""Making words count more or less by a key, as painters with other tools know it: “fox” becomes “(fox:1.1)”.

Positions are those of Python: one for each character.
"""

from sana_desktop.domain.emphasis import LEAST_WEIGHT, MOST_WEIGHT, parse_emphasis

WEIGHT_STEP = 0.1
# One pair of plain brackets means this much to the tools that know such brackets.
BRACKET_WEIGHT = 1.1

# What ends a word.
_DELIMITERS = frozenset(".,\\/!?%^*;:{}=`~() \t\r\n")
_PARTNERS = {"(": ")", "[": "]"}


def change_weight(text: str, start: int, end: int, step: float = WEIGHT_STEP) -> tuple[str, int, int]:
    """Let what is selected count `step` more (or less, if negative); returns the text and the selected words.

    Without a selection it is the bracket around the cursor, else the word under it. What has no weight yet gets
    “(words:1.1)”; at 1.0 the brackets go; several brackets become one number. Weights stay within 0 and 2.
    Nothing changes where there is no word.
    """
    if start == end:
        start, end = _bracket_around(text, start) or _word_around(text, start)
    start, end, weight, outer_start, outer_end = _weighed(text, start, end)
    words = text[start:end]
    if not words.strip() or not _is_balanced(words):
        return text, start, end
    wanted = float(f"{min(max(weight + step, LEAST_WEIGHT), MOST_WEIGHT):.12g}")
    if wanted == 1.0:
        return text[:outer_start] + words + text[outer_end:], outer_start, outer_start + len(words)
    weighed = f"({words}:{_written(wanted)})"
    return text[:outer_start] + weighed + text[outer_end:], outer_start + 1, outer_start + 1 + len(words)


def _weighed(text: str, start: int, end: int) -> tuple[int, int, float, int, int]:
    """The words, what they weigh now, and from where to where their brackets reach."""
    pairs = _pairs(text)
    # The brackets may have been selected with their words.
    if text[start : start + 1] == "(" and pairs.get(start) == end - 1:
        start, end = start + 1, _words_end(text, start, end - 1)
    before = text[start - 1] if start else ""
    closes = pairs.get(start - 1)
    if before == "(" and closes is not None and end < closes and _words_end(text, start - 1, closes) == end:
        weight = min(max(float(text[end + 1 : closes]), LEAST_WEIGHT), MOST_WEIGHT)
        return start, end, weight, start - 1, closes + 1
    if before in _PARTNERS:
        depth = 0
        while (
            text[start - depth - 1 : start - depth] == before
            and text[end + depth : end + depth + 1] == (_PARTNERS[before])
        ):
            depth += 1
        if depth:
            weight = BRACKET_WEIGHT ** (depth if before == "(" else -depth)
            rounded = round(weight / WEIGHT_STEP) * WEIGHT_STEP
            return start, end, rounded, start - depth, end + depth
    while end > start and text[end - 1] == " ":
        end -= 1
    return start, end, 1.0, start, end


def _bracket_around(text: str, at: int) -> tuple[int, int] | None:
    """What stands in the innermost pair of brackets around a position, without its weight."""
    around = [(begin, stop) for begin, stop in _pairs(text).items() if begin < at <= stop]
    if not around:
        return None
    begin, stop = max(around)
    return begin + 1, _words_end(text, begin, stop) if text[begin] == "(" else stop


def _words_end(text: str, begin: int, stop: int) -> int:
    """Where the words in the brackets at `begin` and `stop` end: at the colon of their weight, if they have one."""
    # Brackets with a weight are no letters, so that what is left begins inside them.
    if parse_emphasis(text[begin : stop + 1]).written(0) == 0:
        return stop
    return text.rindex(":", begin, stop)


def _pairs(text: str) -> dict[int, int]:
    """Where each bracket that closes begins, and where it closes."""
    opened: dict[str, list[int]] = {")": [], "]": []}
    pairs: dict[int, int] = {}
    for at, letter in enumerate(text):
        if letter in "([" and not _is_escaped(text, at):
            opened[_PARTNERS[letter]].append(at)
        elif opened.get(letter) and not _is_escaped(text, at):
            pairs[opened[letter].pop()] = at
    return pairs


def _word_around(text: str, at: int) -> tuple[int, int]:
    start = end = at
    while start and text[start - 1] not in _DELIMITERS:
        start -= 1
    while end < len(text) and text[end] not in _DELIMITERS:
        end += 1
    return start, end


def _is_balanced(words: str) -> bool:
    brackets = sum(letter in "()" and not _is_escaped(words, at) for at, letter in enumerate(words))
    return brackets == 2 * sum(words[begin] == "(" for begin in _pairs(words))


def _is_escaped(text: str, at: int) -> bool:
    backslashes = 0
    while at - backslashes and text[at - backslashes - 1] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def _written(weight: float) -> str:
    return f"{weight:.1f}" if weight.is_integer() else f"{weight:.12g}"
