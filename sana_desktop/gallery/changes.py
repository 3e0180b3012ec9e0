"""Everything that is written to the gallery's database, statement by statement; the caller holds a transaction."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sana_desktop.errors import KnownError
from sana_desktop.gallery.records import (
    FACT_NAMES,
    PictureFacts,
    PictureState,
    RootKind,
    path_from_text,
    path_to_text,
)
from sana_desktop.gallery.words import indexed

BEST_RATING = 5
LONGEST_NAME = 100

_SETS = ", ".join(f"{name} = ?" for name in FACT_NAMES)
_INSERT = (
    f"INSERT INTO pictures (root, path, {', '.join(FACT_NAMES)}) VALUES (?, ?{', ?' * len(FACT_NAMES)})"
    " RETURNING picture"
)


def add_root(db: sqlite3.Connection, folder: Path, kind: RootKind) -> int:
    """The number of a folder, which is written down if it is new.

    One that is looked through takes over the pictures of loose ones inside it.
    """
    text = path_to_text(folder)
    row = db.execute("SELECT root, kind FROM roots WHERE path = ?", (text,)).fetchone()
    if row is None:
        row = db.execute("INSERT INTO roots (path, kind) VALUES (?, ?) RETURNING root, kind", (text, kind)).fetchone()
    root = int(row[0])
    if kind is not RootKind.LOOSE:
        db.execute("UPDATE roots SET kind = ? WHERE root = ? AND kind = ?", (kind, root, RootKind.LOOSE))
        _take_over(db, root, folder)
    return root


def ensure_own(db: sqlite3.Connection, folder: Path) -> None:
    """Let the gallery look after the folder in which the program saves, unless it does so already."""
    kinds = db.execute("SELECT path FROM roots WHERE kind <> ?", (RootKind.LOOSE,)).fetchall()
    if not any(folder.is_relative_to(path_from_text(text)) for (text,) in kinds):
        add_root(db, folder, RootKind.OWN)


def root_of(db: sqlite3.Connection, path: Path) -> tuple[int, str]:
    """The innermost folder of the gallery that holds `path`, and the path from there; a new loose one if none does."""
    best: tuple[int, int, str] | None = None
    for root, text in db.execute("SELECT root, path FROM roots").fetchall():
        folder = Path(path_from_text(text))
        if path.is_relative_to(folder) and (best is None or len(folder.parts) > best[0]):
            best = (len(folder.parts), root, path.relative_to(folder).as_posix())
    if best is not None:
        return best[1], best[2]
    return add_root(db, path.parent, RootKind.LOOSE), path.name


@dataclass(frozen=True, slots=True)
class Put:
    """The number of a picture, and whether it is a new one."""

    picture: int
    is_new: bool


def put_picture(db: sqlite3.Connection, root: int, inside: str, facts: PictureFacts, gone: Collection[int] = ()) -> Put:
    """Write down the picture at a place.

    The row whose file has this place is brought up to date. Otherwise one with the same content whose file is
    gone moves here, with its rating, tags and albums: a row that is marked so, or one of those in `gone`.
    """
    path = path_to_text(inside)
    row = db.execute("SELECT picture FROM pictures WHERE root = ? AND path = ? AND state = 0", (root, path)).fetchone()
    picture = int(row[0]) if row is not None else _moved(db, facts.print, gone)
    values = [getattr(facts, name) for name in FACT_NAMES]
    if picture is None:
        number = int(db.execute(_INSERT, (root, path, *values)).fetchone()[0])
        _insert_words(db, number, facts.prompt, "", inside, facts.negative)
        return Put(number, True)
    sql = f"UPDATE pictures SET root = ?, path = ?, state = ?, {_SETS} WHERE picture = ?"
    db.execute(sql, (root, path, PictureState.PRESENT, *values, picture))
    _index(db, picture)
    return Put(picture, False)


def renew_print(db: sqlite3.Connection, old: bytes, new: bytes) -> None:
    """A file is recognised by another print from now on; what was said of it stays."""
    db.execute("UPDATE pictures SET print = ? WHERE print = ?", (new, old))
    db.execute("UPDATE OR REPLACE looks SET print = ? WHERE print = ?", (new, old))


def touch(db: sqlite3.Connection, picture: int, length: int, modified: int) -> None:
    """The file has another date and the same content."""
    db.execute("UPDATE pictures SET length = ?, modified = ? WHERE picture = ?", (length, modified, picture))


def set_state(db: sqlite3.Connection, pictures: Iterable[int], state: PictureState) -> None:
    """Note that files are there, gone, or thrown away."""
    db.executemany("UPDATE pictures SET state = ? WHERE picture = ?", [(state, picture) for picture in pictures])


def rate(db: sqlite3.Connection, pictures: Iterable[int], rating: int) -> None:
    """Give 0 (none) to 5 stars; raises `KnownError` for other numbers."""
    if not 0 <= rating <= BEST_RATING:
        raise KnownError(f"A rating is 0 to {BEST_RATING} stars, found {rating}.")
    db.executemany("UPDATE pictures SET rating = ? WHERE picture = ?", [(rating, picture) for picture in pictures])


def set_favourite(db: sqlite3.Connection, pictures: Iterable[int], favourite: bool) -> None:
    """Mark favourites, or take the mark away."""
    values = [(int(favourite), picture) for picture in pictures]
    db.executemany("UPDATE pictures SET favourite = ? WHERE picture = ?", values)


def change_tags(
    db: sqlite3.Connection, pictures: Collection[int], add: Iterable[str] = (), remove: Iterable[str] = ()
) -> None:
    """Put tags on pictures and take others off; capitals make no difference. Raises `KnownError` for odd names."""
    for name in map(checked_name, add):
        db.execute("INSERT OR IGNORE INTO tags (name) VALUES (?)", (name,))
        (tag,) = db.execute("SELECT tag FROM tags WHERE name = ?", (name,)).fetchone()
        db.executemany("INSERT OR IGNORE INTO picture_tags VALUES (?, ?)", [(picture, tag) for picture in pictures])
    for name in map(checked_name, remove):
        sql = "DELETE FROM picture_tags WHERE picture = ? AND tag = (SELECT tag FROM tags WHERE name = ?)"
        db.executemany(sql, [(picture, name) for picture in pictures])
    db.execute("DELETE FROM tags WHERE tag NOT IN (SELECT tag FROM picture_tags)")
    for picture in pictures:
        _index(db, picture)


def put_looks(db: sqlite3.Connection, looks: Mapping[bytes, int]) -> None:
    """Note how pictures look, by their prints; see `looks.look_of`."""
    db.executemany("INSERT OR REPLACE INTO looks VALUES (?, ?)", looks.items())


def save_album(db: sqlite3.Connection, name: str, query: str | None = None) -> None:
    """Make an album, smart if it has a query; one of that name gets the new query and keeps its pictures."""
    name = checked_name(name)
    db.execute(
        "INSERT INTO albums (name, query) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET query = excluded.query",
        (name, query),
    )


def remove_album(db: sqlite3.Connection, name: str) -> None:
    """Forget an album; the pictures in it stay."""
    db.execute("DELETE FROM albums WHERE name = ?", (name,))


def change_album(db: sqlite3.Connection, name: str, add: Iterable[int] = (), remove: Iterable[int] = ()) -> None:
    """Put pictures into an album and take others out; raises `KnownError` if there is none, or it is smart."""
    row = db.execute("SELECT album, query FROM albums WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise KnownError(f"There is no album “{name[:LONGEST_NAME]}”.", hint="Make it first.")
    if row[1] is not None:
        raise KnownError(f"The album “{name}” fills itself by its query.", hint="Choose another album.")
    db.executemany("INSERT OR IGNORE INTO album_pictures VALUES (?, ?)", [(row[0], picture) for picture in add])
    sql = "DELETE FROM album_pictures WHERE album = ? AND picture = ?"
    db.executemany(sql, [(row[0], picture) for picture in remove])


def checked_name(name: str) -> str:
    """The name of a tag or an album without blanks around it; raises `KnownError` for one that nobody could type."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise KnownError(f"Names of tags and albums have 1 to {LONGEST_NAME} characters, found {len(name)}.")
    if not name.isprintable() or '"' in name:
        raise KnownError("Names of tags and albums hold no quotes and no control characters.")
    return name


