"""A table of a TOML file read strictly: every value has a kind and a range, and no key goes unread."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from math import isfinite
from typing import NoReturn, TypeVar, cast

from sana_desktop.errors import PackError

LONGEST_TEXT = 4000

_Choice = TypeVar("_Choice", bound=StrEnum)


class StrictTable:
    """Reads a table key by key and raises `PackError` saying what was expected and found.

    A `default` of None makes a key required. Call `finish` after the last read: it refuses keys that
    nobody asked for, with the known key that looks most like them.
    """

    def __init__(self, values: Mapping[str, object], where: str) -> None:
        self._values = values
        self.where = where
        self._asked: list[str] = []

    def text(self, key: str, default: str | None = None) -> str:
        """A string of at most 4000 characters; empty only where `default` is."""
        value = self._get(key, default)
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            self.refuse(key, f"a text of at most {LONGEST_TEXT} characters", value)
        if not value and default != "":
            self.refuse(key, "a text that is not empty", value)
        return value

    def whole(self, key: str, smallest: int, largest: int, default: int | None = None) -> int:
        """A whole number within both bounds."""
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not smallest <= value <= largest:
            self.refuse(key, f"a whole number from {smallest} to {largest}", value)
        return value

    def number(self, key: str, smallest: float, largest: float, default: float | None = None) -> float:
        """A finite number within both bounds."""
        value = self._get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
            self.refuse(key, "a number", value)
        if not smallest <= value <= largest:
            self.refuse(key, f"a number from {smallest:g} to {largest:g}", value)
        return float(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """True or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            self.refuse(key, "true or false", value)
        return value

    def choice(self, key: str, kind: type[_Choice], default: _Choice | None = None) -> _Choice:
        """One of the values of an enumeration."""
        return self._choose(key, self._get(key, default), kind)

    def choices(self, key: str, kind: type[_Choice]) -> tuple[_Choice, ...]:
        """At least one of the values of an enumeration, each at most once, in the file's order."""
        found = tuple(self._choose(key, value, kind) for value in self.list_of(key))
        if not found or len(set(found)) != len(found):
            self.refuse(key, "a list of different values, at least one", self._values.get(key))
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty when the key is absent."""
        values = self.list_of(key) if self.has(key) else []
        if not all(isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT for value in values):
            self.refuse(key, "a list of texts", values)
        return tuple(str(value) for value in values)

    def wholes(self, key: str, smallest: int, largest: int) -> tuple[int, ...]:
        """A list of whole numbers, each within both bounds."""
        values = self.list_of(key)
        if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            self.refuse(key, "a list of whole numbers", values)
        numbers = tuple(cast(list[int], values))
        if not all(smallest <= number <= largest for number in numbers):
            self.refuse(key, f"a list of whole numbers from {smallest} to {largest}", values)
        return numbers

    def has(self, key: str) -> bool:
        """Whether the file gives the key; counts as asking for it."""
        self._asked.append(key)
        return key in self._values

    def is_list(self, key: str) -> bool:
        """Whether the file gives a list for the key."""
        return self.has(key) and isinstance(self._values[key], list)

    def table(self, key: str) -> "StrictTable":
        """A table inside this one; an absent one reads as empty, so that its own defaults apply."""
        return StrictTable(self._mapping(key, self._get(key, {})), f"{self.where}, [{key}]")

    def tables(self, key: str) -> Iterator["StrictTable"]:
        """The tables of a list of tables."""
        for number, value in enumerate(self.list_of(key), start=1):
            yield StrictTable(self._mapping(key, value), f"{self.where}, [[{key}]] {number}")

    def named_tables(self, key: str) -> Iterator[tuple[str, "StrictTable"]]:
        """The tables of a table of tables, with their names."""
        for name, value in self._mapping(key, self._get(key, None)).items():
            yield name, StrictTable(self._mapping(key, value), f"{self.where}, [{key}.{name}]")

    def list_of(self, key: str) -> list[object]:
        """A list of anything."""
        value = self._get(key, None)
        if not isinstance(value, list):
            self.refuse(key, "a list", value)
        return cast(list[object], value)

    def finish(self, *, harmless: tuple[object, ...] = ()) -> None:
        """Refuse every key that was not asked for, unless its value is one of the `harmless`."""
        for key, value in self._values.items():
            if key not in self._asked and value not in harmless:
                near = get_close_matches(key, self._asked, n=1)
                hint = f"Did you mean “{near[0]}”?" if near else f"Known: {', '.join(sorted(set(self._asked)))}."
                raise PackError(f"{self.where}: “{key[:80]}” is not a known key.", hint=hint)

    def refuse(self, key: str, expected: str, found: object, hint: str = "") -> NoReturn:
        """Raise the `PackError` for a value that is not what was expected."""
        shown = repr(found) if len(repr(found)) <= 80 else f"{repr(found)[:80]}..."
        raise PackError(f"{self.where}: “{key}” must be {expected}, found {shown}.", hint=hint)

    def _get(self, key: str, default: object) -> object:
        if self.has(key):
            return self._values[key]
        if default is None:
            raise PackError(f"{self.where}: “{key}” is missing.")
        return default

    def _mapping(self, key: str, value: object) -> Mapping[str, object]:
        if not isinstance(value, Mapping):
            self.refuse(key, "a table", value)
        return cast(Mapping[str, object], value)

    def _choose(self, key: str, value: object, kind: type[_Choice]) -> _Choice:
        names = [str(member.value) for member in kind]
        if not isinstance(value, str) or value not in names:
            near = get_close_matches(value, names, n=1) if isinstance(value, str) else []
            self.refuse(key, f"one of {', '.join(names)}", value, f"Did you mean “{near[0]}”?" if near else "")
        return kind(value)
