from pathlib import Path

import pytest

from sana_desktop.domain.batch.entry import Entry
from sana_desktop.domain.batch.lists import ListFormat
from sana_desktop.domain.batch.problem import Problem, Weight
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.reading import format_of, read_list


def test_the_ending_of_the_name_says_the_format_unless_somebody_else_does():
    assert format_of(Path("a.CSV")) is ListFormat.CSV
    assert format_of(Path("a.ndjson")) is ListFormat.JSONL
    assert format_of(Path("a.list")) is ListFormat.TEXT
    assert format_of(Path("a.csv"), ListFormat.TEXT) is ListFormat.TEXT


def test_a_text_list_gives_entries_and_names_what_it_leaves_out(tmp_path: Path):
    path = tmp_path / "list.txt"
    path.write_text("# foxes\na red fox\n--prompt x --sed 1\n\na dog --seed 3 --tiling true\n", encoding="utf-8")

    found = list(read_list(path))

    assert [one for one in found if isinstance(one, Entry)] == [
        Entry(line=2, prompt="a red fox"),
        Entry(line=5, prompt="a dog", seed=3),
    ]
    problems = [one for one in found if isinstance(one, Problem)]
    assert [(one.line, one.column, one.weight) for one in problems] == [
        (3, 12, Weight.ERROR),
        (5, 25, Weight.WARNING),
    ]


def test_line_ends_of_other_systems_count_as_in_a1111(tmp_path: Path):
    path = tmp_path / "list.txt"
    path.write_bytes("a fox\ra dog --sed 1\r\na\u2028b".encode())
    found = list(read_list(path))
    assert [one.prompt for one in found if isinstance(one, Entry)] == ["a fox", "a", "b"]
    assert [(one.line, one.column) for one in found if isinstance(one, Problem)] == [(1, 13)]


@pytest.mark.parametrize(
    ("name", "text"), [("a.csv", "prompt,seed\na fox,3\n"), ("a.jsonl", '{"prompt": "a fox", "seed": 3}\n')]
)
def test_tables_are_read_by_their_ending(tmp_path: Path, name: str, text: str):
    (tmp_path / name).write_text(text, encoding="utf-8")
    (entry,) = read_list(tmp_path / name)
    assert isinstance(entry, Entry)
    assert (entry.prompt, entry.seed) == ("a fox", 3)


def test_a_list_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(KnownError, match="no list at"):
        list(read_list(tmp_path / "none.txt"))
    with pytest.raises(KnownError, match="no list at"):
        list(read_list(tmp_path))
