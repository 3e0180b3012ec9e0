import contextlib
import logging
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from sana_desktop.domain.job import Order
from sana_desktop.errors import BugError, KnownError
from sana_desktop.services.queue_journal import MIGRATIONS, QueueJournal
from support.fake_engine import fake_picture
from support.recipes import recipe
from support.sources import SOURCE_ROOTS

ORDER = Order(recipe=recipe(seed=7), count=3, batch=2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "queue.sqlite"


@contextlib.contextmanager
def database(file: Path) -> Generator[sqlite3.Connection]:
    """The file as somebody else sees and changes it."""
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        yield db


def jobs_in(file: Path) -> list[int]:
    with QueueJournal(file) as journal:
        return [stored.job for stored in journal.load()]


def fill(file: Path, *jobs: int) -> None:
    with QueueJournal(file) as journal:
        for job in jobs:
            journal.add(job, ORDER)


def test_what_is_told_is_there_at_the_next_start(file: Path, tmp_path: Path):
    with QueueJournal(file) as journal:
        assert (journal.next_job, journal.notice, journal.load()) == (1, "", ())
        journal.add(1, ORDER)
        journal.add(2, Order(recipe=recipe(prompt="two")))
        journal.saved(1, 7, tmp_path / "a.png")
        journal.announce(1, fake_picture(ORDER.recipe.with_seed(8)), tmp_path / "b.png")

    with QueueJournal(file) as journal:
        first, second = journal.load()
        assert journal.next_job == 3
    assert (first.job, first.order, first.done, first.announced) == (1, ORDER, 1, tmp_path / "b.png")
    assert (second.job, second.order.recipe.prompt, second.done) == (2, "two", 0)


def test_a_job_that_ended_is_gone_with_its_pictures(file: Path, tmp_path: Path):
    with QueueJournal(file) as journal:
        for job in (1, 2, 3):
            journal.add(job, ORDER)
            journal.saved(job, 7, tmp_path / "a.png")
        journal.remove([1, 3])

    assert jobs_in(file) == [2]
    with database(file) as db:
        assert db.execute("SELECT job FROM pictures").fetchall() == [(2,)]


def test_jobs_keep_their_places(file: Path):
    with QueueJournal(file) as journal:
        for job in (1, 2, 3):
            journal.add(job, ORDER)
        journal.add(4, ORDER, first=True)
        assert [stored.job for stored in journal.load()] == [4, 1, 2, 3]
        journal.reorder([3, 1, 4, 2])
        journal.add(5, ORDER)
        journal.add(6, ORDER, first=True)

    assert jobs_in(file) == [6, 3, 1, 4, 2, 5]


def test_the_interrupted_job_comes_first_at_the_next_start_and_keeps_that_place(file: Path):
    with QueueJournal(file) as journal:
        journal.add(1, ORDER)
        journal.add(2, ORDER)
        journal.started(1)
        journal.add(3, ORDER, first=True)

    assert jobs_in(file) == [1, 3, 2]
    assert jobs_in(file) == [1, 3, 2]


def test_a_killed_program_has_told_everything(file: Path, tmp_path: Path):
    # A real SIGKILL, because a process that ends in order would finish what it had not yet written.
    code = f"""
import os, signal, sys
from pathlib import Path
from sana_desktop.domain.job import Order
from sana_desktop.services.queue_journal import QueueJournal
from support.fake_engine import fake_picture
from support.recipes import recipe
journal = QueueJournal(Path({str(file)!r}))
for job in range(1, 4):
    journal.add(job, Order(recipe=recipe(seed=7), count=3, batch=2))
journal.announce(2, fake_picture(recipe(seed=7)), Path("/a.png"))
os.kill(os.getpid(), signal.SIGKILL)
"""
    roots = os.pathsep.join(map(str, (*SOURCE_ROOTS, Path(__file__).parents[3])))
    result = subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": roots}, check=False)
    assert result.returncode < 0

    with QueueJournal(file) as journal:
        stored = journal.load()
    assert [one.job for one in stored] == [1, 2, 3]
    assert stored[1].announced == Path("/a.png")


def test_a_file_of_a_newer_version_stays_as_it_is(file: Path):
    fill(file, 1)
    with database(file) as db:
        db.execute("PRAGMA user_version = 99")
    before = file.read_bytes()

    with pytest.raises(KnownError, match="newer Sana Desktop") as caught:
        QueueJournal(file).close()
    assert "Update" in caught.value.hint
    assert file.read_bytes() == before


def test_the_file_that_another_program_uses_is_refused(file: Path):
    fill(file, 1)
    with QueueJournal(file), pytest.raises(KnownError, match="Another Sana Desktop"):
        QueueJournal(file).close()
    assert jobs_in(file) == [1]


@pytest.mark.parametrize("damage", ["no database", "overwritten", "foreign tables", "cut"])
def test_a_damaged_file_is_set_aside_and_the_journal_begins_anew(
    file: Path, damage: str, caplog: pytest.LogCaptureFixture
):
    fill(file, *range(1, 200))
    whole = file.read_bytes()
    match damage:
        case "no database":
            file.write_bytes(b"not a database at all" * 500)
        case "overwritten":
            file.write_bytes(whole[:4096] + b"\xa5" * 8192 + whole[12288:])
        case "foreign tables":
            file.unlink()
            with database(file) as db:
                db.execute("CREATE TABLE jobs (name TEXT)")
        case _:
            file.write_bytes(whole[:8192])
    damaged = file.read_bytes()

    with caplog.at_level(logging.WARNING), QueueJournal(file) as journal:
        aside = file.with_name("queue.sqlite.unreadable")
        assert str(aside) in journal.notice
        assert journal.load() == ()
        journal.add(1, ORDER)
    # What SQLite notes in its first hundred bytes when it opens a file is no loss.
    assert aside.read_bytes()[100:] == damaged[100:]
    assert "is damaged" in caplog.text
    assert jobs_in(file) == [1]


def test_a_second_damaged_file_does_not_replace_the_first(file: Path):
    file.parent.mkdir()
    for text in (b"first" * 999, b"second" * 999):
        file.write_bytes(text)
        QueueJournal(file).close()

    assert file.with_name("queue.sqlite.unreadable").read_bytes() == b"first" * 999
    assert file.with_name("queue.sqlite.unreadable-2").read_bytes() == b"second" * 999


def test_a_place_where_no_file_can_be_is_an_error_for_people(tmp_path: Path):
    (tmp_path / "taken").touch()
    with pytest.raises(KnownError, match="cannot be used"):
        QueueJournal(tmp_path / "taken" / "queue.sqlite").close()
    (tmp_path / "queue.sqlite").mkdir()
    with pytest.raises(KnownError, match="cannot be used"):
        QueueJournal(tmp_path / "queue.sqlite").close()


def test_bad_rows_are_left_out_left_alone_and_told_of(file: Path, caplog: pytest.LogCaptureFixture):
    fill(file, 1, 2, 3, 4, 5)
    with database(file) as db:
        db.execute("UPDATE jobs SET recipe = '{}' WHERE job = 2")
        db.execute("UPDATE jobs SET recipe = CAST(x'ff' AS TEXT) WHERE job = 3")
        db.execute("UPDATE jobs SET recipe = printf('%.*c', 5000000, '[') WHERE job = 4")
        db.execute("UPDATE jobs SET job = 9223372036854775807, place = 'soon' WHERE job = 5")

    with caplog.at_level(logging.WARNING), QueueJournal(file) as journal:
        assert [stored.job for stored in journal.load()] == [1]
        assert journal.next_job == 5
        assert "4 of the last run's jobs" in journal.notice
    assert caplog.text.count("cannot be read") == 4
    with database(file) as db:
        assert db.execute("SELECT count(*) FROM jobs").fetchone() == (5,)


def test_a_full_disk_stops_nothing_is_told_once_and_made_up_for(file: Path, caplog: pytest.LogCaptureFixture):
    with QueueJournal(file) as journal:
        journal.add(1, ORDER)
        journal.flush()
        assert journal.take_trouble() is None
        limit(journal, 1)
        for job in (2, 3):
            journal.add(job, Order(recipe=recipe(prompt="long " * 9000)))
            journal.flush()
        trouble = journal.take_trouble()
        assert trouble is not None
        assert "full" in trouble
        assert journal.take_trouble() is None
        limit(journal, 10_000)
        journal.add(4, ORDER)

    assert "was not written" in caplog.text
    assert jobs_in(file) == [1, 2, 3, 4]


def limit(journal: QueueJournal, pages: int) -> None:
    """Let SQLite believe that the disk has no more than so many pages."""
    journal._ask(lambda db: db.execute(f"PRAGMA max_page_count = {pages}"))
    journal.flush()


def test_a_change_that_does_not_fit_takes_no_other_with_it(file: Path, caplog: pytest.LogCaptureFixture):
    with QueueJournal(file) as journal:
        journal.add(1, ORDER)
        journal.saved(99, 7, file)
        journal.add(1, ORDER)
        journal.add(2, ORDER)

    assert jobs_in(file) == [1, 2]
    assert caplog.text.count("was left out") == 2


def test_nothing_that_changes_it_waits_for_the_disk(file: Path):
    going, go_on = threading.Event(), threading.Event()

    def hold(db: sqlite3.Connection) -> None:
        going.set()
        assert go_on.wait(30.0)

    with QueueJournal(file) as journal:
        journal._ask(hold)
        assert going.wait(30.0)
        # With the writer held up, these would never return if they waited.
        journal.add(1, ORDER)
        journal.started(1)
        journal.saved(1, 7, file)
        journal.reorder([1])
        journal.remove([1])
        go_on.set()


def test_after_the_end_nobody_waits_for_an_answer(file: Path):
    journal = QueueJournal(file)
    journal.close()
    journal.close()

    for ask in (journal.load, journal.flush):
        with pytest.raises(BugError, match="closed"):
            ask()


def test_a_start_that_was_killed_before_the_tables_were_made_is_made_up_for(file: Path):
    file.parent.mkdir()
    with database(file) as db:
        db.execute("PRAGMA journal_mode = WAL")

    fill(file, 1)

    assert jobs_in(file) == [1]


def test_the_newest_version_is_the_number_of_migrations(file: Path):
    fill(file)
    with database(file) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
