import pytest

from sana_desktop.gallery.readers.carried import LARGEST_TEXT
from sana_desktop.gallery.readers.json_values import (
    MOST_PAIRS,
    as_list,
    as_number,
    as_object,
    as_size,
    as_text,
    as_whole,
    other_pairs,
    parsed_object,
)


@pytest.mark.parametrize("text", ["", "null", "[1]", "{", '{"a":' * 10_000, '{"a": ' + "9" * 10_000 + "}", " " * 9])
def test_anything_but_an_object_is_none(text: str):
    assert parsed_object(text) is None


def test_objects_are_read_up_to_a_size():
    assert parsed_object(' {"a": 1}') == {"a": 1}
    assert parsed_object('{"a": "' + "x" * LARGEST_TEXT + '"}') is None


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (20, 20), ("20", 20), (20.0, 20), ("20.0", 20), (2**63 - 1, 2**63 - 1), (str(2**63 - 1), 2**63 - 1),
        (20.5, None), (True, None), ("x", None), (None, None), (float("nan"), None), ("9" * 41, None), (10**400, None),
    ],
)  # fmt: skip
def test_whole_numbers_may_be_written_in_many_ways(value: object, whole: int | None):
    assert as_whole(value) == whole


def test_numbers_are_finite():
    assert as_number("4.5") == 4.5
    assert as_number("inf") is None
    assert as_number([]) is None


def test_texts_may_be_numbers():
    assert [as_text(value) for value in ("a", 4.5, 7, True, None, [], float("nan"), 10**100)] == [
        "a", "4.5", "7", "", "", "", "", "",
    ]  # fmt: skip


def test_other_shapes_are_empty():
    assert as_object([]) == {}
    assert as_list({}) == []
    assert as_size(0, 4) is None
    assert as_size("512", 768.0) == (512, 768)


def test_pairs_that_are_left_over_are_bounded():
    data = {"used": 1, "yes": True, "inner": {}, "long": "x" * 10_000} | {f"n{number}": number for number in range(500)}

    pairs = other_pairs(data, {"used"})

    assert pairs[0] == ("yes", "yes")
    assert len(pairs[1][1]) == 2000
    assert len(pairs) == MOST_PAIRS
