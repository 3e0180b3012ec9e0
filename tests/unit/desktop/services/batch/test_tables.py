from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.batch.entry import Entry
from sana_desktop.domain.batch.problem import Problem
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.lines import Line
from sana_desktop.services.batch.tables import MOST_LINES_OF_A_ROW, csv_entries, json_entries

Read = Callable[[Iterable[Line | Problem]], Iterator[Entry | Problem]]


def lines(text: str) -> list[Line | Problem]:
    return [Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]


def test_a_table_is_read_by_the_names_of_its_columns():
    table = 'Prompt,negative_prompt,seed,steps\na fox,"blurry, dark",7,\n\n"say ""hi""\nthere",,,3'
    assert list(csv_entries(lines(table))) == [
        Entry(line=2, prompt="a fox", negative="blurry, dark", seed=7),
        Entry(line=4, prompt='say "hi"\nthere', steps=3),
    ]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_spreadsheets_have_other_delimiters(delimiter: str):
    table = f"prompt{delimiter}seed\na, b{delimiter}7"
    assert list(csv_entries(lines(table))) == [Entry(line=2, prompt="a, b", seed=7)]


@pytest.mark.parametrize(
    ("row", "line", "column", "message"),
    [
        ("fox,x", 2, 5, "whole number"),
        ("fox", 2, 1, "Expected 2 columns"),
        ("fox,1,2", 2, 5, "Expected 2 columns"),
        (",1", 2, 1, "no prompt"),
        ('fox"x",1\nnext', 2, 4, "CSV|whole|prompt"),
        ('"fox,1', 2, 1, "never closed"),
        ('"fox" x,1', 2, 1, "readable CSV"),
    ],
)
def test_a_bad_row_is_named(row: str, line: int, column: int, message: str):
    found = [one for one in csv_entries(lines(f"prompt,seed\n{row}\nok,1")) if isinstance(one, Problem)]
    if row.startswith('fox"'):
        # A quotation mark inside a text that has none around it is a letter.
        assert not [one for one in found if one.line == line]
        return
    assert (found[0].line, found[0].column) == (line, column)
    assert message.split("|")[0] in found[0].message
    assert Entry(line=row.count("\n") + 3, prompt="ok", seed=1) in list(csv_entries(lines(f"prompt,seed\n{row}\nok,1")))


def test_a_quotation_that_never_ends_costs_one_line():
    rows = "\n".join(["prompt", *['"open', *["fox"] * (MOST_LINES_OF_A_ROW + 5)] * 400])
    found = list(csv_entries(lines(rows)))
    assert sum(isinstance(one, Entry) for one in found) >= 400 * 5


@pytest.mark.parametrize(
    ("header", "place", "message"),
    [
        ("seed,steps", "line 1, column 1", "no column “prompt”"),
        ("prompt,sede", "line 1, column 8", "no column “sede”"),
        ("prompt,prompt", "line 1, column 1", "same name"),
        ("prompt,", "line 1, column 8", "no column “”"),
    ],
)
def test_a_header_that_is_none_ends_it(header: str, place: str, message: str):
    with pytest.raises(KnownError) as caught:
        list(csv_entries(lines(f"{header}\nfox,1")))
    assert place in str(caught.value)
    assert message in str(caught.value)


def test_objects_are_read_by_their_names():
    rows = '{"prompt": "a fox", "seed": 7, "cfg_scale": 2.5, "negative_prompt": null}\n\n{"prompt": "x", "n_iter": "2"}'
    assert list(json_entries(lines(rows))) == [
        Entry(line=1, prompt="a fox", seed=7, guidance=2.5),
        Entry(line=3, prompt="x", n_iter=2),
    ]


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ('{"prompt": "a"', 15, "readable JSON"),
        ('["a"]', 1, "Expected an object"),
        ('{"prompt": "a", "seed": 1.5}', 17, "whole number"),
        ('{"prompt": "a", "sede": 1}', 17, "no flag"),
        ('{"prompt": "a", "prompt": "b"}', 2, "twice"),
        ('{"prompt": ["a"]}', 2, "not a text"),
        ('{"prompt": {"a": 1}}', 2, "not a text"),
        ('{"prompt": "a", "cfg_scale": NaN}', 1, "no number of JSON"),
        ('{"prompt": "a\\u0000"}', 2, "zero byte"),
        ("[" * 100_000, 1, "readable JSON"),
        ('{"prompt": "a", "seed": ' + "9" * 5000 + "}", 1, "readable JSON"),
        ('{"seed": 1}', 1, "no prompt"),
    ],
)
def test_a_bad_object_is_named(row: str, column: int, message: str):
    (found,) = list(json_entries(lines(row)))
    assert isinstance(found, Problem)
    assert (found.column, message in found.message) == (column, True), found


@pytest.mark.parametrize("read", [csv_entries, json_entries])
@given(text=st.text(alphabet='prompt,seed;\t"\n{}:[]0123\\x', max_size=80))
def test_any_text_is_understood_or_refused(read: Read, text: str):
    for header in ("", "prompt,seed\n"):
        try:
            found = list(read(lines(header + text)))
        except KnownError:
            continue
        assert all(isinstance(one, Entry | Problem) for one in found)
