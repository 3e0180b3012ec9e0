"""A list looked through before any work: what would be made, how long it takes, and which lines are wrong."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sana_desktop.domain.batch.problem import Problem, Weight, problem_of
from sana_desktop.domain.job import MOST_PICTURES, Order
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.prompt_list import Item, PromptList
from sana_desktop.services.forecast import SpeedBook

MOST_PROBLEMS = 1000
MOST_PROMPTS = 200_000
SHOWN = 5
BYTES_PER_PIXEL = 3


@dataclass(slots=True)
class Survey:
    """What a list stands for. Of problems the first `MOST_PROBLEMS` are kept, and all are counted.

    `prompts` are the different ones that were seen among the first pictures of their lines; above `MOST_PROMPTS`
    they are no longer told apart. `kinds` counts pictures that take the same time, by one recipe of them.
    """

    pictures: int = 0
    lines: int = 0
    errors: int = 0
    warnings: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])
    first: list[Item] = field(default_factory=list[Item])
    kinds: Counter[Recipe] = field(default_factory=Counter[Recipe])
    prompts: int = 0

    @property
    def largest(self) -> Size | None:
        """The size with the most pixels, None for an empty list."""
        return max((kind.size for kind in self.kinds), key=lambda size: size.width * size.height, default=None)

    @property
    def most_bytes(self) -> int:
        """What the files take at most: pictures that cannot be compressed at all."""
        return sum(count * (kind.size.width * kind.size.height * BYTES_PER_PIXEL) for kind, count in self.kinds.items())

    def seconds(self, speeds: SpeedBook) -> float | None:
        """How long it takes, one picture after the other; None where nothing like it was ever drawn here."""
        total = 0.0
        for number, (kind, count) in enumerate(self.kinds.items()):
            one, many = speeds.forecast(Order(recipe=kind)), speeds.forecast(Order(recipe=kind, count=MOST_PICTURES))
            if one.seconds is None or many.seconds is None:
                return None
            # What only a first picture pays, loading and a new prompt, falls out of the difference.
            each = (many.seconds - one.seconds) / (MOST_PICTURES - 1)
            total += each * count + (one.seconds - each if number == 0 else 0.0)
            if number == 0 and self.prompts > 1:
                other = Order(recipe=replace(kind, prompt=f"{kind.prompt} "))
                pair = speeds.forecast_all([(Order(recipe=kind), 0), (other, 0)])
                encode = 0.0 if pair.seconds is None else max(0.0, pair.seconds - one.seconds - each)
                total += encode * (self.prompts - 1)
        return total


def survey(listed: PromptList, check: Callable[[], None] = lambda: None) -> Survey:
    """Look through the whole list, in memory that does not grow with it.

    `check` is called for every line; what it raises ends the survey.
    """
    found, prompts = Survey(), set[int]()
    for one in listed.walk():
        check()
        if isinstance(one, Problem):
            _note(found, one)
            continue
        found.lines += 1
        try:
            for item, count in listed.firsts(one):
                found.pictures += count
                found.kinds[_kind(item.recipe)] += count
                if len(prompts) < MOST_PROMPTS:
                    prompts.add(hash((item.recipe.prompt, item.recipe.negative, item.recipe.pack)))
                if len(found.first) < SHOWN:
                    found.first.append(item)
        except KnownError as error:
            _note(found, problem_of(one.entry.line, error))
    found.prompts = len(prompts)
    return found


def _kind(recipe: Recipe) -> Recipe:
    """What is the same for all pictures that take the same time."""
    return Recipe(
        prompt="",
        size=recipe.size,
        steps=recipe.steps,
        guidance=4.0 if recipe.guidance > 1 else 1.0,
        seed=0,
        solver=recipe.solver,
        pack=recipe.pack,
        precision=recipe.precision,
    )


def _note(found: Survey, problem: Problem) -> None:
    if problem.weight is Weight.ERROR:
        found.errors += 1
    else:
        found.warnings += 1
    if len(found.problems) < MOST_PROBLEMS:
        found.problems.append(problem)
