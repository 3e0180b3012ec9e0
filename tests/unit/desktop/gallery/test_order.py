import json
from array import array

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.gallery.order import Numbers, Order, numbers_in

NUMBERS = st.lists(st.integers(0, 300), unique=True, max_size=60)


def numbers(*values: int) -> Numbers:
    return np.array(values, np.int64)


@given(NUMBERS, st.sets(st.integers(0, 400)), st.sets(st.integers(0, 400)))
def test_what_is_kept_is_what_sets_would_keep(ordered: list[int], one: set[int], other: set[int]):
    order = Order(numbers(*ordered))
    both = order.marks(numbers(*one)) & ~order.marks(numbers(*other))

    assert list(order.kept(both)) == [number for number in ordered if number in one - other]
    assert list(order.kept(order.everything)) == ordered


@given(st.lists(st.integers(0, 2**62)))
def test_numbers_are_read_as_json_reads_them(values: list[int]):
    assert list(numbers_in(json.dumps(values, separators=(",", ":")))) == values


def test_pictures_that_came_later_are_passed_over_wherever_they_stand():
    order = Order(numbers(2, 0, 1))

    assert list(order.kept(order.marks(numbers(9, 0, 7, 2)))) == [2, 0]


def test_no_pictures_are_no_trouble():
    nothing = Order.of(array("q"))

    assert list(nothing.kept(nothing.marks(numbers(1)))) == []
