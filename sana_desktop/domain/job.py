"""What a job draws, and the states that it goes through."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.recipe import LARGEST_SEED, Recipe
from sana_desktop.errors import BugError, RecipeError

MOST_PICTURES = 10_000
LARGEST_BATCH = 64


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to the job."""
        return not NEXT_STATES[self]


NEXT_STATES: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED}),
    # Back to waiting: the program ends while the job runs, and goes on with it at its next start.
    JobState.RUNNING: frozenset({JobState.FINISHED, JobState.FAILED, JobState.CANCELLED, JobState.QUEUED}),
    JobState.FINISHED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}


def next_state(now: JobState, wanted: JobState) -> JobState:
    """Return `wanted` if a job may go there from `now`; raises `BugError` otherwise."""
    if wanted not in NEXT_STATES[now]:
        raise BugError(f"A job that is {now} cannot become {wanted}.")
    return wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`count` pictures of one recipe with the seeds seed, seed + 1, ..., drawn `batch` at a time.

    `latents` names a .npy file with the starting noise of all of them. With `others` it is one batch: `recipe` and
    these, which may have other words and any seeds (see `together`). Raises `RecipeError` for numbers that cannot be
    drawn, and for noise from a file that would give the same picture several times.
    """

    recipe: Recipe
    count: int = 1
    batch: int = 1
    latents: Path | None = None
    others: tuple[Recipe, ...] = ()

    @classmethod
    def together(cls, recipes: Sequence[Recipe]) -> "Order":
        """One batch of recipes that differ in their words and seeds at most."""
        return cls(recipe=recipes[0], count=len(recipes), batch=len(recipes), others=tuple(recipes[1:]))

    def __post_init__(self) -> None:
        _check_range("Count", self.count, MOST_PICTURES)
        _check_range("Batch", self.batch, LARGEST_BATCH)
        if self.others:
            if self.count != 1 + len(self.others) or self.batch != self.count or self.latents is not None:
                raise BugError("An order of several recipes is one batch of them all.")
            if any(other.batch_key != self.recipe.batch_key for other in self.others):
                raise BugError("The recipes of a batch may differ in their words and seeds only.")
            return
        if self.recipe.seed + self.count - 1 > LARGEST_SEED:
            raise RecipeError(
                f"The last of {self.count} seeds from {self.recipe.seed} would be above {LARGEST_SEED}.",
                hint="Choose a smaller seed or fewer pictures.",
            )
        # Sprint draws fresh noise from the seed in every step; the other solvers use no other noise.
        if self.latents is not None and self.count > 1 and self.recipe.solver is not Solver.SPRINT:
            raise RecipeError(
                f"Noise from a file gives one picture, not {self.count}: every seed would draw the same.",
                hint="Ask for one picture, or leave the latents file out.",
            )

    def rounds(self, done: int = 0) -> Iterator[tuple[Recipe, ...]]:
        """The recipes of all pictures in order, cut into batches, without those batches that are `done`.

        A batch of which only some pictures are among the first `done` comes whole: unfinished work is kept
        for batches, and on some devices a picture drawn alone differs in its last bits.
        """
        for first in range(0, self.count, self.batch):
            end = min(first + self.batch, self.count)
            if done < end:
                yield tuple(self.recipe_at(place) for place in range(first, end))

    def recipe_at(self, place: int) -> Recipe:
        """The recipe of the picture at `place`, counted from 0."""
        if self.others:
            return self.others[place - 1] if place else self.recipe
        return self.recipe.with_seed(self.recipe.seed + place)

    def without(self, done: int) -> "Order":
        """What is left of it when the first `done` pictures exist, which is at least one."""
        if self.others:
            return Order.together([self.recipe, *self.others][done:])
        return replace(self, recipe=self.recipe_at(done), count=self.count - done)


def _check_range(name: str, value: int, largest: int) -> None:
    if not 1 <= value <= largest:
        raise RecipeError(f"{name} {value} is not between 1 and {largest}.")
