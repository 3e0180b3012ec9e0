"""A recipe that exists can be drawn."""

import math
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.choices import Emphasis
from sana_desktop.domain.recipe import LARGEST_SEED, LONGEST_PROMPT, MOST_STEPS, Recipe
from sana_desktop.errors import RecipeError
from support.recipes import APPLE, recipe, recipes


@given(recipes, st.integers(0, LARGEST_SEED))
def test_with_seed_changes_the_seed_and_nothing_else(original: Recipe, seed: int) -> None:
    changed = original.with_seed(seed)
    assert changed.seed == seed
    assert changed.with_seed(original.seed) == original


def test_a_recipe_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        APPLE.seed = 8  # pyright: ignore[reportAttributeAccessIssue]


def test_an_empty_prompt_is_allowed() -> None:
    assert recipe(prompt="").prompt == ""


@pytest.mark.parametrize("steps", [0, -1, MOST_STEPS + 1])
def test_impossible_steps_are_refused_with_both_limits(steps: int) -> None:
    with pytest.raises(RecipeError, match=f"Steps {steps} is not between 1 and {MOST_STEPS}") as caught:
        recipe(steps=steps)
    assert caught.value.hint


@pytest.mark.parametrize("step", [0, -1, 20, 21])
def test_a_picture_cannot_stop_before_its_first_step_or_after_its_last(step: int) -> None:
    with pytest.raises(RecipeError, match=f"Stop after step {step} is not between 1 and 19"):
        recipe(steps=20, stop_after=step)


def test_a_picture_that_stopped_after_all_its_steps_is_a_whole_one() -> None:
    assert APPLE.stopped_after(APPLE.steps) == APPLE
    assert APPLE.stopped_after(5) == recipe(stop_after=5)


@pytest.mark.parametrize("seed", [-1, LARGEST_SEED + 1])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(RecipeError, match=f"Seed {seed} is not between 0 and {LARGEST_SEED}"):
        recipe(seed=seed)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.1, 100.1])
def test_guidance_must_be_a_number_in_range(value: float) -> None:
    with pytest.raises(RecipeError, match="Guidance .* is not between 0 and 100"):
        recipe(guidance=value)


@pytest.mark.parametrize("value", [math.nan, math.inf, 0.0, -1.0, 100.1])
def test_flow_shift_must_be_positive_and_in_range(value: float) -> None:
    with pytest.raises(RecipeError, match="Flow shift .* is not between"):
        recipe(flow_shift=value)


@pytest.mark.parametrize("name", ["prompt", "negative"])
def test_a_text_without_end_is_refused(name: str) -> None:
    assert recipe(**{name: "a" * LONGEST_PROMPT})
    with pytest.raises(RecipeError, match=f"{LONGEST_PROMPT + 1} characters"):
        recipe(**{name: "a" * (LONGEST_PROMPT + 1)})


@pytest.mark.parametrize("name", ["prompt", "negative"])
def test_half_a_character_is_refused_and_a_whole_emoji_is_not(name: str) -> None:
    assert recipe(**{name: "\N{RED APPLE}"})
    with pytest.raises(RecipeError, match="half a character"):
        recipe(**{name: "\ud83c"})


@pytest.mark.parametrize("digest", ["", "../../etc", "A" * 64, "0" * 63])
def test_a_hash_of_latents_is_64_small_hexadecimal_digits(digest: str) -> None:
    with pytest.raises(RecipeError, match="64 hexadecimal digits"):
        recipe(latents_sha256=digest)


def test_words_and_seed_are_all_that_pictures_of_a_batch_may_differ_in():
    one = recipe(seed=1)
    assert one.batch_key == recipe(seed=2, prompt="other", negative="no", emphasis=Emphasis.WEIGHTED).batch_key
    assert one.batch_key != recipe(guidance=2.25).batch_key
    assert one.words == recipe(seed=2).words != recipe(prompt="other").words
