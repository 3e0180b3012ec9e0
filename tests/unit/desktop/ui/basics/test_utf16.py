import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.ui.basics.utf16 import all_units, characters_before, units_before


@pytest.mark.parametrize(("position", "units"), [(0, 0), (1, 1), (2, 3), (3, 5), (4, 6)])
def test_an_emoji_counts_twice_for_qt(position: int, units: int):
    text = "a🦊🐔b"

    assert units_before(text, position) == units
    assert characters_before(text, units) == position


def test_the_middle_of_a_character_is_its_end():
    assert characters_before("a🦊b", 2) == 2


@given(st.text("aé日🦊\ud83e"), st.data())
def test_there_and_back_is_where_it_was(text: str, data: st.DataObject):
    position = data.draw(st.integers(0, len(text)))

    assert characters_before(text, units_before(text, position)) == position
    assert characters_before(text, 10**6) == len(text)


@given(st.text("aé日🦊\ud83e") | st.text("ab"))
def test_all_positions_at_once_are_the_same_as_one_by_one(text: str):
    assert list(all_units(text)) == [units_before(text, position) for position in range(len(text) + 1)]
