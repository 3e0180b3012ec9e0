import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.choices import Emphasis
from sana_desktop.domain.prompt_text import without_comments
from sana_desktop.domain.styles import Style
from sana_desktop.domain.written_prompt import typed_form, write_prompt

PHOTO = Style("Photo", "a photo of {prompt}, sharp", "drawing")


def test_comments_go_and_styles_come():
    written = write_prompt("a fox # or a hen", "dull # really", [PHOTO])

    assert (written.prompt, written.negative) == ("a photo of a fox, sharp", "dull, drawing")
    assert written.emphasis is Emphasis.LITERAL


@pytest.mark.parametrize(
    ("typed", "negative", "emphasis", "prompt"),
    [
        ("a (fox:1.3)", "", Emphasis.WEIGHTED, "a (fox:1.3)"),
        (r"a \(b\)", "(hen:1.2)", Emphasis.WEIGHTED, r"a \(b\)"),
        ("a (red) fox", "", Emphasis.LITERAL, "a (red) fox"),
        ("a fox # (x:1.3)", "", Emphasis.LITERAL, "a fox"),
        (r"a fox \(animal\)", "", Emphasis.LITERAL, "a fox (animal)"),
    ],
)
def test_brackets_weigh_only_where_there_is_a_number(typed: str, negative: str, emphasis: Emphasis, prompt: str):
    written = write_prompt(typed, negative, ())

    assert (written.prompt, written.emphasis) == (prompt, emphasis)


def test_every_word_is_found_where_it_was_typed():
    typed = "a 🦊 # x\n\\(deep\\) snow"
    written = write_prompt(typed, "", [PHOTO])

    assert written.prompt == "a photo of a 🦊\n(deep) snow, sharp"
    assert written.typed_at(written.prompt.index("deep")) == typed.index("deep")
    assert written.typed_at(written.prompt.index("🦊")) == typed.index("🦊")
    assert written.typed_at(2) == 0
    assert written.typed_at(written.prompt.index(", sharp")) is None


@given(st.text("ab ()[]:1.2\\,🦊", max_size=30))
def test_what_is_typed_for_a_literal_recipe_gives_that_recipe(text: str):
    written = write_prompt(typed_form(text, Emphasis.LITERAL), "", ())

    assert (written.prompt, written.emphasis) == (text, Emphasis.LITERAL)


@given(st.text("ab #()\n:1.2\\,🦊", max_size=30), st.sampled_from([(), (PHOTO,)]))
def test_every_letter_of_ones_own_is_found(typed: str, styles: tuple[Style, ...]):
    written = write_prompt(typed, "", styles)
    start = len("a photo of ") if styles else 0

    own = written.prompt[start : len(written.prompt) - (len(", sharp") if styles else 0)]
    assert len(own) <= len(without_comments(typed))
    for at, letter in enumerate(own):
        place = written.typed_at(start + at)
        assert place is not None
        # A line end may have a comment before it.
        assert letter == "\n" or typed[place] == letter
