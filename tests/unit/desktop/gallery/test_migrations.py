import shutil
import sqlite3
from pathlib import Path

import pytest

from sana_desktop.gallery.database import integrity_problems, open_database
from sana_desktop.gallery.migrations import MIGRATIONS
from sana_desktop.gallery.reader import GalleryReader
from sana_desktop.gallery.search import parse_search
from support.sources import REPOSITORY

OLD = sorted((REPOSITORY / "tests" / "data").glob("gallery-*.sqlite"))


def shape(db: sqlite3.Connection) -> list[tuple[str, ...]]:
    """Everything that a database consists of but its rows."""
    return db.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()


def test_there_is_an_example_of_every_past_version():
    assert [path.stem for path in OLD] == [f"gallery-{version}" for version in range(1, len(MIGRATIONS))]


@pytest.mark.parametrize("old", OLD, ids=lambda path: path.stem)
def test_a_past_version_comes_up_to_date_with_all_that_was_in_it(old: Path, tmp_path: Path):
    file = Path(shutil.copy(old, tmp_path / "gallery.sqlite"))
    opened = open_database(file)
    new = open_database(tmp_path / "new.sqlite")
    try:
        assert not opened.is_new
        assert opened.db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert shape(opened.db) == shape(new.db)
        assert integrity_problems(opened.db) == ()
    finally:
        opened.db.close()
        new.db.close()

    with GalleryReader(file) as reader:
        (fox,) = reader.rows(reader.search(parse_search('fox rating:4 tag:"red animals" is:favourite')))
        assert (fox.facts.prompt, fox.facts.seed, fox.tags) == ("a red fox", 7, ("red animals",))
        assert len(reader.search()) == 3
        assert len(reader.search(parse_search("is:missing"))) == 1
        albums = [(album.name, album.query, album.pictures) for album in reader.albums()]
        # Albums came with version 2.
        assert albums == ([] if old.stem == "gallery-1" else [("best", None, 1), ("owls", "owl", 0)])


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = Path(shutil.copy(OLD[0], tmp_path / "gallery.sqlite"))

    def fail(db: sqlite3.Connection) -> None:
        db.execute("CREATE TABLE half (done)")
        raise KeyboardInterrupt

    monkeypatch.setattr("sana_desktop.gallery.database.MIGRATIONS", (*MIGRATIONS[:1], fail))
    with pytest.raises(KeyboardInterrupt):
        open_database(file)
    monkeypatch.undo()

    with sqlite3.connect(file) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchone() is None
    db.close()
    open_database(file).db.close()
