import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.prompt_text import comment_spans, move_chunk, typed_position, without_comments


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("a fox # and a hen", "a fox"),
        ("# only a note", ""),
        ("# a note\na fox", "a fox"),
        ("a fox\n# a note\nin the snow", "a fox\nin the snow"),
        ("a fox\n# a note", "a fox"),
        ("a fox\n  # one\n#\n# two\n", "a fox\n"),
        ("a fox #\nin snow", "a fox\nin snow"),
        ("a fox\t# tabbed", "a fox"),
    ],
)
def test_comments_are_not_drawn_and_leave_no_blank_line(typed: str, drawn: str):
    assert without_comments(typed) == drawn


@pytest.mark.parametrize(
    "text",
    ["#ff8800 sky", "a C# book", "the #1 fox", "issue#", "a ##", "fox#\nhen", "## a fox", "", "\n\n", "a\n\nb", " a "],
)
def test_what_is_no_comment_stays_letter_by_letter(text: str):
    assert without_comments(text) == text


def test_comments_are_found_where_they_stand():
    text = "a # b\nc\n#\nd #e"

    assert [text[start:end] for start, end in comment_spans(text)] == ["# b", "#"]


@given(st.text("ab# \n,🦊", max_size=30))
def test_every_drawn_letter_knows_where_it_was_typed(text: str):
    drawn = without_comments(text)

    for position, letter in enumerate(drawn):
        # A line end may have a comment before it.
        assert letter == "\n" or text[typed_position(text, position)] == letter
    assert typed_position(text, len(drawn) + 1) == len(text)


@given(st.text("ab# \n,", max_size=30))
def test_taking_comments_out_twice_is_taking_them_out_once(text: str):
    once = without_comments(text)

    assert without_comments(once) == once


def moved(marked: str, by: int) -> str:
    first, *rest = marked.split("|")
    start, end = len(first), len(first) + (len(rest[0]) if len(rest) == 2 else 0)
    text, start, end = move_chunk(first + "".join(rest), start, end, by)
    inside = text[start:end]
    return f"{text[:start]}|{inside}|{text[end:]}" if inside else f"{text[:start]}|{text[start:]}"


@pytest.mark.parametrize(
    ("marked", "by", "expected"),
    [
        ("red f|ox, blue sea, sun", 1, "blue sea, red f|ox, sun"),
        ("red fox, blue s|ea, sun", -1, "blue s|ea, red fox, sun"),
        ("red fox, |sun", -1, "|sun, red fox"),
        ("red fox,| sun", -1, "|sun, red fox"),
        ("a|, b,   c", 1, "b, a|,   c"),
        ("|a, b|, c, d", 1, "c, |a, b|, d"),
        ("a, b, |c, d|", -1, "a, |c, d|, b"),
        ("(a, b:1.2), c|", -1, "c|, (a, b:1.2)"),
        ("a, b|\nc", 1, "a, c\nb|"),
        ("a # x, y\nb|", -1, "b| # x, y\na"),
        ("(a|, b", 1, "b, (a|"),
        ("🦊 fo|x, 🐔", 1, "🐔, 🦊 fo|x"),
    ],
)
def test_a_phrase_changes_places_with_its_neighbour(marked: str, by: int, expected: str):
    assert moved(marked, by) == expected


@pytest.mark.parametrize(("marked", "by"), [("a|, b", -1), ("a, b|", 1), ("|", 1), (" , |,", -1), ("fo|x", 1)])
def test_at_the_edge_nothing_moves(marked: str, by: int):
    assert moved(marked, by) == marked


@given(st.text("ab ,(\n)#", max_size=30), st.data(), st.sampled_from([-1, 1]))
def test_moving_loses_no_letter_and_keeps_the_selection_inside(text: str, data: st.DataObject, by: int):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    changed, first, last = move_chunk(text, start, end, by)

    assert sorted(changed) == sorted(text)
    assert 0 <= first <= last <= len(changed)
