from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.gallery.order import Order

NUMBERS = st.lists(st.integers(0, 300), unique=True, max_size=60)


@given(NUMBERS, st.sets(st.integers(0, 400)), st.sets(st.integers(0, 400)))
def test_what_is_kept_is_what_sets_would_keep(numbers: list[int], one: set[int], other: set[int]):
    order = Order(numbers)
    both = order.marks(one) & ~order.marks(other)

    assert list(order.kept(both)) == [number for number in numbers if number in one - other]
    assert list(order.kept(order.everything)) == numbers


def test_pictures_that_came_later_are_passed_over_wherever_they_stand():
    order = Order([2, 0, 1])

    assert list(order.kept(order.marks([9, 0, 7, 2]))) == [2, 0]


def test_no_pictures_are_no_trouble():
    assert list(Order([]).kept(Order([]).marks([1]))) == []
