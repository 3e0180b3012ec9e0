"""Sizes are multiples of 32, and whoever asks for another one hears which are near."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.sizes import LARGEST_SIDE, MULTIPLE, Size, nearest_sides
from sana_desktop.errors import RecipeError
from support.recipes import sizes


@given(sizes)
def test_a_size_is_read_back_from_its_text(size: Size) -> None:
    assert Size.parse(str(size)) == size


@given(sizes)
def test_latents_have_one_position_per_32_pixels(size: Size) -> None:
    assert (size.latent_width * 32, size.latent_height * 32) == (size.width, size.height)


@given(st.integers(-10, 20_000))
def test_the_nearest_sides_are_allowed_and_none_lies_closer(side: int) -> None:
    nearest = nearest_sides(side)
    allowed = range(MULTIPLE, LARGEST_SIDE + 1, MULTIPLE)
    assert set(nearest) <= set(allowed)
    assert min(abs(side - other) for other in nearest) == min(abs(side - other) for other in allowed)


@pytest.mark.parametrize("text", ["1024x768", "1024X768", "1024*768", "1024×768", " 1024 x 768 "])
def test_people_write_sizes_in_many_ways(text: str) -> None:
    assert Size.parse(text) == Size(1024, 768)


@pytest.mark.parametrize("text", ["", "1024", "x", "axb", "1024x", "-32x32", "1024x768x3", "1e3x32", "9" * 50 + "x32"])
def test_a_text_that_is_no_size_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RecipeError, match="was not understood") as caught:
        Size.parse(text)
    assert "1024x768" in caught.value.hint


def test_a_side_between_two_multiples_names_both_neighbours() -> None:
    with pytest.raises(RecipeError, match=r"Width 1000 is not a multiple of 32\. Nearest: 992 or 1024\."):
        Size(1000, 1024)
    with pytest.raises(RecipeError, match=r"Height 33 is not a multiple of 32\. Nearest: 32 or 64\."):
        Size(1024, 33)


@pytest.mark.parametrize(("side", "nearest"), [(0, 32), (-64, 32), (31, 32), (8224, 8192), (99_999, 8192)])
def test_a_side_out_of_range_names_the_end_of_the_range(side: int, nearest: int) -> None:
    with pytest.raises(RecipeError, match=f"Nearest: {nearest}"):
        Size(side, 32)
