import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sana_desktop.errors import FetchError
from sana_desktop.services.update_check import UpdateCheck
from sana_desktop.system.fetch.hub import TroubleError

PAGE = "https://pictures.test/newest.txt"


class Page:
    """Says `text`, or fails with it; remembers who asked."""

    def __init__(self, text: str | Exception = "9.1\n") -> None:
        self.text = text
        self.asked: list[str] = []
        self.told: list[str] = []

    def read(self, address: str) -> str:
        self.asked.append(address)
        if isinstance(self.text, Exception):
            raise self.text
        return self.text

    def check(self, home: Path, address: str = PAGE, day: int = 1) -> None:
        """Start the program, let it ask, and end it."""
        check = UpdateCheck(self.read, "0.1.0", home / "data" / "asked.txt", self.told.append, _on(day))
        check.begin(address)
        if check._thread is not None:
            check._thread.join()
        check.close()
        check.close()


def _on(day: int) -> Callable[[], date]:
    return lambda: date(2026, 12, day)


def test_a_newer_version_is_told(tmp_path: Path) -> None:
    page = Page()
    page.check(tmp_path)
    assert (page.asked, page.told) == ([PAGE], ["9.1"])


@pytest.mark.parametrize("address", ["", "  "])
def test_nobody_is_asked_where_no_page_is_named(tmp_path: Path, address: str) -> None:
    page = Page()
    page.check(tmp_path, address)
    assert (page.asked, page.told, list(tmp_path.iterdir())) == ([], [], [])


def test_a_page_is_asked_once_a_day_and_another_page_at_once(tmp_path: Path) -> None:
    page = Page("0.1.0")
    for day in (1, 1, 2):
        page.check(tmp_path, day=day)
    page.check(tmp_path, f"{PAGE}?", day=2)
    assert (page.asked, page.told) == ([PAGE, PAGE, f"{PAGE}?"], [])


@pytest.mark.parametrize("error", [FetchError("no such page"), TroubleError("it is busy"), OSError("no network")])
def test_a_page_that_fails_is_for_the_log_and_asked_again_tomorrow(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    page = Page(error)
    with caplog.at_level(logging.INFO):
        page.check(tmp_path)
        page.check(tmp_path)
    assert str(error) in caplog.text
    assert (len(page.asked), page.told) == (1, [])


def test_where_the_day_cannot_be_kept_nobody_is_asked(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder belongs")
    page = Page()
    page.check(tmp_path)
    assert page.asked == []


def test_what_comes_after_the_end_is_not_told(tmp_path: Path) -> None:
    told: list[str] = []

    def read(address: str) -> str:
        check._closed.set()
        return "9.1"

    check = UpdateCheck(read, "0.1.0", tmp_path / "asked.txt", told.append)
    check.begin(PAGE)
    check.close()
    assert told == []
