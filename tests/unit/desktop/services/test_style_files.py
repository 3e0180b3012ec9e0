import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.styles import SLOT, Style
from sana_desktop.errors import KnownError, PackError
from sana_desktop.services.style_files import (
    LARGEST_BYTES,
    MOST_STYLES,
    StyleImport,
    parse_styles,
    read_styles,
    shipped_styles,
    styles_text,
)
from sana_desktop.system.resources import resources_folder

FOX = Style("Fox", "a fox of {prompt}", "hen")


def parsed(text: str) -> StyleImport:
    return parse_styles(text.encode(), "styles.csv")


def test_the_styles_that_ship_are_sound_and_useful():
    styles = shipped_styles(resources_folder())

    assert len(styles) >= 10
    assert all(SLOT in style.prompt for style in styles)
    assert not any(SLOT in style.negative for style in styles)


def test_two_shipped_styles_of_one_name_are_a_mistake(tmp_path: Path):
    entry = '[[style]]\nname = "{}"\nprompt = "x"\n'
    (tmp_path / "styles.toml").write_text("format = 1\n" + entry.format("A") + entry.format("a"))

    with pytest.raises(PackError, match="same name"):
        shipped_styles(tmp_path)


def test_a1111_s_table_is_read_with_its_mark_quotes_and_lines():
    text = '\ufeffname,prompt,negative_prompt\r\nFox,"a fox of {prompt}",hen\r\n"Two, three","one\nline, ""two""",\r\n'

    assert parsed(text) == StyleImport((FOX, Style("Two, three", 'one\nline, "two"')))


def test_columns_may_stand_in_another_order_and_some_may_be_missing():
    assert parsed("negative_prompt,Name\nhen,Fox\n").styles == (Style("Fox", "", "hen"),)
    assert parsed("name,prompt\nFox,red\nHen\n").styles == (Style("Fox", "red"),)


def test_fooocus_and_invokeai_lists_are_read():
    fooocus = [{"name": "Fox", "prompt": "a fox of {prompt}", "negative_prompt": "hen"}, {"name": "Ink", "prompt": "b"}]
    invoke = [{"name": "Fox", "type": "user", "preset_data": {"positive_prompt": "", "prompt": "x"}}]

    assert parsed(json.dumps(fooocus)).styles == (FOX, Style("Ink", "b"))
    assert parsed(json.dumps(invoke)).styles == (Style("Fox", "x"),)
    assert parsed(json.dumps(fooocus[0])).styles == (FOX,)


def test_invokeai_s_own_word_for_the_prompt_is_read():
    invoke = [{"name": "Fox", "preset_data": {"positive_prompt": "a fox of {prompt}", "negative_prompt": "hen"}}]

    assert parsed(json.dumps(invoke)).styles == (FOX,)


def test_entries_that_are_no_styles_are_reported_one_by_one():
    found = parsed(json.dumps([FOX.name, None, {"name": "Empty"}, {"name": 3, "prompt": "x"}, {"prompt": "x"}, {}]))

    assert found.styles == ()
    assert len(found.skipped) == 6
    assert "Entry 3 (“Empty”): The style adds nothing" in found.skipped[2]


def test_a_name_that_comes_twice_is_read_once():
    found = parsed("name,prompt\nFox,red\nFOX,blue\n")

    assert found.styles == (Style("Fox", "red"),)
    assert "twice" in found.skipped[0]


def test_names_on_several_lines_become_one():
    assert parsed('name,prompt\n" Red\n Fox ",x\n').styles == (Style("Red Fox", "x"),)


def test_no_more_than_can_be_shown_are_read():
    found = parsed("name,prompt\n" + "".join(f"n{number},x\n" for number in range(MOST_STYLES + 10)))

    assert len(found.styles) == MOST_STYLES
    assert f"Everything from entry {MOST_STYLES + 1}" in found.skipped[0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "expected the columns"),
        (b"a,b\n1,2\n", "expected the columns"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"[" * 200_000, "not readable JSON"),
        (b"[1, 2", "not readable JSON"),
        (b"name,prompt\nfox," + b"x" * 200_000, "not readable CSV"),
        (b"x" * (LARGEST_BYTES + 1), "larger than 4 MiB"),
    ],
)
def test_files_that_are_something_else_are_refused_in_words(data: bytes, message: str):
    with pytest.raises(KnownError, match=message):
        parse_styles(data, "styles.csv")


@given(st.text("name,prompt\n\"{}[]:'\0 ", max_size=60))
def test_any_text_is_read_or_refused(text: str):
    try:
        parsed(text)
        parsed(f"name,prompt\n{text}")
    except KnownError:
        pass


def test_a_file_is_read_from_its_place(tmp_path: Path):
    path = tmp_path / "mine.json"
    path.write_text(styles_text([FOX]), encoding="utf-8")

    assert read_styles(path).styles == (FOX,)
    with pytest.raises(KnownError, match="no file"):
        read_styles(tmp_path)
    with pytest.raises(KnownError, match="no file"):
        read_styles(tmp_path / "gone.csv")


def test_what_is_written_can_be_read():
    styles = (FOX, Style("雨 🌧", "rain,\n“soft”", "sun"))

    assert parsed(styles_text(styles)) == StyleImport(styles)
