import logging
import sqlite3
from pathlib import Path

import pytest

from sana_desktop.errors import KnownError
from sana_desktop.gallery.database import explaining, integrity_problems, open_database, open_reader, transaction
from sana_desktop.gallery.migrations import MIGRATIONS
from support.gallery import Gallery


def fill(folder: Path, count: int = 60) -> Path:
    """A closed gallery with pictures in it; its file."""
    with Gallery(folder) as gallery:
        first = gallery.add("0.png", prompt="fox " * 200)
        with transaction(gallery.db):
            gallery.db.executemany(
                "INSERT INTO words (prompt, tags, name, negative) VALUES (?, '', '', '')",
                [(f"word{number} " * 50,) for number in range(count)],
            )
        assert first == 1
    return gallery.file


def test_a_new_file_is_made_with_its_folder(tmp_path: Path):
    opened = open_database(tmp_path / "data" / "gallery.sqlite")
    assert opened.is_new
    assert opened.notice == ""
    assert integrity_problems(opened.db) == ()
    opened.db.close()
    again = open_database(tmp_path / "data" / "gallery.sqlite")
    assert not again.is_new
    again.db.close()


def test_a_file_of_a_newer_version_stays_as_it_is(tmp_path: Path):
    file = fill(tmp_path)
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = file.read_bytes()

    with pytest.raises(KnownError, match="newer Sana Desktop") as caught:
        open_database(file)
    assert "Update" in caught.value.hint
    with pytest.raises(KnownError, match="newer Sana Desktop"):
        open_reader(file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.glob("gallery*")] == ["gallery.sqlite"]


@pytest.mark.parametrize("damage", ["no database", "overwritten", "foreign tables", "cut"])
def test_a_damaged_file_is_set_aside_and_another_one_begins(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
):
    file = fill(tmp_path)
    whole = file.read_bytes()
    match damage:
        case "no database":
            file.write_bytes(b"not a database at all" * 500)
        case "overwritten":
            file.write_bytes(whole[:8192] + b"\xa5" * 8192 + whole[16384:])
        case "foreign tables":
            file.unlink()
            with sqlite3.connect(file) as db:
                db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
                db.execute("CREATE TABLE pictures (name TEXT)")
            db.close()
        case _:
            file.write_bytes(whole[:20_480])
    damaged = file.read_bytes()

    with caplog.at_level(logging.WARNING):
        opened = open_database(file)
    aside = file.with_name("gallery.sqlite.unreadable")
    assert opened.is_new
    assert str(aside) in opened.notice
    assert opened.db.execute("SELECT count(*) FROM pictures").fetchone() == (0,)
    opened.db.close()
    assert aside.read_bytes()[100:] == damaged[100:]
    assert "is damaged" in caplog.text


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path):
    file = tmp_path / "gallery.sqlite"
    for text in (b"first" * 999, b"second" * 999):
        file.write_bytes(text)
        open_database(file).db.close()
    assert file.with_name("gallery.sqlite.unreadable").read_bytes() == b"first" * 999
    assert file.with_name("gallery.sqlite.unreadable-2").read_bytes() == b"second" * 999


def test_two_programs_may_write_one_after_the_other(tmp_path: Path):
    one, other = open_database(tmp_path / "gallery.sqlite"), open_database(tmp_path / "gallery.sqlite")
    for number, opened in enumerate((one, other, one)):
        with transaction(opened.db):
            opened.db.execute("INSERT INTO roots (path, kind) VALUES (?, 'own')", (str(number),))
    assert other.db.execute("SELECT count(*) FROM roots").fetchone() == (3,)
    one.db.close()
    other.db.close()


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path):
    opened = open_database(tmp_path / "gallery.sqlite")

    def fail() -> None:
        with transaction(opened.db):
            opened.db.execute("INSERT INTO roots (path, kind) VALUES ('x', 'own')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert opened.db.execute("SELECT count(*) FROM roots").fetchone() == (0,)
    opened.db.close()


def test_a_reader_changes_nothing_and_needs_a_gallery(tmp_path: Path):
    with pytest.raises(KnownError, match="no gallery"):
        open_reader(tmp_path / "gallery.sqlite")
    assert list(tmp_path.iterdir()) == []
    open_database(tmp_path / "gallery.sqlite").db.close()
    db = open_reader(tmp_path / "gallery.sqlite")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM pictures")
    db.close()


def test_a_place_where_no_file_can_be_is_an_error_for_people(tmp_path: Path):
    (tmp_path / "taken").touch()
    with pytest.raises(KnownError, match="cannot be used"):
        open_database(tmp_path / "taken" / "gallery.sqlite")
    (tmp_path / "gallery.sqlite").mkdir()
    with pytest.raises(KnownError, match="cannot be used"):
        open_database(tmp_path / "gallery.sqlite")


def test_a_full_disk_is_an_error_for_people_and_nothing_is_lost(tmp_path: Path):
    opened = open_database(tmp_path / "gallery.sqlite")
    (pages,) = opened.db.execute("PRAGMA page_count").fetchone()
    opened.db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(KnownError, match="full"), explaining(tmp_path / "gallery.sqlite"), transaction(opened.db):
        opened.db.execute("INSERT INTO roots (path, kind) VALUES (?, 'own')", ("x" * 100_000,))
    opened.db.execute(f"PRAGMA max_page_count = {pages + 1000}")
    with transaction(opened.db):
        opened.db.execute("INSERT INTO roots (path, kind) VALUES (?, 'own')", ("x" * 100_000,))
    assert integrity_problems(opened.db) == ()
    opened.db.close()


def test_rows_that_belong_to_nothing_and_broken_words_are_found(tmp_path: Path):
    opened = open_database(fill(tmp_path))
    opened.db.execute("PRAGMA foreign_keys = OFF")
    opened.db.execute("INSERT INTO picture_tags VALUES (99, 99)")
    assert integrity_problems(opened.db) == ("a row belongs to a row that is not there",)
    opened.db.execute("UPDATE words_content SET c0 = 'other' WHERE id = 1")
    assert len(integrity_problems(opened.db)) == 2
    opened.db.close()
