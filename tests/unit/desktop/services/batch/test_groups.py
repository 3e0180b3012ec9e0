from sana_desktop.services.batch.groups import groups
from sana_desktop.services.batch.prompt_list import Item
from support.recipes import recipe


def item(index: int, **changes: object) -> Item:
    return Item(index, 1, recipe(**changes), "x")


def test_neighbours_with_seeds_that_count_up_are_drawn_together():
    items = [item(0, seed=1), item(1, seed=2), item(2, seed=3), item(3, seed=9), item(4, seed=10, prompt="other")]
    assert [[one.index for one in group] for group in groups(items, 2)] == [[0, 1], [2], [3], [4]]
    assert [[one.index for one in group] for group in groups(items, 8)] == [[0, 1, 2], [3], [4]]


def test_one_at_a_time_is_what_it_says():
    assert [len(group) for group in groups([item(0, seed=1), item(1, seed=2)], 1)] == [1, 1]
    assert list(groups([], 4)) == []
