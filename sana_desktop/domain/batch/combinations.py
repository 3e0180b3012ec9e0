"""Counting the ways to take some of several things that each come in some number of kinds, and finding one of them.

The order of what is taken does not matter: “red, blue” and “blue, red” are one way.
"""

from collections.abc import Sequence

from sana_desktop.errors import PromptListError

# Products of how many things there are and how many are taken: a second of work, and it can be waited for.
MOST_WORK = 1_000_000


def combination_count(kinds: Sequence[int], size: int) -> int:
    """How many ways there are to take `size` of the things; the i-th comes in `kinds[i]` kinds."""
    if size == 1:
        return sum(kinds)
    return _ways(kinds, size)[0][size]


def nth_combination(kinds: Sequence[int], size: int, number: int) -> list[tuple[int, int]]:
    """The way of that number, from 0: the things in ascending order, each with its kind. Raises `IndexError`."""
    ways = _ways(kinds, size)
    chosen: list[tuple[int, int]] = []
    for index, kind in enumerate(kinds):
        if size == 0:
            break
        # With this thing first, and then without it.
        rest = ways[index + 1][size - 1]
        if number < kind * rest:
            mine, number = divmod(number, rest)
            chosen.append((index, mine))
            size -= 1
        else:
            number -= kind * rest
    if size or number:
        raise IndexError("there are fewer ways than that")
    return chosen


def _ways(kinds: Sequence[int], size: int) -> list[list[int]]:
    """`_ways(kinds, size)[i][s]` ways to take `s` of the things from the i-th on."""
    if len(kinds) * size > MOST_WORK:
        raise PromptListError(
            f"Taking {size} of {len(kinds)} options in all ways is too much.",
            hint="Let the options be picked at random, or take fewer.",
        )
    table = [[1] + [0] * size]
    for kind in reversed(kinds):
        after = table[-1]
        table.append([1] + [after[taken] + kind * after[taken - 1] for taken in range(1, size + 1)])
    return table[::-1]
