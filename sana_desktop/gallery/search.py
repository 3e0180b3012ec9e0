"""The language in which pictures are looked for, such as: red fox -night pack:starter rating:>3 after:2026-11.

Words may stand in any order, each may be the beginning of a longer one; words in quotes belong together and
are whole. A minus in front turns any part around. All parts have to be true.
"""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum

from sana_desktop.errors import KnownError

LONGEST_QUERY = 2000
MOST_PARTS = 100

_PART = re.compile(r'\s*(-?)(?:([a-z]+):)?(?:"([^"]*)("?)|(\S*))', re.IGNORECASE)
_LINE = re.compile(r"(?<!\S)-{2,}")
_COMPARED = re.compile(r"(>=|<=|>|<|=)?([0-9]{1,19})")
_SIDES = re.compile(r"(>=|<=|>|<|=)?([0-9]{1,6})(?:[x×]([0-9]{1,6}))?", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")
_LARGEST = 2**63 - 1


class Field(StrEnum):
    """What can be asked for besides words."""

    PACK = "pack"
    SIZE = "size"
    SEED = "seed"
    AFTER = "after"
    BEFORE = "before"
    RATING = "rating"
    TAG = "tag"
    IS = "is"
    ALBUM = "album"
    NEGATIVE = "negative"
    LIKE = "like"


class Trait(StrEnum):
    """What `is:` knows."""

    FAVOURITE = "favourite"
    UNRATED = "unrated"
    UNTAGGED = "untagged"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand together; `whole` ones were in quotes."""

    text: str
    whole: bool = False
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class TextFilter:
    """`pack`, `tag`, `album` and `negative`: a text."""

    field: Field
    text: str
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class NumberFilter:
    """`seed`, `rating`, and `like`, the number of a picture that others look like: `sign` is one of = < <= > >=."""

    field: Field
    sign: str
    number: int
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class SizeFilter:
    """Pixels: of both sides, or without a height of the longer one."""

    sign: str
    width: int
    height: int | None = None
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class DateFilter:
    """`after` is from the beginning of that day on, `before` until it begins, where the user is."""

    field: Field
    day: date
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class TraitFilter:
    """`is:favourite` and its like."""

    trait: Trait
    exclude: bool = False


Part = Words | TextFilter | NumberFilter | SizeFilter | DateFilter | TraitFilter


@dataclass(frozen=True, slots=True)
class Search:
    """Parts that all have to be true of a picture; none finds every picture."""

    parts: tuple[Part, ...] = ()

    @property
    def wants_missing(self) -> bool:
        """Whether pictures are looked for whose files are gone."""
        return TraitFilter(Trait.MISSING) in self.parts

    @property
    def opens_stack(self) -> bool:
        """Whether pictures are looked for that look like another one, so that nobody wants them in a stack."""
        return any(isinstance(part, NumberFilter) and part.field is Field.LIKE for part in self.parts)


def parse_search(text: str, today: date | None = None) -> Search:
    """Understand what somebody typed; `today` is for the words today and yesterday.

    Raises `KnownError` that says what was expected and found. Names before a colon that are nobody's are words.
    """
    if len(text) > LONGEST_QUERY:
        raise KnownError(f"A search has at most {LONGEST_QUERY} characters, found {len(text)}.")
    parts: list[Part] = []
    # One minus takes a word away; more of them are a line that somebody drew.
    for match in _PART.finditer(_LINE.sub("-", text)):
        minus, name, quoted, closing, plain = match.groups()
        exclude = bool(minus)
        # A quote within a value could not be written down again, and no name has one.
        value = quoted if quoted is not None else (plain or "").replace('"', "")
        field = None if name is None else _field(name, value)
        if field is not None:
            parts.append(_filter(field, value.strip(), exclude, today or date.today()))
            continue
        words = value if name is None else f"{name}:{value}"
        if words.strip():
            # A quote that is not closed yet is still being typed: its last word may go on.
            parts.append(Words(" ".join(words.split()), closing == '"', exclude))
        if len(parts) > MOST_PARTS:
            raise KnownError(f"A search has at most {MOST_PARTS} parts.")
    return Search(tuple(parts))


def search_to_text(search: Search) -> str:
    """The search as somebody would type it; `parse_search` gives it back."""
    return " ".join(_part_to_text(part) for part in search.parts)


def _field(name: str, value: str) -> Field | None:
    """The field of that name, None where the colon belongs to a word."""
    names = [field.value for field in Field]
    if name.lower() in names:
        return Field(name.lower())
    near = get_close_matches(name.lower(), names, n=1, cutoff=0.75)
    if near and value:
        raise KnownError(f"“{name}:” is nothing to search by.", hint=f"Did you mean {near[0]}: ?")
    return None


def _filter(field: Field, value: str, exclude: bool, today: date) -> Part:
    if not value:
        raise KnownError(f"{field}: expects {_EXPECTED[field]}, found nothing.")
    match field:
        case Field.PACK | Field.TAG | Field.ALBUM | Field.NEGATIVE:
            return TextFilter(field, " ".join(value.split()), exclude)
        case Field.AFTER | Field.BEFORE:
            return DateFilter(field, _date(field, value, today), exclude)
        case Field.SIZE:
            found = _SIDES.fullmatch(value)
            if found is None:
                raise _unexpected(field, value)
            return SizeFilter(found[1] or "=", int(found[2]), int(found[3]) if found[3] else None, exclude)
        case Field.SEED | Field.RATING:
            found = _COMPARED.fullmatch(value)
            if found is None or int(found[2]) > _LARGEST or (field is Field.RATING and int(found[2]) > 5):
                raise _unexpected(field, value)
            return NumberFilter(field, found[1] or "=", int(found[2]), exclude)
        case Field.LIKE:
            if not value.isascii() or not value.isdecimal() or len(value) > 18:
                raise _unexpected(field, value)
            return NumberFilter(field, "=", int(value), exclude)
        case Field.IS:
            known = {"favorite": "favourite"}.get(value.lower(), value.lower())
            if known not in [trait.value for trait in Trait]:
                raise _unexpected(field, value)
            return TraitFilter(Trait(known), exclude)


_EXPECTED = {
    Field.PACK: "the id of a pack",
    Field.SIZE: "pixels such as 1024x768, or >1000 for the longer side",
    Field.SEED: "a number such as 42",
    Field.AFTER: "a date such as 2026-11-24",
    Field.BEFORE: "a date such as 2026-11-24",
    Field.RATING: "0 to 5, perhaps with a sign, such as >3",
    Field.TAG: "a tag",
    Field.IS: f"one of {', '.join(Trait)}",
    Field.ALBUM: "the name of an album",
    Field.NEGATIVE: "words of the negative prompt",
    Field.LIKE: "the number of a picture",
}


def _date(field: Field, value: str, today: date) -> date:
    """A day; of a month or year alone, the first."""
    if value.lower() in ("today", "yesterday"):
        return today if value.lower() == "today" else date.fromordinal(today.toordinal() - 1)
    found = _DATE.fullmatch(value)
    if found is None:
        raise _unexpected(field, value)
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        raise _unexpected(field, value) from None


def _is_plain(text: str) -> bool:
    try:
        return parse_search(text).parts == (Words(text),)
    except KnownError:
        return False


def _unexpected(field: Field, value: str) -> KnownError:
    return KnownError(f"{field}: expects {_EXPECTED[field]}, found “{value[:40]}”.")


def _part_to_text(part: Part) -> str:
    minus = "-" if part.exclude else ""
    match part:
        case Words():
            if part.whole:
                return f'{minus}"{part.text}"'
            # Several words, or such that mean something else, came out of a quote that nobody closed yet.
            return f"{minus}{part.text}" if _is_plain(part.text) else f'{minus}"{part.text}'
        case TextFilter():
            return f'{minus}{part.field}:"{part.text}"'
        case NumberFilter(field=Field.LIKE):
            return f"{minus}like:{part.number}"
        case NumberFilter():
            return f"{minus}{part.field}:{part.sign}{part.number}"
        case SizeFilter():
            sides = str(part.width) if part.height is None else f"{part.width}x{part.height}"
            return f"{minus}size:{part.sign}{sides}"
        case DateFilter():
            return f"{minus}{part.field}:{part.day.isoformat()}"
        case TraitFilter():
            return f"{minus}is:{part.trait}"
