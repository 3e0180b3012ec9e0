"""From a search to SQL; what the user typed is only ever a parameter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sana_desktop.errors import KnownError
from sana_desktop.gallery.records import PictureState
from sana_desktop.gallery.search import (
    DateFilter,
    Field,
    NumberFilter,
    Part,
    Search,
    SizeFilter,
    TextFilter,
    Trait,
    TraitFilter,
    Words,
    parse_search,
)
from sana_desktop.gallery.words import phrase

DEEPEST_ALBUM = 4

# Given the name of an album: its number and, if it is smart, its query; None if there is none.
FindAlbum = Callable[[str], tuple[int, str | None] | None]

_PLACES = "{prompt tags name}"
_TRAITS = {
    Trait.FAVOURITE: "favourite = 1",
    Trait.UNRATED: "rating = 0",
    Trait.UNTAGGED: "picture NOT IN (SELECT picture FROM picture_tags)",
    # Whoever asks for missing ones is shown no others.
    Trait.MISSING: "state = 1",
}
_SECONDS = 1000
_FIND_TAG = "SELECT json_group_array(picture) FROM picture_tags JOIN tags USING (tag) WHERE name = ?"
_FIND_WORDS = "SELECT json_group_array(rowid) FROM words WHERE words MATCH ?"


@dataclass(frozen=True, slots=True)
class Query:
    """A statement that gives the numbers of pictures as one JSON list in any order."""

    sql: str
    parameters: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """The pictures that look like the one of this number, and itself; no statement finds them."""

    picture: int


@dataclass(slots=True)
class Plan:
    """What to ask the database: the pictures that all of `include` find, without those that one of `exclude` finds.

    Nothing to include stands for every picture. One question for each part lets the database answer from an
    index alone; sets are cut faster than rows are looked up.
    """

    include: list[Query | Alike] = field(default_factory=list[Query | Alike])
    exclude: "list[Query | Alike | Plan]" = field(default_factory=list["Query | Alike | Plan"])


def plan_for(search: Search, state: PictureState, find_album: FindAlbum) -> Plan:
    """What to ask for pictures in that state; raises `KnownError` for albums that cannot be used."""
    return _Planner(state, find_album).plan(search, DEEPEST_ALBUM)


@dataclass(frozen=True, slots=True)
class _Planner:
    state: PictureState
    find_album: FindAlbum

    def plan(self, search: Search, depth: int) -> Plan:
        made = Plan()
        matches: list[str] = []
        for part in search.parts:
            if isinstance(part, TextFilter) and part.field is Field.ALBUM:
                self._add_album(part, made, depth)
                continue
            if isinstance(part, NumberFilter) and part.field is Field.LIKE:
                (made.exclude if part.exclude else made.include).append(Alike(part.number))
                continue
            match = _match(part)
            if isinstance(part, TextFilter) and part.field is Field.TAG:
                (made.exclude if part.exclude else made.include).append(Query(_FIND_TAG, (part.text,)))
            elif match is None:
                query = self._rows(*_where(part))
                (made.exclude if part.exclude else made.include).append(query)
            elif match and part.exclude:
                made.exclude.append(Query(_FIND_WORDS, (match,)))
            elif match:
                matches.append(match)
        if matches:
            # The index of words knows best how to put words together.
            made.include.append(Query(_FIND_WORDS, (" AND ".join(matches),)))
        return made

    def _add_album(self, part: TextFilter, made: Plan, depth: int) -> None:
        found = self.find_album(part.text)
        if found is None:
            raise KnownError(f"album: expects the name of an album, found “{part.text[:40]}”.")
        number, query = found
        if query is None:
            sql = "SELECT json_group_array(picture) FROM album_pictures WHERE album = ?"
            (made.exclude if part.exclude else made.include).append(Query(sql, (number,)))
            return
        if depth <= 1:
            raise KnownError(f"The album “{part.text[:40]}” asks for albums that ask for albums, too many times.")
        inner = self.plan(parse_search(query), depth - 1)
        if part.exclude:
            made.exclude.append(inner)
        else:
            made.include += inner.include
            made.exclude += inner.exclude

    def _rows(self, where: str, parameters: tuple[object, ...]) -> Query:
        sql = f"SELECT json_group_array(picture) FROM pictures WHERE state = ? AND {where}"
        return Query(sql, (int(self.state), *parameters))


def _match(part: Part) -> str | None:
    """What to ask the index of words for; empty where there is no word in the part, None for parts of other kinds."""
    if isinstance(part, Words):
        found = phrase(part.text, whole=part.whole)
        return f"({_PLACES} : {found})" if found else ""
    if isinstance(part, TextFilter) and part.field is Field.NEGATIVE:
        found = phrase(part.text, whole=False)
        return f"({{negative}} : {found})" if found else ""
    return None


def _where(part: Part) -> tuple[str, tuple[object, ...]]:
    match part:
        case TextFilter():
            return "pack = ? COLLATE NOCASE", (part.text,)
        case NumberFilter():
            # A picture without a seed has none that is larger or smaller.
            return f"({part.field.value} IS NOT NULL AND {part.field.value} {part.sign} ?)", (part.number,)
        case SizeFilter(height=None):
            return f"max(width, height) {part.sign} ?", (part.width,)
        case SizeFilter():
            return f"(width {part.sign} ? AND height {part.sign} ?)", (part.width, part.height)
        case DateFilter():
            return f"created {'>=' if part.field is Field.AFTER else '<'} ?", (_milliseconds(part),)
        case TraitFilter():
            return _TRAITS[part.trait], ()
        case Words():
            raise ValueError("words are asked of their own index")


def _milliseconds(part: DateFilter) -> int:
    """When the day begins where the user is."""
    try:
        return int(datetime(part.day.year, part.day.month, part.day.day).timestamp() * _SECONDS)
    except (OverflowError, OSError, ValueError):
        # Some systems know no local time long ago or far ahead; a day more or less is nothing there.
        return int((part.day - datetime(1970, 1, 1).date()) / timedelta(milliseconds=1))
