"""What differs between two recipes, in the few words that fit under two pictures."""

from dataclasses import dataclass

from sana_desktop.domain.recipe import Recipe

LONGEST_VALUE = 60

_FIELDS = (
    "prompt", "negative", "seed", "size", "steps", "stop_after", "guidance", "guidance_interval", "solver", "pack",
    "flow_shift", "precision", "conditioning", "emphasis", "latents_sha256",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecipeDifference:
    """One field of `Recipe` by its name, with both values as text; of prompts, only the words that changed.

    An empty text stands for nothing: a word that was added or left out, a value that was not set.
    """

    field: str
    before: str
    after: str


def recipe_differences(a: Recipe, b: Recipe) -> tuple[RecipeDifference, ...]:
    """Everything in which `b` is not `a`, what an artist changes most first; empty for equal recipes."""
    found: list[RecipeDifference] = []
    for field in _FIELDS:
        before, after = getattr(a, field), getattr(b, field)
        if before == after:
            continue
        if field in ("prompt", "negative"):
            before, after = changed_words(before, after)
        found.append(RecipeDifference(field, _shown(before), _shown(after)))
    return tuple(found)


def changed_words(a: str, b: str) -> tuple[str, str]:
    """The words between the common beginning and the common end of two texts."""
    one, other = a.split(), b.split()
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return " ".join(one[start : len(one) - end]), " ".join(other[start : len(other) - end])


def _shown(value: object) -> str:
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
