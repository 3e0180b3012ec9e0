import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.batch.shorthands import MOST_NAMES, Names, column_as_written, with_axes
from sana_desktop.errors import PromptListError


def named(**texts: str) -> Names:
    names = Names()
    for name, text in texts.items():
        assert names.define(f"${name}={text}")
    return names


def test_names_stand_for_their_texts_also_in_later_names():
    names = named(ARTIST="Greg Rutkowski", STYLE="cinematic lighting")
    assert names.define("$BOTH = by $ARTIST, $STYLE")
    line, _ = names.replaced("a cat $BOTH --seed 123")
    assert line == "a cat by Greg Rutkowski, cinematic lighting --seed 123"


@pytest.mark.parametrize("line", ["costs $5", "$a=b", "a $FOO", "$FOO", "$=x"])
def test_in_a_list_without_names_a_dollar_is_a_dollar(line: str):
    names = Names()
    assert not names.define(line)
    assert names.replaced(line) == (line, [])


def test_a_name_that_nothing_has_is_named_with_the_nearest():
    with pytest.raises(PromptListError, match=r"\$STYEL") as caught:
        named(STYLE="soft").replaced("a cat, $STYEL")
    assert (caught.value.column, caught.value.hint) == (8, "Did you mean $STYLE?")


def test_names_that_double_each_other_end_somewhere():
    names = named(A0="x" * 1000)
    for number in range(1, 7):
        names.define(f"$A{number}=$A{number - 1}$A{number - 1}")
    with pytest.raises(PromptListError, match="letters"):
        names.define("$A7=$A6$A6")


def test_all_texts_together_are_bounded():
    names = named(**{f"A{number}": "x" * 90_000 for number in range(11)})
    with pytest.raises(PromptListError, match="letters"):
        names.define(f"$B={'y' * 90_000}")


def test_there_is_an_end_to_names():
    names = named(**{f"N{number}": "x" for number in range(MOST_NAMES)})
    assert names.define("$N0=y")
    with pytest.raises(PromptListError, match="names"):
        names.define("$M=y")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a cat --steps [20, 30, 50]", 'a cat --x "Steps: 20, 30, 50"'),
        ("a cat --cfg_scale [5..10 step 1]", 'a cat --x "CFG Scale: 5-10 (+1)"'),
        ("a cat --seed [1..3] --steps [9]", 'a cat --x "Seed: 1-3 (+1)" --y "Steps: 9"'),
        ("a [cat] in [a hat]", "a [cat] in [a hat]"),
        ("a --width [1, 2]", "a --width [1, 2]"),
    ],
)
def test_ranges_of_numbers_are_axes(line: str, expected: str):
    assert with_axes(line)[0] == expected


@pytest.mark.parametrize("line", ["a --steps []", "a --steps [1..]", "a --steps [1..2..3]"])
def test_what_is_no_range_is_named(line: str):
    with pytest.raises(PromptListError, match="is no range") as caught:
        with_axes(line)
    assert caught.value.column == 12


def test_a_line_has_three_sides():
    with pytest.raises(PromptListError, match="three"):
        with_axes("a" + " --steps [1, 2]" * 4)


@given(st.lists(st.sampled_from(["$A", "$LONG", "x", " yy "]), max_size=8))
def test_columns_are_those_of_the_line_as_it_was_written(pieces: list[str]):
    names = named(A="", LONG="a long text")
    written = "".join(piece + "|" for piece in pieces)
    line, places = names.replaced(written)
    found = [place for place, letter in enumerate(line, start=1) if letter == "|"]
    assert [column_as_written(place, places) for place in found] == [
        place for place, letter in enumerate(written, start=1) if letter == "|"
    ]
