import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.emphasis import Span, holds_weights, parse_emphasis, plain_text

HOSTILE = 100_000


def weighed(text: str) -> list[tuple[str, float]]:
    """The words that weigh something, and how much."""
    parsed = parse_emphasis(text)
    return [(parsed.plain[span.start : span.end], span.weight) for span in parsed.spans]


def test_a_number_in_brackets_weighs_the_words_before_it() -> None:
    parsed = parse_emphasis("a (red:1.3) apple")
    assert parsed.plain == "a red apple"
    assert parsed.spans == (Span(2, 5, 1.3),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain words",
        "a cat (small) on a mat",
        "((cat))",
        "[cat]",
        "(cat:)",
        "(cat:x)",
        "(cat:1.2",
        "cat:1.2)",
        "(:1.2)",
        "( :1.2)",
        "(cat:1.2.3)",
        "(cat:1e3)",
        "(cat:inf)",
        "a wide picture (16:9)",
        "(John 3:4)",
        "(at 8:30)",
        "(Psalm:23)",
        "(cat:一)",
        "()",
        ")(",
        "C:\\folder\\(",
        "\\",
    ],
)
def test_what_is_no_weight_stays_as_it_stands(text: str) -> None:
    parsed = parse_emphasis(text)
    assert parsed.plain == text.replace("\\(", "(")
    assert parsed.spans == ()
    assert not holds_weights(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(cat:2)", [("cat", 2.0)]),
        ("(cat:.5)", [("cat", 0.5)]),
        ("(cat: 0.5 )", [("cat", 0.5)]),
        ("(cat:1.)", [("cat", 1.0)]),
        ("(cat:9)", [("cat", 2.0)]),
        ("(cat:-1)", [("cat", 0.0)]),
        ("(route 66:1.5)", [("route 66", 1.5)]),
        ("(ratio 1:2:1.5)", [("ratio 1:2", 1.5)]),
        ("(a:1.2)(b:1.3)", [("a", 1.2), ("b", 1.3)]),
        ("(a:1.2)(b:1.2)", [("ab", 1.2)]),
        ("((a:1.2) b:1.5)", [("a", pytest.approx(1.8)), (" b", 1.5)]),
        ("(a (b:1.3) c)", [("b", 1.3)]),
        ("((a:2) b:2)", [("a b", 2.0)]),
        ("((a:0.5) b:0.5)", [("a", 0.25), (" b", 0.5)]),
        ("(a\nb:1.3)", [("a\nb", 1.3)]),
        (r"(smile \(big\):1.3)", [("smile (big)", 1.3)]),
        ("(🍎 é:1.3)", [("🍎 é", 1.3)]),
    ],
)
def test_weights_multiply_where_they_are_nested_and_keep_their_bounds(
    text: str, expected: list[tuple[str, float]]
) -> None:
    assert weighed(text) == expected


@pytest.mark.parametrize(
    ("text", "plain"),
    [(r"\(cat:1.3\)", "(cat:1.3)"), (r"\\(cat:1.3)", "\\cat"), (r"\\\(", "\\("), (r"a \n", r"a \n")],
)
def test_a_backslash_takes_the_meaning_from_a_bracket(text: str, plain: str) -> None:
    assert plain_text(text) == plain


def test_brackets_without_a_number_stay_around_those_with_one() -> None:
    assert plain_text("(a (b:1.3)) (c)") == "(a b) (c)"


def test_a_weight_of_one_is_a_weight_that_somebody_wrote() -> None:
    assert holds_weights("cat", "(dog:1.0)")
    assert parse_emphasis("(dog:1.0)").weight(0) == 1.0


def test_every_character_knows_its_weight_and_where_it_was_written() -> None:
    text = r"a (red:1.3) \(ripe\) apple (x:0.5)"
    parsed = parse_emphasis(text)
    assert parsed.plain == "a red (ripe) apple x"
    assert [text[parsed.written(at)] for at in range(len(parsed.plain))] == list(parsed.plain)
    weights = {letter: parsed.weight(parsed.plain.index(letter)) for letter in "dix"}
    assert weights == {"d": 1.3, "i": 1.0, "x": 0.5}


@given(st.text(alphabet="ab (:)1.2\\é\n"))
def test_the_plain_text_is_made_of_what_was_written_and_spans_are_in_order(text: str) -> None:
    parsed = parse_emphasis(text)
    written = [parsed.written(at) for at in range(len(parsed.plain))]
    assert [text[at] for at in written] == list(parsed.plain)
    assert written == sorted(set(written))
    ends = 0
    for span in parsed.spans:
        assert ends <= span.start < span.end <= len(parsed.plain)
        assert 0.0 <= span.weight <= 2.0
        ends = span.end


@pytest.mark.parametrize("text", ["(" * HOSTILE, "(a:" * (HOSTILE // 3), "(" * 20_000 + "a:2)" * 20_000, ":" * HOSTILE])
def test_a_wall_of_brackets_is_read_in_no_time(text: str) -> None:
    assert len(parse_emphasis(text).plain) <= HOSTILE
