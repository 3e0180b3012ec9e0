from array import array

import numpy as np

from sana_desktop.gallery.stacks import Stacks


def stacks(**looks: int) -> Stacks:
    return Stacks(np.array([int(name[1:]) for name in looks], np.int64), np.array(list(looks.values()), np.int64))


MADE = stacks(p9=0, p4=1, p7=0b11111 << 50, p5=3, p2=0b1111111 << 30)


def test_of_every_stack_the_first_in_the_order_is_seen():
    stacked = MADE.stacked(array("q", [5, 7, 9, 3, 4, 2, 100]))
    assert list(stacked.pictures) == [5, 7, 3, 2, 100]
    assert stacked.sizes == {5: 3}


def test_only_what_was_found_counts():
    stacked = MADE.stacked(array("q", [4, 7]))
    assert (list(stacked.pictures), stacked.sizes) == ([4, 7], {})
    assert list(MADE.stacked(array("q")).pictures) == []


def test_a_stack_is_all_that_look_like_one_picture():
    assert np.flatnonzero(MADE.marks(4, 10)).tolist() == [4, 5, 9]
    assert np.flatnonzero(MADE.marks(4, 6)).tolist() == [4, 5]
    # Nobody knows how this one looks.
    assert np.flatnonzero(MADE.marks(8, 10)).tolist() == [8]
    assert not MADE.marks(99, 10).any()
