"""What the rows of a table stand for: the resolved prompt, tokens, time, and what is wrong with them."""

from collections.abc import Callable
from dataclasses import dataclass

from sana_desktop.domain.batch.problem import Problem, Weight
from sana_desktop.domain.job import Order
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.token_count import TokenCount
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.prompt_list import Item, PromptList
from sana_desktop.services.forecast import SpeedBook

# The header is the first line.
LINES_BEFORE = 2

Count = Callable[[Recipe], TokenCount | None]


@dataclass(frozen=True, slots=True)
class RowLook:
    """What a row stands for: `count` pictures, of which the first is `first`; `problem` if it cannot be drawn.

    `tokens` and `seconds`, for all of its pictures, are None where nobody can tell.
    """

    row: int
    count: int
    first: Item | None = None
    tokens: TokenCount | None = None
    seconds: float | None = None
    problem: Problem | None = None


def look_at(listed: PromptList, speeds: SpeedBook, count: Count, check: Callable[[], None]) -> list[RowLook]:
    """Look at every row of a list that `sheet_text` wrote; `check` is called before each and may end it by raising."""
    looks: list[RowLook] = []
    for found in listed.walk():
        check()
        if isinstance(found, Problem):
            if found.weight is Weight.ERROR:
                looks.append(RowLook(found.line - LINES_BEFORE, 0, problem=found))
            continue
        recipe = found.first.recipe
        try:
            tokens = count(recipe)
        except KnownError:
            # Whoever draws it meets it again.
            tokens = None
        one = speeds.forecast(Order(recipe=recipe)).seconds
        looks.append(
            RowLook(
                found.entry.line - LINES_BEFORE,
                found.count,
                found.first,
                tokens,
                None if one is None else one * found.count,
            )
        )
    return looks
