from dataclasses import fields

import pytest
from hypothesis import given

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.recipe_diff import RecipeDifference, changed_words, recipe_differences
from sana_desktop.domain.sizes import Size
from support.recipes import APPLE, recipe, recipes


def test_equal_recipes_differ_in_nothing():
    assert recipe_differences(APPLE, recipe()) == ()


def test_the_differences_come_with_both_values():
    other = recipe(seed=8, steps=30, guidance=5.0, size=Size(512, 256), solver=Solver.FLOW_EULER, flow_shift=3.5)

    assert recipe_differences(APPLE, other) == (
        RecipeDifference("seed", "7", "8"),
        RecipeDifference("size", "256x256", "512x256"),
        RecipeDifference("steps", "20", "30"),
        RecipeDifference("guidance", "4.5", "5"),
        RecipeDifference("solver", "flow-dpm", "flow-euler"),
        RecipeDifference("flow_shift", "", "3.5"),
    )


def test_of_prompts_only_the_words_that_changed_are_named():
    assert recipe_differences(APPLE, recipe(prompt="a green apple on a blue background")) == (
        RecipeDifference("prompt", "red", "green"),
    )


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ("a fox", "a fox", ("", "")),
        ("a fox", "a red fox", ("", "red")),
        ("a a a", "a a", ("a", "")),
        ("", "fox", ("", "fox")),
        ("one two three", "four five", ("one two three", "four five")),
    ],
)
def test_words_between_what_both_begin_and_end_with(a: str, b: str, words: tuple[str, str]):
    assert changed_words(a, b) == words


def test_long_values_are_cut():
    (difference,) = recipe_differences(APPLE, recipe(prompt="x" * 1000))

    assert len(difference.after) == 60


@given(recipes, recipes)
def test_every_field_that_differs_is_named_once(a: Recipe, b: Recipe):
    names = [difference.field for difference in recipe_differences(a, b)]

    assert sorted(names) == sorted(
        field.name for field in fields(a) if getattr(a, field.name) != getattr(b, field.name)
    )
