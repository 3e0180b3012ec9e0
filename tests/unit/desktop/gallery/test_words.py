import pytest

from sana_desktop.gallery.words import indexed, phrase


def test_scripts_without_spaces_get_some():
    assert indexed("a red fox, épée") == "a red fox, épée"
    assert indexed("赤い狐 red").split() == ["赤", "い", "狐", "red"]
    assert indexed("a\0b") == "a b"


@pytest.mark.parametrize(
    ("text", "whole", "found"),
    [
        ("fox", False, '"fox"*'),
        ("fox", True, '"fox"'),
        ('a"b', True, '"a""b"'),
        ("red fo", False, '"red fo"*'),
        ("!?", False, ""),
        ("", True, ""),
    ],
)
def test_a_phrase_is_quoted_so_that_nothing_in_it_is_a_command(text: str, whole: bool, found: str):
    assert phrase(text, whole=whole) == found


def test_letters_that_are_words_have_no_beginnings():
    assert phrase("赤い", whole=False).endswith('"')
