import json
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from sana_desktop.gallery import importer
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.gallery.readers.source import read_carried
from support.gallery import write_own
from support.terminal import Terminal


def test_a_folder_is_imported_and_stays_as_it_is(tmp_path: Path):
    terminal = Terminal(tmp_path)
    foreign = tmp_path / "foreign"
    for number in range(3):
        write_own(foreign / f"{number}.png", seed=number)
    (foreign / "bad.png").write_bytes(b"nothing")

    result = terminal.run("gallery", "import", str(foreign))

    assert result.stdout == "4 pictures seen; 3 new, 1 unreadable\n"
    assert "warning: bad.png cannot be read as a picture." in result.stderr
    assert len(terminal.run("gallery", "search").stdout.splitlines()) == 3
    assert sorted(path.name for path in foreign.iterdir()) == ["0.png", "1.png", "2.png", "bad.png"]
    assert json.loads(terminal.run("gallery", "import", str(foreign), "--json").stdout)["added"] == 0


def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    result = Terminal(tmp_path).run("gallery", "import", str(tmp_path / "nowhere"))
    assert result.exit_code == 2
    assert "cannot be looked through" in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signal")
def test_an_import_that_is_interrupted_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal(tmp_path)
    monkeypatch.setattr(importer, "FILES_AT_ONCE", 1)
    for number in range(6):
        write_own(tmp_path / "foreign" / f"{number}.png", seed=number)
    read = importer.facts_of_file

    def interrupted(path: Path):
        if path.name == "3.png":
            os.kill(os.getpid(), signal.SIGINT)
            # The main thread hears of it while it waits for this one.
            terminal_heard.wait()
        return read(path)

    import threading

    from sana_desktop.domain.cancel import CancelToken

    terminal_heard = threading.Event()
    cancel = CancelToken.cancel
    monkeypatch.setattr(CancelToken, "cancel", lambda self: (cancel(self), terminal_heard.set())[0])
    monkeypatch.setattr(importer, "facts_of_file", interrupted)
    result = terminal.run("gallery", "import", str(tmp_path / "foreign"))
    assert result.exit_code == 130
    assert "the same command goes on from there" in result.stderr
    monkeypatch.setattr(importer, "facts_of_file", read)
    result = terminal.run("gallery", "import", str(tmp_path / "foreign"), "--json")
    assert 1 <= json.loads(result.stdout)["added"] <= 6
    assert len(terminal.run("gallery", "search").stdout.splitlines()) == 6


def test_what_matches_is_copied_with_or_without_its_settings(tmp_path: Path):
    terminal = Terminal(tmp_path)
    write_own(terminal.paths.pictures / "fox.png", prompt="a fox")
    write_own(terminal.paths.pictures / "owl.png", prompt="an owl")
    out = tmp_path / "out"

    result = terminal.run("gallery", "export", "fox", "--out", str(out))
    assert result.stdout == f"{out / 'fox.png'}\n"
    assert read_recipe(out / "fox.png").prompt == "a fox"

    result = terminal.run("gallery", "export", "fox", "--out", str(out), "--no-metadata", "--json")
    assert json.loads(result.stdout)["copy"] == str(out / "fox-2.png")
    assert read_carried(out / "fox-2.png").texts == {}


def test_a_contact_sheet_may_come_alone(tmp_path: Path):
    terminal = Terminal(tmp_path)
    write_own(terminal.paths.pictures / "fox.png")
    result = terminal.run("gallery", "export", "--out", str(tmp_path / "out"), "--contact-sheet", "--no-copies")
    assert result.stdout == f"{tmp_path / 'out' / 'contact-sheet.png'}\n"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["contact-sheet.png"]


def test_nothing_to_export_makes_no_folder(tmp_path: Path):
    result = Terminal(tmp_path).run("gallery", "export", "zebra", "--out", str(tmp_path / "out"))
    assert "no picture matches" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_repair_says_what_it_found(tmp_path: Path):
    terminal = Terminal(tmp_path)
    for number in range(2):
        write_own(terminal.paths.pictures / f"{number}.png", seed=number)
    terminal.run("gallery", "search")
    (terminal.paths.pictures / "0.png").unlink()
    report = json.loads(terminal.run("gallery", "repair", "--json").stdout)
    assert (report["sound"], report["missing"], report["rows_without_file"]) == (True, 1, 0)
    assert terminal.run("gallery", "repair").stdout == "1 pictures seen; nothing new\n"


def test_what_cannot_be_repaired_is_an_exit_code(tmp_path: Path):
    terminal = Terminal(tmp_path)
    write_own(terminal.paths.pictures / "0.png")
    terminal.run("gallery", "search")
    with sqlite3.connect(terminal.paths.data / "gallery.sqlite") as db:
        db.execute("INSERT INTO picture_tags VALUES (99, 99)")
    db.close()
    result = terminal.run("gallery", "repair")
    assert result.exit_code == 1
    assert "warning: a row belongs to a row that is not there" in result.stderr
