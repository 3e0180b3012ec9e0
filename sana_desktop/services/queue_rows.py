"""Jobs as the rows of the queue's journal, which anybody may have changed before they are read again."""

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sana_desktop.domain.codec import recipe_from_plain, recipe_to_plain
from sana_desktop.domain.job import Order

# More is not believed: a recipe has 200,000 characters at most, each up to twelve when written as JSON.
LARGEST_RECIPE = 4 * 2**20
LONGEST_PATH = 64 * 2**10
# Qt's signals carry the numbers of jobs in 32 bits; new ones count on from the largest.
LARGEST_JOB = 10**9


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job that had not ended: `done` of its pictures, the first ones, are on the disk.

    `announced` is where the next one, if it lacks any, was about to be written when the program ended.
    """

    job: int
    order: Order
    done: int
    announced: Path | None


def order_to_row(order: Order) -> tuple[str, int, int, str | None]:
    """Recipe, count, batch and latents, as they are stored."""
    recipe = json.dumps(recipe_to_plain(order.recipe), separators=(",", ":"))
    return recipe, order.count, order.batch, None if order.latents is None else path_to_text(order.latents)


def job_from_row(row: tuple[object, ...], pictures: Iterable[tuple[object, ...]]) -> StoredJob:
    """The job of a row (job, recipe, count, batch, latents) with its pictures (seed, path, saved).

    Raises `RecipeError`, `ValueError` or, for JSON that is too deep, `RecursionError`.
    """
    job, recipe, count, batch, latents = row
    if type(job) is not int or not 1 <= job <= LARGEST_JOB:
        raise ValueError(f"job number {job!r:.40} is not between 1 and {LARGEST_JOB}")
    if type(recipe) is not str or type(count) is not int or type(batch) is not int:
        raise ValueError(f"job {job} has values of the wrong kind, or too long ones")
    if len(recipe) > LARGEST_RECIPE:
        raise ValueError(f"job {job} has a recipe of {len(recipe)} characters")
    order = Order(
        recipe=recipe_from_plain(json.loads(recipe)),
        count=count,
        batch=batch,
        latents=None if latents is None else path_from_text(latents),
    )
    known = {seed: (path, saved) for seed, path, saved in pictures}
    seed = order.recipe.seed
    done = next(done for done in itertools.count() if done == count or not known.get(seed + done, (None, False))[1])
    announced = known[seed + done][0] if done < count and seed + done in known else None
    return StoredJob(job, order, done, None if announced is None else path_from_text(announced))


def path_to_text(path: Path) -> str:
    """A path as JSON, because names on Linux need not be text; absolute, because the next start may be elsewhere."""
    return json.dumps(str(path.absolute()))


def path_from_text(text: object) -> Path:
    """What `path_to_text` wrote; raises `ValueError` for anything else."""
    if type(text) is not str or len(text) > LONGEST_PATH:
        raise ValueError("a path is not a text, or too long")
    name: object = json.loads(text)
    if type(name) is not str:
        raise ValueError("a path is not a text")
    return Path(name)
