import logging
import sqlite3
from pathlib import Path

import pytest

from sana_desktop.gallery.thumbnails import ThumbnailStore
from support.gallery import write_own


def test_what_is_put_in_is_there_for_others_too(tmp_path: Path):
    with ThumbnailStore(tmp_path / "cache" / "t.sqlite") as store:
        assert store.get(b"a") is None
        store.put(b"a", b"small")
        store.put(b"a", b"smaller")
        with ThumbnailStore(tmp_path / "cache" / "t.sqlite") as other:
            assert other.get(b"a") == b"smaller"


def test_it_is_made_from_the_file_once(tmp_path: Path):
    path = write_own(tmp_path / "x.png")
    with ThumbnailStore(tmp_path / "t.sqlite") as store:
        jpeg = store.get_or_make(b"a", path)
        assert jpeg is not None
        path.unlink()
        assert store.get_or_make(b"a", path) == jpeg
        assert store.get_or_make(b"b", path) is None


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path):
    with ThumbnailStore(tmp_path / "t.sqlite", most_bytes=400_000) as store:
        for number in range(100):
            store.put(bytes([number]), bytes(10_000))
        kept = [number for number in range(100) if store.get(bytes([number])) is not None]
    assert 20 <= len(kept) <= 40
    assert kept == list(range(100 - len(kept), 100))
    with ThumbnailStore(tmp_path / "t.sqlite", most_bytes=100) as store:
        store.put(b"too large", bytes(101))
        assert store.get(b"too large") is None


def test_a_damaged_file_is_made_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "t.sqlite").write_bytes(b"nonsense" * 1000)
    with caplog.at_level(logging.WARNING), ThumbnailStore(tmp_path / "t.sqlite") as store:
        store.put(b"a", b"small")
        assert store.get(b"a") == b"small"
    assert "made anew" in caplog.text


def test_a_disk_that_refuses_costs_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "taken").touch()
    path = write_own(tmp_path / "x.png")
    with caplog.at_level(logging.WARNING), ThumbnailStore(tmp_path / "taken" / "t.sqlite") as store:
        store.put(b"a", b"small")
        assert store.get(b"a") is None
        assert store.get_or_make(b"a", path) is not None
    with ThumbnailStore(tmp_path / "t.sqlite") as store:
        with sqlite3.connect(tmp_path / "t.sqlite") as db:
            db.execute("DROP TABLE thumbnails")
        db.close()
        store.put(b"a", b"small")
        assert store.get(b"a") is None
    assert "no thumbnails are kept" in caplog.text
