from pathlib import Path

import pytest

from sana_desktop.domain.styles import LONGEST_NAME, Style
from sana_desktop.errors import RecipeError
from sana_desktop.services.styles import StyleBook

PHOTO = Style("Photo", "a photo of {prompt}")
FOX = Style("Fox", "red")


def test_own_styles_come_first_and_come_back(tmp_path: Path):
    book = StyleBook([PHOTO], tmp_path / "styles.json")
    book.put(FOX)
    book.put(Style("ant", "small"))
    book.close()

    again = StyleBook([PHOTO], tmp_path / "styles.json")
    assert [style.name for style in again.styles] == ["ant", "Fox", "Photo"]
    assert again.own == book.own


def test_capitals_make_no_difference_to_names():
    book = StyleBook([PHOTO])
    book.put(FOX)

    assert book.find("fOX") == FOX
    assert book.find("PHOTO") == PHOTO
    assert book.find("hen") is None


def test_a_name_is_taken_once():
    book = StyleBook([PHOTO])
    book.put(FOX)

    for name in ("photo", "FOX"):
        with pytest.raises(RecipeError, match="already"):
            book.put(Style(name, "x"))
    with pytest.raises(RecipeError, match="already"):
        book.put(Style("photo", "x"), instead_of="Fox")


def test_an_own_style_can_be_renamed_changed_and_removed(tmp_path: Path):
    book = StyleBook([PHOTO], tmp_path / "styles.json")
    book.put(FOX)
    book.put(Style("Red fox", "redder"), instead_of="Fox")
    assert book.own == (Style("Red fox", "redder"),)
    book.put(Style("red FOX", "redder"), instead_of="Red fox")
    assert [style.name for style in book.own] == ["red FOX"]
    book.remove("Red Fox")
    book.remove("Photo")
    book.close()

    assert StyleBook([PHOTO], tmp_path / "styles.json").styles == (PHOTO,)


def test_imported_names_that_are_taken_get_a_number_and_nothing_is_replaced():
    book = StyleBook([PHOTO])
    book.put(FOX)

    report = book.add_all([Style("Fox", "blue"), FOX, Style("Photo", "x"), Style("Hen", "y"), Style("Fox", "green")])

    assert [style.name for style in report.styles] == ["Fox 2", "Photo 2", "Hen", "Fox 3"]
    assert book.find("Fox") == FOX
    assert [line for line in report.skipped if "there already" in line] == ["“Fox” is there already."]
    assert "“Fox” is now called “Fox 2”, because the name was taken." in report.skipped


def test_a_number_fits_behind_the_longest_name():
    book = StyleBook()
    book.put(Style("x" * LONGEST_NAME, "a"))

    (added,) = book.add_all([Style("x" * LONGEST_NAME, "b")]).styles

    assert len(added.name) <= LONGEST_NAME
    assert added.name.endswith("x 2")


@pytest.mark.parametrize("content", [b"\xff", b"[[[", b"just words", b"{"])
def test_a_file_that_cannot_be_understood_is_set_aside(tmp_path: Path, content: bytes):
    path = tmp_path / "styles.json"
    path.write_bytes(content)

    book = StyleBook([PHOTO], path)
    book.put(FOX)
    book.close()

    assert (tmp_path / "styles.json.unreadable").read_bytes() == content
    assert StyleBook([PHOTO], path).own == (FOX,)


def test_a_file_cannot_hide_what_ships(tmp_path: Path):
    path = tmp_path / "styles.json"
    path.write_text('[{"name": "photo", "prompt": "other"}, {"name": "Fox", "prompt": "red"}, 3]')

    book = StyleBook([PHOTO], path)

    assert book.find("Photo") == PHOTO
    assert book.own == (FOX,)
