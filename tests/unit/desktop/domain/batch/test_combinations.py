from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.batch.combinations import combination_count, nth_combination
from sana_desktop.errors import PromptListError

KINDS = st.lists(st.integers(0, 3), max_size=5)


@given(KINDS, st.integers(0, 4))
def test_every_way_is_counted_and_found_once(kinds: list[int], size: int):
    expected = [
        list(zip(things, chosen, strict=True))
        for things in combinations(range(len(kinds)), size)
        for chosen in product(*(range(kinds[thing]) for thing in things))
    ]

    count = combination_count(kinds, size)

    assert count == len(expected)
    assert sorted(nth_combination(kinds, size, number) for number in range(count)) == sorted(expected)


def test_there_is_nothing_behind_the_last():
    with pytest.raises(IndexError):
        nth_combination([1, 1], 1, 2)


def test_too_much_work_is_refused():
    with pytest.raises(PromptListError, match="too much"):
        combination_count([1] * 200_000, 50)
