"""Looking into the gallery: which pictures there are, in which order, and what is known of them."""

import json
import sqlite3
from array import array
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from sana_desktop.gallery.database import explaining, open_reader
from sana_desktop.gallery.records import (
    FACT_NAMES,
    Album,
    PictureFacts,
    PictureRow,
    PictureState,
    path_from_text,
    path_to_text,
    settled,
)
from sana_desktop.gallery.search import Search
from sana_desktop.gallery.search_sql import Alike, Plan, Query, plan_for

if TYPE_CHECKING:
    from sana_desktop.gallery.order import Marks, Order
    from sana_desktop.gallery.stacks import Stacked, Stacks

MOST_AT_ONCE = 500
# Answers that are kept, each with a byte for every picture: while somebody types, most parts of a search stay.
MOST_ANSWERS = 32
EVERYTHING = Search()


class Sort(StrEnum):
    """The orders in which pictures are shown; those that are equal come newest first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RATING = "rating"
    NAME = "name"


_ORDERS = {
    Sort.NEWEST: "ORDER BY created DESC, picture DESC",
    Sort.OLDEST: "ORDER BY created, picture",
    Sort.RATING: "ORDER BY rating DESC, created DESC, picture DESC",
    # Paths are JSON texts of folders and names: those of one folder stand together.
    Sort.NAME: "ORDER BY path COLLATE NOCASE, root, picture",
}
_COLUMNS = ", ".join(FACT_NAMES)


def find_picture(db: sqlite3.Connection, path: Path, state: PictureState = PictureState.PRESENT) -> int | None:
    """The number of the picture in that state whose file has, or had last, this place (see `records.settled`)."""
    for root, text in db.execute("SELECT root, path FROM roots").fetchall():
        folder = Path(path_from_text(text))
        if path.is_relative_to(folder):
            sql = "SELECT max(picture) FROM pictures WHERE root = ? AND path = ? AND state = ? HAVING count(*)"
            row = db.execute(sql, (root, path_to_text(path.relative_to(folder)), state)).fetchone()
            if row is not None:
                return int(row[0])
    return None


class GalleryReader:
    """One connection that reads; every method is called on the thread that made it. Close it at the end.

    Every call sees all that was written before. Raises `KnownError` where the file is damaged or gone.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._db = open_reader(file)
        self._roots: dict[int, Path] = {}
        # The order of all pictures, until something is written.
        self._version = -1
        self._all: dict[tuple[Sort, PictureState], array[int]] = {}
        self._orders: dict[tuple[Sort, PictureState], Order] = {}
        self._answers: dict[tuple[Query, int], Marks] = {}
        self._stacks: Stacks | None = None

    def close(self) -> None:
        """Give the file back. Safe to call twice."""
        self._db.close()

    def __enter__(self) -> "GalleryReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def search(self, search: Search = EVERYTHING, sort: Sort = Sort.NEWEST) -> "array[int]":
        """The numbers of the pictures that match, in order; raises `KnownError` for albums that are not there.

        While nothing is written between two calls, the second needs no sorting: with 100,000 pictures a few
        milliseconds. Most of the time other threads may run Python.
        """
        with explaining(self._file):
            state = PictureState.MISSING if search.wants_missing else PictureState.PRESENT
            plan = plan_for(search, state, self._find_album)
            if not plan.include and not plan.exclude:
                return self._everything(sort, state)[:]
            order = self._order(sort, state)
            return order.kept(self._marks(plan, order))

    def stacked(self, found: "array[int]") -> "Stacked":
        """The pictures of `found` without those that look nearly as one before them; see `gallery.looks`."""
        with explaining(self._file):
            return self._ready_stacks().stacked(found)

    def without_look(self) -> "array[int]":
        """The pictures of which nobody has noted how they look, the newest first."""
        with explaining(self._file):
            inner = "SELECT picture FROM pictures WHERE state = 0 AND print NOT IN (SELECT print FROM looks)"
            text = self._list(f"SELECT json_group_array(picture) FROM ({inner} ORDER BY created DESC)", ())
            return array("q", json.loads(text))

    def get_ready(self) -> None:
        """Do now what the first search for something would do besides: for a moment in which nobody waits."""
        with explaining(self._file):
            self._order(Sort.NEWEST, PictureState.PRESENT)

    def rows(self, pictures: Sequence[int]) -> tuple[PictureRow, ...]:
        """What is known of these pictures, in this order; numbers that nobody has are left out."""
        found: dict[int, PictureRow] = {}
        with explaining(self._file):
            for start in range(0, len(pictures), MOST_AT_ONCE):
                found |= self._rows(tuple(pictures[start : start + MOST_AT_ONCE]))
        return tuple(found[picture] for picture in pictures if picture in found)

    def find(self, path: Path, state: PictureState = PictureState.PRESENT) -> int | None:
        """The number of the picture in that state at this place; None if the gallery knows none."""
        with explaining(self._file):
            return find_picture(self._db, settled(path), state)

    def tags(self) -> tuple[tuple[str, int], ...]:
        """All tags by name, with how many pictures have them."""
        return self._pairs(
            "SELECT name, count(*) FROM tags JOIN picture_tags USING (tag) JOIN pictures USING (picture)"
            " WHERE state = 0 GROUP BY tag ORDER BY name COLLATE NOCASE"
        )

    def packs(self) -> tuple[tuple[str, int], ...]:
        """All packs and models by name, with how many pictures they drew."""
        return self._pairs(
            "SELECT pack, count(*) FROM pictures WHERE state = 0 AND pack <> '' GROUP BY pack ORDER BY pack"
        )

    def albums(self) -> tuple[Album, ...]:
        """All albums by name."""
        with explaining(self._file):
            rows = self._db.execute(
                "SELECT name, query, (SELECT count(*) FROM album_pictures JOIN pictures USING (picture)"
                " WHERE album = albums.album AND state = 0) FROM albums ORDER BY name COLLATE NOCASE"
            ).fetchall()
        return tuple(Album(*row) for row in rows)

    def roots(self) -> tuple[tuple[Path, str], ...]:
        """The folders that pictures lie in, with their kind (`records.RootKind`)."""
        with explaining(self._file):
            rows = self._db.execute("SELECT path, kind FROM roots ORDER BY path").fetchall()
        return tuple((Path(path_from_text(text)), kind) for text, kind in rows)

    def _marks(self, one: Query | Alike | Plan, order: "Order") -> "Marks":
        """What a question finds, or a plan within a plan."""
        if isinstance(one, Query):
            return self._answer(one, order)
        if isinstance(one, Alike):
            return self._ready_stacks().marks(one.picture, order.size)
        found = order.everything
        for part in one.include:
            found &= self._marks(part, order)
        for part in one.exclude:
            found &= ~self._marks(part, order)
        return found

    def _answer(self, query: Query, order: "Order") -> "Marks":
        """What a statement finds, from memory if it was asked lately; nobody changes these marks."""
        # Deferred: numpy takes a tenth of a second, in which all pictures can be shown.
        from sana_desktop.gallery.order import numbers_in

        asked = query, order.size
        marks = self._answers.pop(asked, None)
        if marks is None:
            marks = order.marks(numbers_in(self._list(query.sql, query.parameters)))
            if len(self._answers) >= MOST_ANSWERS:
                del self._answers[next(iter(self._answers))]
        # At the end, so that those which nobody asked for the longest time stand first.
        self._answers[asked] = marks
        return marks

    def _everything(self, sort: Sort, state: PictureState) -> "array[int]":
        """All pictures in that state, in order."""
        # Another number means that another connection has written.
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._version, self._all, self._orders, self._answers, self._stacks = version, {}, {}, {}, None
        everything = self._all.get((sort, state))
        if everything is None:
            inner = f"SELECT picture FROM pictures WHERE state = ? {_ORDERS[sort]}"
            text = self._list(f"SELECT json_group_array(picture) FROM ({inner})", [int(state)])
            everything = self._all[sort, state] = array("q", json.loads(text))
        return everything

    def _order(self, sort: Sort, state: PictureState) -> "Order":
        # Deferred: see `_marks`.
        from sana_desktop.gallery.order import Order

        everything = self._everything(sort, state)
        order = self._orders.get((sort, state))
        if order is None:
            order = self._orders[sort, state] = Order.of(everything)
        return order

    def _ready_stacks(self) -> "Stacks":
        # Deferred: see `_marks`.
        from sana_desktop.gallery.order import numbers_in
        from sana_desktop.gallery.stacks import Stacks

        self._everything(Sort.NEWEST, PictureState.PRESENT)
        if self._stacks is None:
            sql = "SELECT json_group_array({}) FROM pictures JOIN looks USING (print) WHERE state = 0"
            pictures, looks = (numbers_in(self._list(sql.format(name), ())) for name in ("picture", "look"))
            self._stacks = Stacks(pictures, looks)
        return self._stacks

    def _list(self, sql: str, parameters: Sequence[object]) -> str:
        """A whole list of numbers in one row, as JSON: twice as fast as a row each, and other threads run meanwhile."""
        return self._db.execute(sql, parameters).fetchone()[0]

    def _rows(self, pictures: tuple[int, ...]) -> dict[int, PictureRow]:
        marks = ", ".join("?" * len(pictures))
        tags = self._names("picture_tags JOIN tags USING (tag)", pictures)
        albums = self._names("album_pictures JOIN albums USING (album)", pictures)
        names = f"picture, root, path, rating, favourite, state, {_COLUMNS}"
        rows = self._db.execute(f"SELECT {names} FROM pictures WHERE picture IN ({marks})", pictures).fetchall()
        return {
            picture: PictureRow(
                picture=picture,
                path=self._root(root) / path_from_text(path),
                facts=PictureFacts(**dict(zip(FACT_NAMES, facts, strict=True))),
                rating=rating,
                favourite=bool(favourite),
                state=PictureState(state),
                tags=tuple(tags.get(picture, ())),
                albums=tuple(albums.get(picture, ())),
            )
            for picture, root, path, rating, favourite, state, *facts in rows
        }

    def _names(self, tables: str, pictures: tuple[int, ...]) -> dict[int, list[str]]:
        marks = ", ".join("?" * len(pictures))
        sql = f"SELECT picture, name FROM {tables} WHERE picture IN ({marks}) ORDER BY name COLLATE NOCASE"
        found: dict[int, list[str]] = {}
        for picture, name in self._db.execute(sql, pictures):
            found.setdefault(picture, []).append(name)
        return found

    def _root(self, root: int) -> Path:
        if root not in self._roots:
            (text,) = self._db.execute("SELECT path FROM roots WHERE root = ?", (root,)).fetchone()
            self._roots[root] = Path(path_from_text(text))
        return self._roots[root]

    def _find_album(self, name: str) -> tuple[int, str | None] | None:
        return self._db.execute("SELECT album, query FROM albums WHERE name = ?", (name,)).fetchone()

    def _pairs(self, sql: str) -> tuple[tuple[str, int], ...]:
        with explaining(self._file):
            return tuple((str(name), int(count)) for name, count in self._db.execute(sql).fetchall())
