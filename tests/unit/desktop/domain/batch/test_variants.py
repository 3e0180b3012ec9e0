import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.batch.variants import COUNT_LIMIT, Expander, holds_variants, parse_template
from sana_desktop.errors import PromptListError

FILES = {
    "colours": ("red", "green", "blue"),
    "animals": ("{big|small} cat", "dog"),
    "scene": ("a __colours__ __animals__",),
    "chicken": ("__egg__",),
    "egg": ("__chicken__",),
    "bomb": ("__bomb1____bomb1__",),
    **{f"bomb{level}": (f"__bomb{level + 1}__" * 4,) for level in range(1, 20)},
    "bomb20": ("x",),
}


def values(name: str) -> tuple[str, ...]:
    if name not in FILES:
        raise PromptListError(f"no wildcard {name}")
    return FILES[name]


def all_of(text: str) -> list[str]:
    expander, template = Expander(values), parse_template(text)
    return [expander.nth(template, number) for number in range(expander.count(template))]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("plain", ["plain"]),
        ("a {red|blue} {cat|dog}", ["a red cat", "a red dog", "a blue cat", "a blue dog"]),
        ("{a|b{1|2}}", ["a", "b1", "b2"]),
        ("{2$$a|b|c}", ["a, b", "a, c", "b, c"]),
        ("{2$$ and $$a|b|c}", ["a and b", "a and c", "b and c"]),
        ("{0-1$$a|b}", ["", "a", "b"]),
        ("{-1$$a|b}", ["", "a", "b"]),
        ("{2-$$a|b}", ["a, b"]),
        ("{5$$a|b}", ["a, b"]),
        ("__colours__ {x|}", ["red x", "red ", "green x", "green ", "blue x", "blue "]),
        ("__animals__", ["big cat", "small cat", "dog"]),
        ("{2$$__colours__}", ["red, green", "red, blue", "green, blue"]),
        ("{0.5::a|2::b}", ["a", "b"]),
        (r"\{a\|b\}", ["{a|b}"]),
        ("(cat:1.2) [dog] snake_case a|b", ["(cat:1.2) [dog] snake_case a|b"]),
        ("{}", [""]),
    ],
)
def test_a_template_stands_for_these_texts(text: str, texts: list[str]):
    assert all_of(text) == texts


def test_the_same_seed_picks_the_same_text_today_and_tomorrow():
    expander = Expander(values)
    template = parse_template("__scene__ on {2$$a hill|a roof|the moon}")

    picked = [expander.pick(template, seed) for seed in range(4)]

    assert picked == [expander.pick(template, seed) for seed in range(4)]
    # Recorded once: a change here changes the pictures of everybody's lists.
    assert picked == RECORDED


RECORDED = [
    "a blue small cat on the moon, a hill",
    "a blue dog on a roof, a hill",
    "a blue small cat on the moon, a hill",
    "a green small cat on a hill, the moon",
]


def test_weights_decide_how_often():
    expander, template = Expander(values), parse_template("{3::a|1::b|0::c}")
    found = Counter(expander.pick(template, seed) for seed in range(2000))
    assert found["c"] == 0
    assert 0.7 < found["a"] / 2000 < 0.8


def test_what_is_picked_is_among_what_is_counted():
    expander = Expander(values)
    for text in ("{1-2$$ & $$__colours__}", "{a|{b|c}} __scene__", "{0-3$$ & $$x|y}"):
        template = parse_template(text)
        # Picked at random, they also come in any order.
        every, picked = all_of(text), {expander.pick(template, seed) for seed in range(300)}
        assert {frozenset(one.split(" & ")) for one in picked} == {frozenset(one.split(" & ")) for one in every}


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("a {b", 3, "no closing"),
        ("a {b|{c}", 3, "no closing"),
        ("a b} c", 4, "no opening"),
        ("{3-2$$a|b}", 2, "smaller first"),
        ("{999$$a|b}", 2, "up to 100"),
        ("{0::a|0::b}", 1, "weight above 0"),
        ("{$$a|b}", 2, "number before"),
        ("{" * 31 + "}" * 31, 31, "more than 30 deep"),
    ],
)
def test_what_is_wrong_is_named_with_its_column(text: str, column: int, message: str):
    with pytest.raises(PromptListError, match=message) as caught:
        parse_template(text)
    assert caught.value.column == column


def test_wildcards_in_a_circle_are_found():
    expander, template = Expander(values), parse_template("a __egg__")
    for ask in (expander.count, lambda found: expander.pick(found, 1)):
        with pytest.raises(PromptListError, match="__egg__ -> __chicken__ -> __egg__"):
            ask(template)


def test_a_missing_wildcard_is_named_where_it_stands():
    expander = Expander(values)
    with pytest.raises(PromptListError, match="no wildcard nowhere") as caught:
        expander.count(parse_template("a __nowhere__"))
    assert caught.value.column == 3


def test_a_prompt_that_would_explode_is_stopped():
    expander = Expander(values)
    with pytest.raises(PromptListError, match="pieces"):
        expander.pick(parse_template("__bomb__"), 1)
    assert expander.count(parse_template("{a|b}" * 200)) == COUNT_LIMIT


@given(st.text(alphabet="{}|$:_-\\0123.ab ", max_size=40))
def test_any_text_is_understood_or_refused(text: str):
    expander = Expander(values)
    try:
        template = parse_template(text)
        count = expander.count(template)
        expander.pick(template, 7)
        if count:
            expander.nth(template, random.Random(1).randrange(count))
    except PromptListError as error:
        column = error.column
    else:
        column = 1
    assert 1 <= column <= len(text) + 1
    if not holds_variants(text) and "\\" not in text:
        assert "".join(map(str, parse_template(text))) == text
