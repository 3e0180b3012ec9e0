from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.errors import KnownError
from sana_desktop.gallery.search import (
    LONGEST_QUERY,
    MOST_PARTS,
    DateFilter,
    Field,
    NumberFilter,
    Search,
    SizeFilter,
    TextFilter,
    Trait,
    TraitFilter,
    Words,
    parse_search,
    search_to_text,
)

TODAY = date(2026, 11, 24)

plain = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
letters = st.characters(categories=["L", "N", "P", "S"], exclude_characters='"')
phrases = st.lists(st.text(letters, min_size=1), min_size=1, max_size=3).map(" ".join)
flags = st.booleans()
signs = st.sampled_from(["=", "<", "<=", ">", ">="])
parts = st.one_of(
    st.builds(Words, plain, st.just(False), flags),
    st.builds(Words, phrases, st.just(True), flags),
    st.builds(TextFilter, st.sampled_from([Field.PACK, Field.TAG, Field.ALBUM, Field.NEGATIVE]), phrases, flags),
    st.builds(NumberFilter, st.just(Field.SEED), signs, st.integers(0, 2**63 - 1), flags),
    st.builds(NumberFilter, st.just(Field.RATING), signs, st.integers(0, 5), flags),
    st.builds(SizeFilter, signs, st.integers(0, 999_999), st.none() | st.integers(0, 999_999), flags),
    st.builds(DateFilter, st.sampled_from([Field.AFTER, Field.BEFORE]), st.dates(date(1000, 1, 1)), flags),
    st.builds(TraitFilter, st.sampled_from(Trait), flags),
)


@given(st.lists(parts, max_size=6).map(lambda made: Search(tuple(made))))
def test_what_is_written_is_read_again(search: Search):
    assert parse_search(search_to_text(search), TODAY) == search


@given(st.text(max_size=300) | st.lists(st.sampled_from([*'":->=x2 ', "tag:", "after:", "size:", "a"])).map("".join))
def test_anything_typed_is_a_search_or_an_error_for_people(text: str):
    try:
        search = parse_search(text, TODAY)
    except KnownError:
        return
    assert parse_search(search_to_text(search), TODAY) == search


def test_every_kind_of_part_is_understood():
    found = parse_search(
        'red -night "blue sky" pack:starter size:>=1024x768 seed:42 rating:>3 tag:"my best" is:favorite'
    )
    assert found.parts == (
        Words("red"),
        Words("night", exclude=True),
        Words("blue sky", whole=True),
        TextFilter(Field.PACK, "starter"),
        SizeFilter(">=", 1024, 768),
        NumberFilter(Field.SEED, "=", 42),
        NumberFilter(Field.RATING, ">", 3),
        TextFilter(Field.TAG, "my best"),
        TraitFilter(Trait.FAVOURITE),
    )


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("2026-2", date(2026, 2, 1)),
        ("2025", date(2025, 1, 1)),
        ("today", TODAY),
        ("Yesterday", date(2026, 11, 23)),
    ],
)
def test_days_may_be_written_in_several_ways(typed: str, day: date):
    assert parse_search(f"after:{typed} -before:{typed}", TODAY).parts == (
        DateFilter(Field.AFTER, day),
        DateFilter(Field.BEFORE, day, exclude=True),
    )


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("after:soon", "after: expects a date such as 2026-11-24, found “soon”."),
        ("before:2026-13-01", "before: expects a date such as 2026-11-24, found “2026-13-01”."),
        ("rating:9", "rating: expects 0 to 5"),
        ("rating:", "rating: expects 0 to 5, perhaps with a sign, such as >3, found nothing."),
        ("seed:-1", "seed: expects a number such as 42, found “-1”."),
        ("seed:9999999999999999999", "seed: expects"),
        ("size:big", "size: expects pixels such as 1024x768"),
        ("is:good", "is: expects one of favourite, unrated, untagged, missing, found “good”."),
        ("x" * (LONGEST_QUERY + 1), "at most 2000 characters"),
        ("a " * (MOST_PARTS + 1), "at most 100 parts"),
    ],
)
def test_what_is_not_understood_is_told(typed: str, told: str):
    with pytest.raises(KnownError) as caught:
        parse_search(typed, TODAY)
    assert told in str(caught.value)


def test_a_name_that_is_almost_right_is_asked_about_and_a_strange_one_is_a_word():
    with pytest.raises(KnownError) as caught:
        parse_search("ratng:3")
    assert caught.value.hint == "Did you mean rating: ?"
    assert parse_search("http://a.b style: 16:9").parts == (Words("http://a.b"), Words("style:"), Words("16:9"))


def test_a_quote_that_is_still_being_typed_ends_in_a_beginning():
    assert parse_search('"red fo').parts == (Words("red fo"),)


def test_only_a_search_for_missing_ones_wants_them():
    assert parse_search("fox is:missing").wants_missing
    assert not parse_search("fox -is:missing").wants_missing


def test_only_a_search_for_what_looks_alike_opens_a_stack():
    assert parse_search("like:7 fox").opens_stack
    assert search_to_text(parse_search("-like:7")) == "-like:7"
    assert not parse_search("fox").opens_stack
    with pytest.raises(KnownError, match="like: expects the number of a picture"):
        parse_search("like:fox")
