import pytest

from sana_desktop.system.newer_version import newer_version


@pytest.mark.parametrize(
    ("page", "version"),
    [
        ("0.2\n", "0.2"),
        ("v0.1.1 of today: now with cats\nmore", "0.1.1"),
        ("\ufeff\n  0.10.0\n", "0.10.0"),
        ("1.0.0.1", "1.0.0.1"),
    ],
)
def test_a_later_version_at_the_beginning_of_the_page_is_found(page: str, version: str) -> None:
    assert newer_version(page, "0.1.0") == version


@pytest.mark.parametrize(
    "page",
    [
        *("0.1.0", "0.1", "0.0.9", "0.1.0.0"),
        *("", "7", "<html>0.2</html>", "Version 0.2", "0.2rc1", "0.2.x", "1" * 5000 + ".2", "0." + "2" * 5000),
    ],
)
def test_what_is_not_later_or_names_no_version_says_nothing(page: str) -> None:
    assert newer_version(page, "0.1.0") == ""
