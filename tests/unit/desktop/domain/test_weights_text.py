import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.emphasis import parse_emphasis
from sana_desktop.domain.weights_text import change_weight


def pressed(marked: str, *steps: float) -> str:
    """What keys make of a text in which “|” marks the cursor or both ends of a selection."""
    first, *rest = marked.split("|")
    text = first + "".join(rest)
    start = len(first)
    end = start + (len(rest[0]) if len(rest) == 2 else 0)
    for step in steps:
        text, start, end = change_weight(text, start, end, step)
    return f"{text[:start]}|{text[start:end]}|{text[end:]}"


@pytest.mark.parametrize(
    ("marked", "step", "expected"),
    [
        ("a red f|ox", 0.1, "a red (|fox|:1.1)"),
        ("a red f|ox", -0.1, "a red (|fox|:0.9)"),
        ("fox|, red", 0.1, "(|fox|:1.1), red"),
        ("|fox", 0.1, "(|fox|:1.1)"),
        ("a |red fox|, sea", 0.1, "a (|red fox|:1.1), sea"),
        ("a |red fox  |sea", 0.1, "a (|red fox|:1.1)  sea"),
        ("a (red f|ox:1.1), sea", 0.1, "a (|red fox|:1.2), sea"),
        ("a (|red fox|:1.1), sea", 0.1, "a (|red fox|:1.2), sea"),
        ("a |(red fox:1.1)|, sea", 0.1, "a (|red fox|:1.2), sea"),
        ("a |(red fox)|, sea", 0.1, "a (|red fox|:1.2), sea"),
        ("a (fo|x:1.1)", -0.1, "a |fox|"),
        ("a (fo|x:0.9)", 0.1, "a |fox|"),
        ("a (f|ox:1.9)", 0.1, "a (|fox|:2.0)"),
        ("a (f|ox:2.0)", 0.1, "a (|fox|:2.0)"),
        ("a (f|ox:0.1)", -0.1, "a (|fox|:0.0)"),
        ("(f|ox:.5)", 0.1, "(|fox|:0.6)"),
        ("(f|ox: 1.25 )", 0.1, "(|fox|:1.35)"),
        # Plain brackets mean 1.1 each to those who write them.
        ("((f|ox))", 0.1, "(|fox|:1.3)"),
        ("(f|ox)", -0.1, "|fox|"),
        ("[f|ox]", 0.1, "|fox|"),
        ("[[f|ox]]", -0.1, "(|fox|:0.7)"),
        ("((a (f|ox:1.3)))", 0.1, "((a (|fox|:1.4)))"),
        ("((a| (fox:1.3)):1.2)", 0.1, "((|a (fox:1.3)|:1.2):1.2)"),
        ("the time |16:9|", 0.1, "the time (|16:9|:1.1)"),
        ("(16:9 f|ox:1.2)", 0.1, "(|16:9 fox|:1.3)"),
        (r"(a \(dark\) f|ox:1.2)", 0.1, r"(|a \(dark\) fox|:1.3)"),
        ("🦊🦊 f|ox", 0.1, "🦊🦊 (|fox|:1.1)"),
        ("🦊|🦊", 0.1, "(|🦊🦊|:1.1)"),
        ("日|本, 海", 0.1, "(|日本|:1.1), 海"),
        # A time is no weight, and plain brackets count.
        ("wake (at 8|:30)", 0.1, "wake (|at 8:30|:1.2)"),
        ("(fox:5|)", -0.1, "(|fox|:1.9)"),
        ("line one\nt|wo", 0.1, "line one\n(|two|:1.1)"),
        # A number that stands on a line of its own is no weight, and the line stays.
        ("11111(::\n|1)", 0.1, "11111(|::\n1|:1.2)"),
    ],
)
def test_up_and_down_change_what_the_cursor_is_on(marked: str, step: float, expected: str):
    assert pressed(marked, step) == expected


@pytest.mark.parametrize("marked", ["|", "a , | b", "  |  |", "a |) b|", "|(a|", "( | )"])
def test_where_there_is_no_word_nothing_changes(marked: str):
    first, *rest = marked.split("|")
    assert pressed(marked, 0.1).replace("|", "") == first + "".join(rest)


def test_ten_steps_up_and_down_leave_no_crumbs():
    assert pressed("a f|ox", *[0.1] * 7) == "a (|fox|:1.7)"
    assert pressed("a f|ox", *[0.1] * 7, *[-0.1] * 7) == "a |fox|"
    assert pressed("a f|ox", *[0.05] * 3) == "a (|fox|:1.15)"


@given(st.text("ab ()[]:1.2,\\🦊\n", max_size=40), st.data(), st.sampled_from([0.1, -0.1, 0.05]))
def test_any_text_keeps_its_words(text: str, data: st.DataObject, step: float):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    changed, first, last = change_weight(text, start, end, step)

    assert 0 <= first <= last <= len(changed)
    assert [letter for letter in changed if letter in "ab🦊\n"] == [letter for letter in text if letter in "ab🦊\n"]


def test_a_hostile_text_takes_no_time():
    # Quadratic work would take minutes here, and the suite would stop it.
    change_weight("(" * 100_000, 50_000, 50_000)
    change_weight("\\" * 100_000, 50_000, 50_000)
    change_weight("(a" * 30_000 + ")" * 30_000, 40_000, 40_000)


@given(st.text("ab ,🦊:1", min_size=1, max_size=20), st.sampled_from([0.1, -0.1]))
def test_what_it_writes_is_what_weighs(words: str, step: float):
    text, start, end = change_weight(words, 0, len(words), step)

    weighed = parse_emphasis(text)
    if text == words:
        assert not words.strip()
    else:
        assert [round(span.weight, 6) for span in weighed.spans] == [round(1 + step, 6)]
        assert text[start:end] == words.rstrip(" ")
