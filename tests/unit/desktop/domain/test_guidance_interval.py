"""Guidance intervals: two noise levels, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.guidance_interval import GuidanceInterval
from sana_desktop.errors import RecipeError
from support.recipes import intervals


@given(intervals)
def test_an_interval_comes_back_from_its_text(interval: GuidanceInterval) -> None:
    assert GuidanceInterval.parse(str(interval)) == interval


@pytest.mark.parametrize(
    "ends", [(0.5, 0.5), (0.8, 0.2), (-0.1, 0.5), (0.5, 1.1), (float("nan"), 1.0), (0.0, float("inf"))]
)
def test_levels_that_do_not_rise_between_0_and_1_are_refused(ends: tuple[float, float]) -> None:
    with pytest.raises(RecipeError, match="two rising noise levels"):
        GuidanceInterval(*ends)


@given(st.text())
def test_any_text_is_read_or_refused_with_a_recipe_error(text: str) -> None:
    try:
        interval = GuidanceInterval.parse(text)
    except RecipeError:
        return
    assert 0 <= interval.low < interval.high <= 1


@pytest.mark.parametrize("text", ["", "0.5", "0.2-0.8", "a:b", "0.2:", ":0.8", "0.1:0.2:0.3"])
def test_what_is_no_interval_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RecipeError) as caught:
        GuidanceInterval.parse(text)
    assert "0.2:0.9" in caught.value.hint


def test_the_upper_end_belongs_to_it_and_the_lower_does_not() -> None:
    interval = GuidanceInterval(0.2, 0.8)
    assert [level in interval for level in (0.1, 0.2, 0.20001, 0.8, 0.80001)] == [False, False, True, True, False]
