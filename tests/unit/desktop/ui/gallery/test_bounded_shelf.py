from sana_desktop.ui.gallery.bounded_shelf import BoundedShelf


def test_what_was_not_looked_at_for_longest_goes_first() -> None:
    shelf = BoundedShelf[str, int](3)
    for number, name in enumerate("abc"):
        shelf.put(name, number)
    assert shelf.get("a") == 0
    shelf.put("d", 3)
    assert [name for name in "abcd" if name in shelf] == ["a", "c", "d"]


def test_large_values_take_more_room_and_the_newest_stays_in_any_case() -> None:
    shelf = BoundedShelf[str, int](10)
    shelf.put("a", 1, 6)
    shelf.put("b", 2, 4)
    assert shelf.cost == 10
    shelf.put("b", 3, 2)
    assert (shelf.get("b"), shelf.cost) == (3, 8)
    shelf.put("huge", 4, 50)
    assert (len(shelf), shelf.get("huge")) == (1, 4)


def test_values_are_dropped_by_name_or_all_at_once() -> None:
    shelf = BoundedShelf[str, int](10)
    shelf.put("a", 1)
    shelf.drop("a")
    shelf.drop("never there")
    assert (shelf.get("a"), shelf.cost) == (None, 0)
    shelf.put("b", 1)
    shelf.clear()
    assert (len(shelf), shelf.cost) == (0, 0)
