import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.ui.basics.row_changes import (
    MOST_RUNS,
    Arranged,
    Change,
    Inserted,
    Removed,
    Replaced,
    row_changes,
)

rows = st.lists(st.integers(0, 30), unique=True)


def made(old: list[int], changes: list[Change]) -> list[int]:
    """The rows after the changes."""
    now = list(old)
    for change in changes:
        match change:
            case Removed(first=first, count=count):
                del now[first : first + count]
            case Arranged(rows=new):
                assert sorted(now) == sorted(new)
                now = list(new)
            case Inserted(first=first, rows=new):
                now[first:first] = new
            case Replaced(rows=new):
                now = list(new)
    return now


@given(rows, rows)
def test_the_changes_lead_from_one_list_to_the_other(old: list[int], new: list[int]):
    assert made(old, row_changes(old, new)) == new


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ([1, 2], [1, 2], []),
        ([1, 2], [1, 2, 3, 4], [Inserted(2, (3, 4))]),
        ([1, 2, 3], [1], [Removed(1, 2)]),
        ([1, 2, 3], [2, 3, 1], [Arranged((2, 3, 1))]),
        ([1, 2, 3, 4, 5], [1, 6, 4], [Removed(4, 1), Removed(1, 2), Inserted(1, (6,))]),
    ],
)
def test_no_more_changes_than_needed(old: list[int], new: list[int], changes: list[Change]):
    assert row_changes(old, new) == changes


def test_a_wild_change_replaces_everything():
    old = list(range(4 * MOST_RUNS))
    assert row_changes(old, old[::2]) == [Replaced(tuple(old[::2]))]
