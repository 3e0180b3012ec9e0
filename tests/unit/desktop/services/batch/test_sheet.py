from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.errors import KnownError
from sana_desktop.services.batch import sheet
from sana_desktop.services.batch.sheet import EMPTY, open_sheet, pasted_rows, row_with, sheet_text


def written(folder: Path, text: str, name: str = "list.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_text_list_becomes_rows(tmp_path: Path):
    rows, problems = open_sheet(
        written(
            tmp_path,
            "# mine\na fox --steps 4 --size 64x32 --batch_size 2 --n_iter 3\na dog's life --seed 9 --cfg_scale 3.5\n",
        )
    )
    assert rows == [
        row_with(prompt="a fox", steps="4", size="64x32", n_iter="6"),
        row_with(prompt="a dog's life", seed="9", cfg_scale="3.5"),
    ]
    assert problems == []


def test_what_is_not_in_the_table_is_said(tmp_path: Path):
    rows, problems = open_sheet(written(tmp_path, 'a fox --x "Steps: 1, 2"\na dog --steps many\n'))
    assert [row[0] for row in rows] == ["a fox"]
    assert [problem.line for problem in problems] == [1, 2]


def test_cells_of_a_table_stay_as_they_were_written_wrong_or_not(tmp_path: Path):
    rows, problems = open_sheet(written(tmp_path, "prompt;steps\na fox;many\na dog;\n", "list.csv"))
    assert (rows, problems) == ([row_with(prompt="a fox", steps="many"), row_with(prompt="a dog")], [])


def test_a_table_comes_back_from_its_own_file(tmp_path: Path):
    rows = [row_with(prompt='a "red", fox', negative_prompt="a; b", styles="ink,old"), EMPTY, row_with(prompt="x")]
    again, _ = open_sheet(written(tmp_path, sheet_text(rows), "list.csv"))
    # A row without anything is none.
    assert again == [rows[0], rows[2]]


@given(st.lists(st.tuples(*[st.text(max_size=8)] * len(EMPTY)), max_size=4))
def test_a_row_is_a_line_whatever_is_in_its_cells(rows: list[tuple[str, ...]]):
    assert len(sheet_text(rows).split("\n")) == len(rows) + 2


def test_a_list_that_is_too_long_is_for_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheet, "MOST_ROWS", 2)
    for name, text in (("list.txt", "a\nb\nc\n"), ("list.csv", "prompt\na\nb\nc\n")):
        with pytest.raises(KnownError, match="more than 2 lines"):
            open_sheet(written(tmp_path, text, name))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a fox\r\na dog\n\n", [row_with(prompt="a fox"), row_with(prompt="a dog")]),
        ("a fox\tblurry\t7\n", [row_with(prompt="a fox", negative_prompt="blurry", seed="7")]),
        ("Seed\tPrompt\n7\ta fox\n", [row_with(prompt="a fox", seed="7")]),
        ("guidance\tprompt\n3\ta fox\n", [row_with(prompt="a fox", cfg_scale="3")]),
        ('"a fox\nin snow"\t\t7\n', [row_with(prompt="a fox in snow", seed="7")]),
        ("", []),
    ],
)
def test_cells_of_a_spreadsheet_are_pasted(text: str, rows: list[sheet.Row]):
    assert pasted_rows(text) == rows
