from dataclasses import fields

from sana_desktop.domain.recipe import Recipe
from sana_desktop.ui.canvas.difference_words import difference_words, field_name
from support.recipes import recipe


def test_what_is_different_is_named_with_both_values(qapp: object) -> None:
    one, other = recipe(prompt="a red fox", seed=1), recipe(prompt="a blue fox", seed=2)
    assert difference_words(one, other) == "A → B: prompt red → blue, seed 1 → 2"
    assert difference_words(recipe(negative=""), recipe(negative="blur")) == "A → B: negative prompt nothing → blur"


def test_every_field_of_a_recipe_has_a_name(qapp: object) -> None:
    assert all(field_name(field.name) for field in fields(Recipe))


def test_equal_recipes_and_unknown_ones_are_told_apart(qapp: object) -> None:
    assert difference_words(recipe(), recipe()) == "A → B: drawn from equal recipes"
    assert "not known" in difference_words(recipe(), None)