def _take_over(db: sqlite3.Connection, root: int, folder: Path) -> None:
    sql = "SELECT root, path FROM roots WHERE kind = ? AND root <> ?"
    for loose, text in db.execute(sql, (RootKind.LOOSE, root)).fetchall():
        place = Path(path_from_text(text))
        if not place.is_relative_to(folder):
            continue
        for picture, name in db.execute("SELECT picture, path FROM pictures WHERE root = ?", (loose,)).fetchall():
            inside = (place / path_from_text(name)).relative_to(folder)
            # One that is known there already stays.
            db.execute(
                "UPDATE OR IGNORE pictures SET root = ?, path = ? WHERE picture = ?",
                (root, path_to_text(inside), picture),
            )
        db.execute("DELETE FROM pictures WHERE root = ?", (loose,))
        db.execute("DELETE FROM roots WHERE root = ?", (loose,))


def _moved(db: sqlite3.Connection, content: bytes, gone: Collection[int]) -> int | None:
    """The row of a file with this content that is no longer where it was; one that somebody rated before others."""
    sql = "SELECT picture FROM pictures WHERE print = ? AND state <> 0 ORDER BY state, rating DESC, picture LIMIT 1"
    row = db.execute(sql, (content,)).fetchone()
    if row is None and gone:
        rows = db.execute("SELECT picture FROM pictures WHERE print = ?", (content,)).fetchall()
        row = next((row for row in rows if row[0] in gone), None)
    return None if row is None else int(row[0])


def _index(db: sqlite3.Connection, picture: int) -> None:
    """Let the index of words say what the row says."""
    row = db.execute("SELECT prompt, negative, path FROM pictures WHERE picture = ?", (picture,)).fetchone()
    sql = "SELECT name FROM picture_tags JOIN tags USING (tag) WHERE picture = ?"
    tags = "\n".join(name for (name,) in db.execute(sql, (picture,)))
    db.execute("DELETE FROM words WHERE rowid = ?", (picture,))
    _insert_words(db, picture, row[0], tags, path_from_text(row[2]), row[1])


def _insert_words(db: sqlite3.Connection, picture: int, prompt: str, tags: str, inside: str, negative: str) -> None:
    # Names need not be text; the index wants some.
    name = PurePosixPath(inside).stem.encode("utf-8", "replace").decode("utf-8")
    db.execute(
        "INSERT INTO words (rowid, prompt, tags, name, negative) VALUES (?, ?, ?, ?, ?)",
        (picture, indexed(prompt), indexed(tags), indexed(name), indexed(negative)),
    )
