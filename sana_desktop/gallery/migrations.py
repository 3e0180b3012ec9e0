"""How the gallery's database came to its present form, step by step; every old file can go the same way."""

import sqlite3
from collections.abc import Callable

Migration = Callable[[sqlite3.Connection], None]


def pictures_tags_and_words(db: sqlite3.Connection) -> None:
    """Version 1: folders, the pictures in them, tags, and the index of their words."""
    # kind: see `records.RootKind`. Paths are JSON texts: names of files on Linux need not be text. scanned says
    # whether the folder was looked through to its end at least once.
    db.execute(
        "CREATE TABLE roots (root INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
        " scanned INTEGER NOT NULL DEFAULT 0)"
    )
    # modified is in nanoseconds, created in milliseconds since 1970. state: see `records.PictureState`.
    db.execute(
        "CREATE TABLE pictures (picture INTEGER PRIMARY KEY, root INTEGER NOT NULL REFERENCES roots,"
        " path TEXT NOT NULL, length INTEGER NOT NULL, modified INTEGER NOT NULL, print BLOB NOT NULL,"
        " width INTEGER NOT NULL, height INTEGER NOT NULL, created INTEGER NOT NULL, tool TEXT NOT NULL,"
        " prompt TEXT NOT NULL, negative TEXT NOT NULL, seed INTEGER, steps INTEGER, guidance REAL,"
        " solver TEXT NOT NULL, pack TEXT NOT NULL, recipe TEXT, provenance TEXT,"
        " rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),"
        " favourite INTEGER NOT NULL DEFAULT 0 CHECK (favourite IN (0, 1)),"
        " state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2))"
    )
    # A picture that is gone may have left its name to another one.
    db.execute("CREATE UNIQUE INDEX pictures_by_path ON pictures (root, path) WHERE state = 0")
    db.execute("CREATE INDEX pictures_by_print ON pictures (print)")
    db.execute("CREATE INDEX pictures_by_age ON pictures (state, created, picture)")
    db.execute("CREATE INDEX pictures_by_rating ON pictures (state, rating, created, picture)")
    db.execute("CREATE INDEX pictures_by_seed ON pictures (seed)")
    db.execute("CREATE TABLE tags (tag INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE)")
    db.execute(
        "CREATE TABLE picture_tags (picture INTEGER NOT NULL REFERENCES pictures ON DELETE CASCADE,"
        " tag INTEGER NOT NULL REFERENCES tags, PRIMARY KEY (picture, tag)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX tagged_pictures ON picture_tags (tag, picture)")
    # Short beginnings of words have an index of their own: they are what is there while somebody types.
    db.execute(
        "CREATE VIRTUAL TABLE words USING fts5(prompt, tags, name, negative,"
        " tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')"
    )


def albums(db: sqlite3.Connection) -> None:
    """Version 2: albums; one with a query is smart, it holds whatever the query finds."""
    db.execute("CREATE TABLE albums (album INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, query TEXT)")
    db.execute(
        "CREATE TABLE album_pictures (album INTEGER NOT NULL REFERENCES albums ON DELETE CASCADE,"
        " picture INTEGER NOT NULL REFERENCES pictures ON DELETE CASCADE, PRIMARY KEY (album, picture)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX albums_of_pictures ON album_pictures (picture)")


def indexes_of_filters(db: sqlite3.Connection) -> None:
    """Version 3: what is searched by can be answered from an index, without reading the rows."""
    db.execute("DROP INDEX pictures_by_seed")
    db.execute("CREATE INDEX pictures_by_seed ON pictures (state, seed)")
    db.execute("CREATE INDEX pictures_by_pack ON pictures (state, pack COLLATE NOCASE)")
    db.execute("CREATE INDEX pictures_by_size ON pictures (state, width, height)")
    db.execute("CREATE INDEX favourite_pictures ON pictures (state, favourite) WHERE favourite = 1")


def looks(db: sqlite3.Connection) -> None:
    """Version 4: how pictures look (see `looks.look_of`), by their content, so that near ones are found."""
    db.execute("CREATE TABLE looks (print BLOB PRIMARY KEY, look INTEGER NOT NULL) WITHOUT ROWID")


# A file of version n has seen the first n of them.
MIGRATIONS: tuple[Migration, ...] = (pictures_tags_and_words, albums, indexes_of_filters, looks)
