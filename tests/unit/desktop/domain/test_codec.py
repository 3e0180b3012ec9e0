"""Recipes survive being written down, and nothing that is not a recipe becomes one."""

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.codec import VERSION, recipe_from_plain, recipe_to_plain
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import RecipeError
from support.recipes import APPLE, recipe, recipes


@given(recipes)
def test_a_recipe_comes_back_from_its_plain_form_even_through_json(original: Recipe) -> None:
    assert recipe_from_plain(json.loads(json.dumps(recipe_to_plain(original)))) == original


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_what_is_no_dictionary_is_refused(value: object) -> None:
    with pytest.raises(RecipeError, match="Expected a recipe, found"):
        recipe_from_plain(value)


@given(
    st.sampled_from(sorted(recipe_to_plain(APPLE))),
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.lists(st.integers()) | st.just(10**400),
)
def test_any_value_in_any_place_is_read_or_refused_with_a_recipe_error(key: str, value: object) -> None:
    plain = recipe_to_plain(APPLE) | {key: value}
    try:
        read = recipe_from_plain(plain)
    except RecipeError:
        return
    # What was accepted means the same when it is written again; a bool must not have passed for a number.
    assert recipe_to_plain(read) == plain
    assert not isinstance(value, bool)


def test_every_field_of_a_recipe_is_written() -> None:
    written = set(recipe_to_plain(APPLE)) - {"version", "width", "height"} | {"size"}
    assert written == {field.name for field in fields(Recipe)}


def test_a_newer_version_is_refused_with_advice_to_update() -> None:
    with pytest.raises(RecipeError, match=f"has version {VERSION + 1}") as caught:
        recipe_from_plain({"version": VERSION + 1, "anything": "else"})
    assert "newer" in caught.value.hint


@pytest.mark.parametrize("version", [0, -1, True, 1.0, "1", None])
def test_a_version_that_never_was_is_refused(version: object) -> None:
    with pytest.raises(RecipeError, match="version"):
        recipe_from_plain(recipe_to_plain(APPLE) | {"version": version})


def test_a_recipe_without_version_is_refused() -> None:
    with pytest.raises(RecipeError, match="version, found none"):
        recipe_from_plain({"prompt": "a red apple"})


@pytest.mark.parametrize("key", sorted(set(recipe_to_plain(APPLE)) - {"version"}))
def test_a_missing_entry_is_named(key: str) -> None:
    plain = recipe_to_plain(APPLE)
    del plain[key]
    with pytest.raises(RecipeError, match=f"lacks {key}"):
        recipe_from_plain(plain)


def test_a_recipe_of_version_1_means_what_it_meant() -> None:
    plain = recipe_to_plain(APPLE) | {"version": 1}
    del plain["emphasis"], plain["stop_after"], plain["guidance_interval"]
    assert recipe_from_plain(plain) == APPLE


def test_a_recipe_of_version_2_means_what_it_meant() -> None:
    plain = recipe_to_plain(APPLE) | {"version": 2}
    del plain["guidance_interval"]
    assert recipe_from_plain(plain) == APPLE


def test_unknown_entries_are_named_five_at_most() -> None:
    extra = {f"extra{number}": 1 for number in range(7)}
    with pytest.raises(RecipeError, match="extra0, extra1, extra2, extra3, extra4 and 2 more"):
        recipe_from_plain(recipe_to_plain(APPLE) | extra)


def test_an_unknown_choice_lists_the_known_ones() -> None:
    with pytest.raises(RecipeError, match="flow-dpm, flow-euler, sprint for “solver”, found “ddim”"):
        recipe_from_plain(recipe_to_plain(APPLE) | {"solver": "ddim"})


def test_whole_numbers_are_fine_where_a_number_is_expected() -> None:
    assert recipe_from_plain(recipe_to_plain(APPLE) | {"guidance": 5, "flow_shift": 3}) == recipe(
        guidance=5.0, flow_shift=3.0
    )


def test_values_are_checked_by_the_recipe_itself() -> None:
    with pytest.raises(RecipeError, match="Width 1000 is not a multiple of 32"):
        recipe_from_plain(recipe_to_plain(APPLE) | {"width": 1000})
