"""Reading a page that names the newest version of this program, written by whoever hands it out."""

import re

# At the beginning of the first line; what follows on it is for people.
_VERSION = re.compile(r"v?(\d{1,6}(?:\.\d{1,6}){1,3})(?![\w.])")


def newer_version(page: str, own: str) -> str:
    """The version that the first line of `page` begins with, if it comes after `own`; otherwise empty.

    A page that names none is as good as no page: it says nothing that anybody could do something about.
    """
    found = _VERSION.match(page.lstrip("\ufeff").lstrip())
    if found is None or _numbers(found[1]) <= _numbers(own):
        return ""
    return found[1]


def _numbers(version: str) -> tuple[int, ...]:
    """A version for comparing: 1.2 and 1.2.0 are the same."""
    numbers = [int(part) for part in re.findall(r"\d+", version)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
