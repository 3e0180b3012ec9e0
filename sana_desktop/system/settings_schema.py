"""What preferences there are, from `resources/settings.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from math import isfinite
from pathlib import Path
from types import MappingProxyType

from sana_desktop.errors import KnownError
from sana_desktop.system.resources import resources_folder
from sana_desktop.system.small_files import read_toml
from sana_desktop.system.strict_table import StrictTable

FORMAT = 1
LONGEST_PATH = 4000
LARGEST_NUMBER = 1_000_000

Value = bool | int | float | str

_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class Kind(StrEnum):
    """What a preference can hold."""

    FLAG = "flag"
    WHOLE = "whole"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    FOLDER = "folder"


class Effect(StrEnum):
    """When a change counts."""

    AT_ONCE = "at once"
    NEXT_PICTURE = "next picture"
    NEXT_START = "next start"


@dataclass(frozen=True, slots=True)
class Section:
    """A group of preferences that are shown together."""

    key: str
    label: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One preference. `key` is its section and its name with a dot between.

    `choices` and their `names` for people have the same order; `smallest` and `largest` bound numbers, `longest`
    counts the characters of texts. `empty` says what an empty folder stands for.
    """

    key: str
    kind: Kind
    default: Value
    effect: Effect
    label: str
    help: str
    choices: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    smallest: float = 0.0
    largest: float = 0.0
    longest: int = LONGEST_PATH
    unit: str = ""
    empty: str = ""

    @property
    def section(self) -> str:
        """The key of the section it belongs to."""
        return self.key.partition(".")[0]

    @property
    def expected(self) -> str:
        """What a value must be, for people."""
        match self.kind:
            case Kind.FLAG:
                return "true or false"
            case Kind.WHOLE:
                return f"a whole number from {self.smallest:g} to {self.largest:g}"
            case Kind.NUMBER:
                return f"a number from {self.smallest:g} to {self.largest:g}"
            case Kind.TEXT:
                return f"a text of at most {self.longest} characters on one line"
            case Kind.CHOICE:
                return f"one of {', '.join(self.choices)}"
            case Kind.FOLDER:
                return "the full path of a folder, or nothing"

    def check(self, value: object) -> Value:
        """`value` as this preference keeps it; raises `KnownError` saying what was expected and found."""
        match self.kind, value:
            case Kind.FLAG, bool():
                return value
            case ((Kind.FLAG | Kind.WHOLE | Kind.NUMBER), bool()):
                pass
            case Kind.WHOLE, int() if self.smallest <= value <= self.largest:
                return value
            case Kind.NUMBER, int() | float() if self.smallest <= value <= self.largest and isfinite(value):
                return float(value)
            case Kind.TEXT, str() if len(value) <= self.longest and value.isprintable():
                return value
            case Kind.CHOICE, str() if value in self.choices:
                return value
            case Kind.FOLDER, str() if _is_full_path(value):
                return value
            case _:
                pass
        shown = repr(value) if len(repr(value)) <= 80 else f"{repr(value)[:80]}..."
        near = get_close_matches(value, self.choices, n=1) if isinstance(value, str) else []
        hint = f"Did you mean “{near[0]}”?" if near else ""
        raise KnownError(f"“{self.key}” must be {self.expected}, found {shown}.", hint=hint)

    def parse(self, text: str) -> Value:
        """The value that somebody wrote as text; raises `KnownError` as `check` does."""
        word = text.strip().casefold()
        match self.kind:
            case Kind.FLAG if word in _YES:
                return True
            case Kind.FLAG if word in _NO:
                return False
            case Kind.WHOLE | Kind.NUMBER:
                try:
                    return self.check(int(word) if self.kind is Kind.WHOLE else float(word))
                except ValueError:
                    return self.check(text)
            case Kind.CHOICE:
                return self.check(word)
            case _:
                return self.check(text)


@dataclass(frozen=True, slots=True)
class Schema:
    """All sections and preferences in the order in which they are shown."""

    sections: tuple[Section, ...]
    settings: Mapping[str, Setting]

    def of(self, section: Section) -> tuple[Setting, ...]:
        """The preferences of one section."""
        return tuple(setting for setting in self.settings.values() if setting.section == section.key)


def shipped_schema() -> Schema:
    """The preferences of this program."""
    return read_schema(resources_folder() / "settings.toml")


def read_schema(path: Path) -> Schema:
    """Read and check a schema; raises `PackError` for the first thing that is wrong with it."""
    table = StrictTable(read_toml(path), path.name)
    table.whole("format", FORMAT, FORMAT)
    sections = tuple(_section(key, inner) for key, inner in table.named_tables("sections"))
    known = {section.key for section in sections}
    settings: dict[str, Setting] = {}
    for key, inner in table.named_tables("settings"):
        settings[key] = _setting(key, inner)
        if settings[key].section not in known or key.count(".") != 1:
            inner.refuse("key", f"a section ({', '.join(known)}), a dot and a name", key)
    table.finish()
    return Schema(sections, MappingProxyType(settings))


def _section(key: str, table: StrictTable) -> Section:
    section = Section(key, table.text("label"), table.text("help"))
    table.finish()
    return section


def _setting(key: str, table: StrictTable) -> Setting:
    kind = table.choice("kind", Kind)
    setting = Setting(
        key=key,
        kind=kind,
        default=_default(kind, table),
        effect=table.choice("effect", Effect),
        label=table.text("label"),
        help=table.text("help"),
        choices=table.texts("choices"),
        names=table.texts("names"),
        smallest=table.number("smallest", -LARGEST_NUMBER, LARGEST_NUMBER, 0.0),
        largest=table.number("largest", -LARGEST_NUMBER, LARGEST_NUMBER, 0.0),
        longest=table.whole("longest", 1, LONGEST_PATH, LONGEST_PATH),
        unit=table.text("unit", ""),
        empty=table.text("empty", ""),
    )
    table.finish()
    if len(setting.choices) != len(setting.names):
        table.refuse("names", "as many as choices", setting.names)
    try:
        setting.check(setting.default)
    except KnownError:
        table.refuse("default", setting.expected, setting.default)
    return setting


def _default(kind: Kind, table: StrictTable) -> Value:
    match kind:
        case Kind.FLAG:
            return table.flag("default")
        case Kind.WHOLE:
            return table.whole("default", -LARGEST_NUMBER, LARGEST_NUMBER)
        case Kind.NUMBER:
            return table.number("default", -LARGEST_NUMBER, LARGEST_NUMBER)
        case Kind.CHOICE:
            return table.text("default")
        case Kind.TEXT | Kind.FOLDER:
            return table.text("default", "")


def _is_full_path(text: str) -> bool:
    if not text:
        return True
    return len(text) <= LONGEST_PATH and text.isprintable() and Path(text).is_absolute()
