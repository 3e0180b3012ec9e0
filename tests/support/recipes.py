"""Recipes for tests: one plain one to vary, and all that can exist."""

from dataclasses import replace

from hypothesis import strategies as st

from sana_desktop.domain.choices import Conditioning, Emphasis, Precision, Solver
from sana_desktop.domain.guidance_interval import GuidanceInterval
from sana_desktop.domain.recipe import LARGEST_FLOW_SHIFT, LARGEST_GUIDANCE, LARGEST_SEED, MOST_STEPS, Recipe
from sana_desktop.domain.sizes import LARGEST_SIDE, MULTIPLE, Size

APPLE = Recipe(
    prompt="a red apple on a blue background",
    size=Size(256, 256),
    steps=20,
    guidance=4.5,
    seed=7,
    solver=Solver.FLOW_DPM,
    pack="starter",
)


def recipe(**changes: object) -> Recipe:
    """The plain recipe with some values changed."""
    return replace(APPLE, **changes)  # pyright: ignore[reportArgumentType]


def _numbers(smallest: float, largest: float) -> st.SearchStrategy[float]:
    return st.floats(smallest, largest, allow_nan=False)


sides = st.integers(1, LARGEST_SIDE // MULTIPLE).map(lambda positions: positions * MULTIPLE)
sizes = st.builds(Size, sides, sides)
# Surrogates are halves of characters, which a recipe refuses.
texts = st.text(st.characters(exclude_categories=["Cs"]))
intervals = (
    st.lists(_numbers(0.0, 1.0), min_size=2, max_size=2, unique=True)
    .map(sorted)
    .map(lambda ends: GuidanceInterval(*ends))
)
_whole_recipes = st.builds(
    Recipe,
    prompt=texts,
    negative=texts,
    size=sizes,
    steps=st.integers(1, MOST_STEPS),
    guidance=_numbers(0.0, LARGEST_GUIDANCE),
    seed=st.integers(0, LARGEST_SEED),
    solver=st.sampled_from(Solver),
    pack=texts,
    precision=st.sampled_from(Precision),
    conditioning=st.sampled_from(Conditioning),
    flow_shift=st.none() | _numbers(0.01, LARGEST_FLOW_SHIFT),
    latents_sha256=st.none() | st.text("0123456789abcdef", min_size=64, max_size=64),
    emphasis=st.sampled_from(Emphasis),
    guidance_interval=st.none() | intervals,
)
recipes = st.builds(Recipe.stopped_after, _whole_recipes, st.integers(1, MOST_STEPS))
