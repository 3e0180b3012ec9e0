import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.styles import LONGEST_NAME, LONGEST_TEXT, Style, apply_styles
from sana_desktop.errors import RecipeError

PHOTO = Style("Photo", "a photograph of {prompt}, sharp", "drawing")
INK = Style("Ink", "black ink")


def test_without_styles_nothing_is_touched():
    styled = apply_styles(" a fox, ", " dull ", ())

    assert (styled.prompt, styled.negative, styled.prompt_at) == (" a fox, ", " dull ", 0)


def test_the_prompt_goes_into_the_slot_or_before_a_comma():
    assert apply_styles("a fox", "", [PHOTO]).prompt == "a photograph of a fox, sharp"
    assert apply_styles("a fox", "", [INK]).prompt == "a fox, black ink"
    assert apply_styles("a fox, ", "", [INK]).prompt == "a fox, black ink"
    assert apply_styles("", "", [INK]).prompt == "black ink"
    assert apply_styles("a fox", "dull", [PHOTO]).negative == "dull, drawing"
    assert apply_styles("a fox", "", [PHOTO]).negative == "drawing"


def test_several_styles_go_around_each_other_in_order():
    styled = apply_styles("a fox", "", [PHOTO, INK])

    assert styled.prompt == "a photograph of a fox, sharp, black ink"
    assert apply_styles("a fox", "", [INK, PHOTO]).prompt == "a photograph of a fox, black ink, sharp"


@given(st.lists(st.sampled_from([PHOTO, INK, Style("Two", "{prompt} and {prompt}"), Style("N", "", "x")]), max_size=4))
def test_the_writer_s_words_are_where_it_says(styles: list[Style]):
    styled = apply_styles("a fox", "", styles)

    assert styled.prompt[styled.prompt_at :].startswith("a fox")


def test_slots_cannot_multiply_without_end():
    many = Style("Many", "{prompt} and " * 500)

    with pytest.raises(RecipeError, match="Many.*longer than"):
        apply_styles("a fox", "", [many] * 2)


@pytest.mark.parametrize(
    "name", ["", " a", "a ", "x" * (LONGEST_NAME + 1), "two\nlines", "bell\a", "half \ud83e", "\u2028a"]
)
def test_a_name_is_one_line(name: str):
    with pytest.raises(RecipeError):
        Style(name, "ink")


def test_a_style_must_add_something_that_can_be_drawn():
    for prompt, negative in [("", ""), (" {prompt} ", ""), ("", "\n"), ("x" * (LONGEST_TEXT + 1), ""), ("\udc00", "")]:
        with pytest.raises(RecipeError):
            Style("Name", prompt, negative)


def test_names_that_people_would_take_for_the_same_are_the_same():
    assert Style("Straße", "x").key == Style("STRASSE", "y").key
