from sana_desktop.domain.sizes import Size
from sana_desktop.services.batch.groups import MOST_AHEAD, Group, groups
from sana_desktop.services.batch.prompt_list import Item
from support.recipes import recipe

WIDE = Size(64, 32)


def item(index: int, **changes: object) -> Item:
    return Item(index, 1, recipe(**{"seed": index, "prompt": f"fox {index}", **changes}), "x")


def cut(items: list[Item], most: int, done: tuple[int, ...] = ()) -> list[Group]:
    return list(groups(items, lambda item: item.index in done, most))


def indices(found: list[Group]) -> list[list[int]]:
    return [[one.index for one in group.items] for group in found]


def test_pictures_with_other_words_and_seeds_are_drawn_together():
    found = cut([item(0), item(1), item(2, seed=99), item(3, negative="no"), item(4)], 2)
    assert indices(found) == [[0, 1], [2, 3], [4]]


def test_pictures_of_another_size_or_kind_are_drawn_apart_wherever_they_stand():
    items = [item(0), item(1, size=WIDE), item(2), item(3, size=WIDE), item(4, steps=3), item(5)]
    assert indices(cut(items, 8)) == [[0, 2, 5], [1, 3], [4]]


def test_a_pack_is_loaded_once_for_all_its_pictures_of_a_stretch():
    items = [item(0, pack="a"), item(1, pack="b"), item(2, pack="a", size=WIDE), item(3, pack="b")]
    assert indices(cut(items, 8)) == [[0], [2], [1, 3]]


def test_one_at_a_time_goes_in_the_order_of_the_list():
    items = [item(0), item(1, size=WIDE), item(2)]
    assert indices(cut(items, 1)) == [[0], [1], [2]]
    assert cut([], 4) == []


def test_a_batch_that_was_interrupted_while_it_was_saved_stays_whole():
    found = cut([item(index) for index in range(6)], 3, done=(0, 1, 2, 3, 4))
    assert (indices(found), found[0].done) == ([[3, 4, 5]], 2)


def test_of_a_batch_with_holes_only_what_is_missing_is_drawn():
    found = cut([item(index) for index in range(6)], 3, done=(1, 5))
    assert [(one.done, [item.index for item in one.items]) for one in found] == [(0, [0, 2]), (0, [3, 4])]


def test_of_a_batch_with_a_picture_that_was_given_up_only_what_is_missing_is_drawn():
    items = [item(index) for index in range(3)]
    found = list(groups(items, lambda item: item.index < 2, 3, lambda item: item.index == 2))
    assert [(one.done, [item.index for item in one.items]) for one in found] == [(0, [2])]


def test_words_are_read_before_the_first_group_of_every_pack():
    items = [item(0, pack="a"), item(1, pack="b"), item(2, pack="a"), item(3, pack="a")]
    first, second, third = cut(items, 2)
    assert first.ahead == (first.recipes, second.recipes)
    assert second.ahead == ()
    assert third.ahead == (third.recipes,)
    # One group reads its own words as well as anybody.
    assert cut(items[:1], 2)[0].ahead == ()


def test_a_long_list_is_looked_over_a_stretch_at_a_time():
    asked: list[int] = []

    def stream():
        for index in range(10 * MOST_AHEAD):
            asked.append(index)
            yield item(index)

    first = next(groups(stream(), lambda item: False, 4))
    assert len(asked) == MOST_AHEAD
    assert len(first.ahead) == MOST_AHEAD // 4
