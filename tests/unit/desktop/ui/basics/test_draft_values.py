import math

import pytest

from sana_desktop.ui.basics.draft_values import flag_in, number_in, text_in, texts_in, whole_in


def test_values_of_the_right_kind_and_range_are_taken():
    draft = {"a": "fox", "b": 3, "c": 2.5, "d": True}

    assert text_in(draft, "a") == "fox"
    assert whole_in(draft, "b", 1, 3) == 3
    assert number_in(draft, "b", 0.0, 10.0) == 3.0
    assert number_in(draft, "c", 2.5, 10.0) == 2.5
    assert flag_in(draft, "d") is True


@pytest.mark.parametrize("value", [None, [], {}, b"x", math.nan, math.inf, 10**400, -(10**400), object()])
def test_anything_else_is_nothing(value: object):
    draft = {"x": value}

    assert text_in(draft, "x") is None
    assert whole_in(draft, "x", 0, 100) is None
    assert number_in(draft, "x", 0.0, 100.0) is None
    assert flag_in(draft, "x") is None


def test_kinds_are_not_mixed_up():
    assert whole_in({"x": True}, "x", 0, 5) is None
    assert number_in({"x": True}, "x", 0.0, 5.0) is None
    assert whole_in({"x": 3.0}, "x", 0, 5) is None
    assert flag_in({"x": 1}, "x") is None
    assert text_in({"x": 1}, "x") is None


def test_what_is_not_there_is_nothing():
    assert text_in({}, "x") is None
    assert flag_in({}, "x") is None


def test_half_a_character_is_left_out():
    assert text_in({"x": "a\ud83dfox\udc00"}, "x") == "afox"


def test_a_list_of_texts_is_cut_and_cleaned():
    draft = {"a": ["x", 3, "y", None, "z"], "b": "text", "c": {"d": 1}}

    assert texts_in(draft, "a", 3) == ("x", "y")
    assert texts_in(draft, "b", 3) is None
    assert texts_in(draft, "c", 3) is None
    assert texts_in(draft, "e", 3) is None
