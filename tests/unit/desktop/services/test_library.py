import errno
import logging
import os
import sqlite3
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import BugError, JobCancelledError, KnownError, OutputError
from sana_desktop.gallery import importer
from sana_desktop.gallery.latents_file import latents_beside
from sana_desktop.gallery.prints import fingerprint
from sana_desktop.gallery.records import PictureState
from sana_desktop.gallery.search import parse_search
from sana_desktop.services.library import Library, LibraryChanged, LibraryEvent, LibraryTrouble
from support.fake_engine import fake_picture
from support.gallery import SMALL, write_own
from support.recipes import recipe


@dataclass
class Home:
    """Where a library is, and what it told."""

    folder: Path
    events: list[LibraryEvent] = field(default_factory=list)

    @property
    def pictures(self) -> Path:
        return self.folder / "pictures"

    def library(self) -> Library:
        return Library(self.folder / "data", self.folder / "cache", self.pictures, self.events.append)

    def save(self, library: Library, name: str, **changes: Any) -> Path:
        """Write a picture and record it, as the saver does."""
        path = write_own(self.pictures / name, **changes)
        library.record(path, fake_picture(recipe(**({"size": SMALL} | changes))))
        return path

    def find(self, library: Library, query: str = "") -> list[str]:
        with library.reader() as reader:
            return [row.path.name for row in reader.rows(reader.search(parse_search(query)))]

    def troubles(self) -> list[str]:
        return [str(event.error) for event in self.events if isinstance(event, LibraryTrouble)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def settle(library: Library) -> None:
    """Wait for what was asked so far."""
    library.save_album("settled").result()


def test_a_saved_picture_is_found_at_once_with_its_thumbnail(home: Home):
    with home.library() as library:
        home.save(library, "1.png", prompt="a fox")
        settle(library)
        assert home.find(library, "fox") == ["1.png"]
        with library.reader() as reader, library.thumbnail_store() as thumbnails:
            (row,) = reader.rows(reader.search())
            jpeg = thumbnails.get(row.facts.print)
    assert jpeg is not None
    assert jpeg.startswith(b"\xff\xd8")
    assert home.events[0] == LibraryChanged((row.picture,))


def test_recording_waits_for_nothing(home: Home):
    gate = threading.Event()
    library = Library(home.folder / "data", home.folder / "cache", home.pictures, lambda event: (gate.wait(), None)[1])
    with library:
        # The first event holds up the thread; the others are taken all the same.
        for number in range(3):
            home.save(library, f"{number}.png", seed=number)
        gate.set()
        settle(library)
        assert len(home.find(library)) == 3


def test_closing_writes_what_is_waiting(home: Home):
    with home.library() as library:
        for number in range(5):
            home.save(library, f"{number}.png", seed=number)
    assert len(home.find(library)) == 5
    library.close()
    with pytest.raises(BugError):
        library.rescan()


def test_nothing_is_opened_while_nothing_is_asked(home: Home):
    home.library().close()
    assert list(home.folder.iterdir()) == []


def test_a_picture_that_is_gone_again_is_no_trouble(home: Home, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING), home.library() as library:
        library.record(home.pictures / "gone.png", fake_picture(recipe(size=SMALL)))
        settle(library)
        assert home.find(library) == []
    assert "was not recorded" in caplog.text
    assert home.troubles() == []


def test_pictures_of_the_time_before_the_gallery_are_found(home: Home):
    write_own(home.pictures / "old.png", prompt="an old fox")
    with home.library() as library:
        assert library.prepare().result().added == 1
        assert home.find(library, "old") == ["old.png"]
        assert library.prepare().result().seen == 0


def test_a_folder_of_ours_is_taken_in_with_what_nobody_recorded(home: Home):
    other = home.folder / "run"
    known, unknown = write_own(other / "known.png"), write_own(other / "deeper" / "unknown.png")
    with home.library() as library:
        library.record(known, fake_picture(recipe(size=SMALL)))
        library.adopt_folder(other).result()
        library.adopt_folder(other).result()
        assert sorted(home.find(library)) == ["known.png", "unknown.png"]
        with library.reader() as reader:
            # They are the user's own: they may be deleted.
            assert dict(reader.roots())[other] == "own"
    assert unknown.is_file()


def test_what_is_said_of_pictures_is_kept(home: Home):
    with home.library() as library:
        home.save(library, "1.png")
        library.rate([1], 5)
        library.set_favourite([1], True)
        library.change_tags([1], add=["fox"])
        library.save_album("best")
        library.change_album("best", add=[1]).result()
        assert home.find(library, "rating:5 is:favourite tag:fox album:best") == ["1.png"]
        library.remove_album("best").result()
        with pytest.raises(KnownError, match="0 to 5"):
            library.rate([1], 9).result()
        with pytest.raises(KnownError, match="no album"):
            library.change_album("best", add=[1]).result()


def test_deleting_moves_to_the_trash_and_putting_back_brings_the_stars_back(home: Home):
    def trash(path: Path) -> None:
        path.rename(home.folder / "in the trash.png")

    with home.library() as library:
        path = home.save(library, "1.png")
        library.rate([1], 3)
        assert library.delete([1, 99], trash).result() == (1,)
        assert home.find(library) == []
        (home.folder / "in the trash.png").rename(path)
        library.rescan().result()
        assert home.find(library, "rating:3") == ["1.png"]


def test_what_was_thrown_away_comes_back_to_its_place_with_its_stars(home: Home):
    trash = home.folder / "in the trash.png"

    def bring_back(path: Path, content: bytes | None) -> None:
        if content is None:
            raise OutputError("there were no latents")
        with trash.open("rb") as file:
            assert fingerprint(file) == content
        trash.rename(path)

    with home.library() as library:
        path = home.save(library, "1.png")
        library.rate([1], 3)
        library.delete([1], lambda path: path.replace(trash) and None).result()
        assert library.undelete([1, 99], bring_back).result() == (1,)
        assert path.is_file()
        assert home.find(library, "rating:3") == ["1.png"]
        assert library.undelete([1], bring_back).result() == ()


def test_latents_go_and_come_with_their_picture(home: Home):
    thrown: dict[str, bytes] = {}

    def trash(path: Path) -> None:
        thrown[path.name] = path.read_bytes()
        path.unlink()

    def bring_back(path: Path, content: bytes | None) -> None:
        path.write_bytes(thrown.pop(path.name))

    with home.library() as library:
        path = home.save(library, "1.png")
        latents_beside(path).write_bytes(b"latents")
        library.delete([1], trash).result()
        assert [*path.parent.iterdir()] == []
        library.undelete([1], bring_back).result()
        assert latents_beside(path).read_bytes() == b"latents"
        assert thrown == {}


def test_a_picture_whose_trash_was_emptied_stays_thrown_away(home: Home):
    def empty(path: Path, content: bytes | None) -> None:
        raise OutputError("not in the trash any more")

    with home.library() as library:
        home.save(library, "1.png")
        library.delete([1], lambda path: path.unlink()).result()
        with pytest.raises(OutputError, match="not in the trash"):
            library.undelete([1], empty).result()
        assert home.find(library) == []


def test_a_trash_that_refuses_leaves_everything(home: Home):
    def refuse(path: Path) -> None:
        raise OutputError("read-only")

    with home.library() as library:
        home.save(library, "1.png")
        with pytest.raises(OutputError, match="read-only"):
            library.delete([1], refuse).result()
        assert home.find(library) == ["1.png"]


def test_a_file_that_the_window_threw_away_is_forgotten(home: Home):
    with home.library() as library:
        path = home.save(library, "1.png")
        settle(library)
        path.unlink()
        library.forget(path).result()
        with library.reader() as reader:
            assert reader.rows([1])[0].state is PictureState.DELETED


def test_a_folder_is_imported_and_can_be_stopped(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importer, "FILES_AT_ONCE", 1)
    for number in range(8):
        write_own(home.folder / "foreign" / f"{number}.png", seed=number)
    cancel = CancelToken()
    with home.library() as library:
        stopped = library.import_folder(home.folder / "foreign", lambda done, total: cancel.cancel(), cancel)
        with pytest.raises(JobCancelledError):
            stopped.result()
        assert len(home.find(library)) == 1
        report = library.import_folder(home.folder / "foreign").result()
        assert (report.seen, report.added) == (8, 7)
        with pytest.raises(OutputError, match="looked through"):
            library.import_folder(home.folder / "nowhere").result()
        assert library.repair().result().is_sound


def test_closing_stops_a_scan(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importer, "FILES_AT_ONCE", 1)
    for number in range(4):
        write_own(home.pictures / f"{number}.png", seed=number)
    library = home.library()
    begun, go_on = threading.Event(), threading.Event()

    def progress(done: int, total: int) -> None:
        begun.set()
        go_on.wait()

    scan = library.rescan(progress)
    begun.wait()
    closing = threading.Thread(target=library.close)
    closing.start()
    library._ending._event.wait()
    go_on.set()
    closing.join()
    with pytest.raises(JobCancelledError):
        scan.result()


@pytest.mark.parametrize("what", ["newer", "no folder"])
def test_a_gallery_that_cannot_be_opened_is_told_once_and_costs_no_picture(
    home: Home, what: str, caplog: pytest.LogCaptureFixture
):
    if what == "newer":
        (home.folder / "data").mkdir()
        with sqlite3.connect(home.folder / "data" / "gallery.sqlite") as db:
            db.execute("PRAGMA user_version = 99")
        db.close()
    else:
        (home.folder / "data").touch()
    with caplog.at_level(logging.WARNING), home.library() as library:
        for number in range(3):
            home.save(library, f"{number}.png", seed=number)
        with pytest.raises(KnownError):
            settle(library)
    assert len(home.troubles()) == 1
    assert len(list(home.pictures.iterdir())) == 3


def test_a_damaged_gallery_is_made_anew_from_the_pictures(home: Home, caplog: pytest.LogCaptureFixture):
    with home.library() as library:
        home.save(library, "1.png", prompt="a fox")
    library.file.write_bytes(b"nonsense" * 4000)
    with caplog.at_level(logging.WARNING), home.library() as library:
        library.prepare().result()
        assert home.find(library, "fox") == ["1.png"]
    assert "made anew" in home.troubles()[0]


def test_a_full_disk_costs_no_picture_and_a_rescan_makes_up_for_it(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    ready = Library._ready

    def without_space(self: Library) -> sqlite3.Connection:
        db = ready(self)
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")
        return db

    with home.library() as library:
        settle(library)
        monkeypatch.setattr(Library, "_ready", without_space)
        with caplog.at_level(logging.WARNING):
            home.save(library, "1.png", prompt="fox " * 9000)
            with pytest.raises(KnownError, match="full"):
                library.save_album("foxes", "fox " * 9000).result()
        monkeypatch.setattr(Library, "_ready", ready)
        library.rescan().result()
        assert home.find(library, "fox") == ["1.png"]
    assert "full" in home.troubles()[0]


def test_a_mistake_of_ours_does_not_end_the_thread(home: Home, caplog: pytest.LogCaptureFixture):
    def listen(event: LibraryEvent) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with caplog.at_level(logging.ERROR), Library(home.folder, home.folder, home.pictures, listen) as library:
        settle(library)
        settle(library)
    assert "a mistake of ours" in caplog.text


def test_a_file_that_somebody_else_puts_there_appears_by_itself(home: Home):
    changed = threading.Event()
    with Library(home.folder / "data", home.folder / "cache", home.pictures, lambda event: changed.set()) as library:
        home.save(library, "1.png")
        library.prepare().result()
        library.watch(seconds=0.001)
        library.watch()
        number = 2
        while len(home.find(library)) < 2:
            # Another one each time: the first may have come before the watch looked at all.
            write_own(home.pictures / f"{number}.png", seed=number)
            number += 1
            changed.wait(0.1)
            changed.clear()
    library.watch()
