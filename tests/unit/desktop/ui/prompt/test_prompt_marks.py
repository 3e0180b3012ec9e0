import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.ui.prompt.prompt_marks import MarkKind, marks_in


def shown(text: str, **options: object) -> list[tuple[MarkKind, str, float]]:
    return [(mark.kind, text[mark.start : mark.end], mark.weight) for mark in marks_in(text, **options)]  # type: ignore[arg-type]


def test_words_and_brackets_of_weights_are_told_apart():
    assert shown("a (red 🦊:1.3) in (snow:.5)") == [
        (MarkKind.BRACKET, "(", 1.0),
        (MarkKind.WEIGHT, "red 🦊", 1.3),
        (MarkKind.BRACKET, ":1.3)", 1.0),
        (MarkKind.BRACKET, "(", 1.0),
        (MarkKind.WEIGHT, "snow", 0.5),
        (MarkKind.BRACKET, ":.5)", 1.0),
    ]


def test_weights_within_weights_show_what_they_come_to():
    weights = [(words, weight) for kind, words, weight in shown("(a (b:1.2):1.5)") if kind is MarkKind.WEIGHT]

    assert weights == [("a ", 1.5), ("b", pytest.approx(1.8))]


def test_comments_are_marked_and_their_brackets_weigh_nothing():
    assert shown("a fox # (x:1.3)") == [(MarkKind.COMMENT, "# (x:1.3)", 1.0)]
    assert shown("(a # (\nb:1.3)")[-1] == (MarkKind.COMMENT, "# (", 1.0)


def test_plain_brackets_and_slots_are_marked_only_where_they_mean_something():
    assert shown("a fox (animal) {prompt}") == []
    assert shown("a {prompt}, {prompt}", slots=True) == [(MarkKind.SLOT, "{prompt}", 1.0)] * 2


def test_what_is_not_read_begins_with_a_word():
    assert shown("a red fox", unread_from=1) == [(MarkKind.UNREAD, "red fox", 1.0)]
    assert shown("a red fox", unread_from=9) == []


@given(st.text("ab (:1.2)#\\\n🦊{}", max_size=40), st.none() | st.integers(0, 50))
def test_every_mark_lies_within_the_text(text: str, unread_from: int | None):
    for mark in marks_in(text, slots=True, unread_from=unread_from):
        assert 0 <= mark.start <= mark.end <= len(text)
