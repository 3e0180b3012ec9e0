from collections.abc import Callable
from enum import StrEnum

import pytest

from sana_desktop.errors import PackError
from sana_desktop.system.strict_table import LONGEST_TEXT, StrictTable


class Fruit(StrEnum):
    APPLE = "apple"
    PEAR = "pear"


def table(**values: object) -> StrictTable:
    return StrictTable(values, "a.toml")


def test_every_kind_of_value_is_read():
    values = table(
        text="a", whole=3, number=2, flag=False, choice="pear", choices=["pear", "apple"], texts=["x"], wholes=[1, 2]
    )
    assert values.text("text") == "a"
    assert values.whole("whole", 0, 3) == 3
    assert values.number("number", 0, 3) == 2.0
    assert values.flag("flag") is False
    assert values.choice("choice", Fruit) is Fruit.PEAR
    assert values.choices("choices", Fruit) == (Fruit.PEAR, Fruit.APPLE)
    assert values.texts("texts") == ("x",)
    assert values.wholes("wholes", 0, 2) == (1, 2)
    values.finish()


def test_a_missing_key_takes_its_default_or_is_named():
    empty = table()
    assert empty.text("a", "") == ""
    assert empty.whole("b", 0, 9, 4) == 4
    assert empty.number("c", 0, 9, 1.5) == 1.5
    assert empty.flag("d", True) is True
    assert empty.choice("e", Fruit, Fruit.APPLE) is Fruit.APPLE
    assert empty.texts("f") == ()
    with pytest.raises(PackError, match="a.toml: “steps” is missing"):
        empty.whole("steps", 1, 2)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (1, lambda t: t.text("key")),
        ("", lambda t: t.text("key")),
        ("x" * (LONGEST_TEXT + 1), lambda t: t.text("key", "")),
        (True, lambda t: t.whole("key", 0, 9)),
        (1.0, lambda t: t.whole("key", 0, 9)),
        (10, lambda t: t.whole("key", 0, 9)),
        (True, lambda t: t.number("key", 0, 9)),
        ("1", lambda t: t.number("key", 0, 9)),
        (float("nan"), lambda t: t.number("key", 0, 9)),
        (float("inf"), lambda t: t.number("key", 0, 9)),
        (-0.1, lambda t: t.number("key", 0, 9)),
        (1, lambda t: t.flag("key")),
        ("plum", lambda t: t.choice("key", Fruit)),
        (["apple"], lambda t: t.choice("key", Fruit)),
        ([], lambda t: t.choices("key", Fruit)),
        (["apple", "apple"], lambda t: t.choices("key", Fruit)),
        ("apple", lambda t: t.choices("key", Fruit)),
        ([1], lambda t: t.texts("key")),
        ([True], lambda t: t.wholes("key", 0, 9)),
        ([10], lambda t: t.wholes("key", 0, 9)),
        (1, lambda t: t.table("key")),
        ([1], lambda t: list(t.tables("key"))),
        ({"a": 1}, lambda t: list(t.named_tables("key"))),
    ],
)
def test_a_wrong_value_says_what_was_expected_and_found(value: object, read: Callable[[StrictTable], object]):
    with pytest.raises(PackError, match="“.*” must be .*, found "):
        read(table(key=value))


def test_a_long_wrong_value_is_not_repeated_in_full():
    with pytest.raises(PackError) as caught:
        table(key="x" * 100_000).whole("key", 0, 1)
    assert len(str(caught.value)) < 200


def test_a_key_that_nobody_asked_for_is_refused_with_the_nearest_known_one():
    values = table(step=20)
    values.whole("steps", 0, 99, 1)
    with pytest.raises(PackError, match="“step” is not a known key") as caught:
        values.finish()
    assert caught.value.hint == "Did you mean “steps”?"


def test_a_key_like_no_other_is_refused_with_all_known_ones():
    values = table(zzz=1)
    values.has("steps")
    with pytest.raises(PackError) as caught:
        values.finish()
    assert caught.value.hint == "Known: steps."


def test_a_harmless_value_may_stay_unread():
    table(new_switch=False).finish(harmless=(False,))
    with pytest.raises(PackError):
        table(new_switch=True).finish(harmless=(False,))


def test_a_misspelt_choice_is_answered_with_the_nearest():
    with pytest.raises(PackError) as caught:
        table(key="appel").choice("key", Fruit)
    assert caught.value.hint == "Did you mean “apple”?"


def test_tables_inside_say_where_they_are():
    values = table(inner={}, rows=[{}], named={"first": {}})
    for inner, where in (
        (values.table("inner"), "a.toml, [inner]"),
        (next(values.tables("rows")), "a.toml, [[rows]] 1"),
        (next(values.named_tables("named"))[1], "a.toml, [named.first]"),
        (values.table("absent"), "a.toml, [absent]"),
    ):
        assert inner.where == where
