from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.gallery.records import path_from_text, path_to_text, settled, stored_recipe


@given(st.text())
def test_any_name_of_a_file_is_read_back(name: str):
    text = path_to_text(name)
    assert text.isascii()
    assert path_from_text(text) == name


def test_what_is_no_path_is_an_empty_one():
    assert [path_from_text(text) for text in ("[", "1", "[" * 100_000)] == ["", "", ""]


def test_what_is_no_recipe_is_none():
    assert [stored_recipe(text) for text in ("{}", "[", "[" * 100_000)] == [None, None, None]


def test_a_file_has_one_place_through_whatever_links_it_is_named(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert settled(tmp_path / "link" / "x.png") == settled(tmp_path / "real" / ".." / "real" / "x.png")
