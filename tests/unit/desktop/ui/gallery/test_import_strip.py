import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.services.library import Library, LibraryEvent
from sana_desktop.ui.gallery.import_strip import ImportStrip
from support.gallery import write_own
from support.widgets import part
from support.window_stage import heard


class Home:
    """A library that can be held up, and a folder with three pictures and a file that is none."""

    def __init__(self, folder: Path) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.foreign = folder / "foreign"
        for number in range(3):
            write_own(self.foreign / f"{number}.png", seed=number)
        (self.foreign / "odd.png").write_bytes(b"no picture")
        self.library = Library(folder, folder, folder / "pictures", self.listen)

    def listen(self, event: LibraryEvent) -> None:
        self.gate.wait()

    def known(self) -> int:
        self.library.save_album("asked").result()
        with self.library.reader() as reader:
            return len(reader.search())


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    yield made
    made.gate.set()
    made.library.close()


@pytest.fixture
def strip(home: Home, qtbot: QtBot) -> Iterator[ImportStrip]:
    made = ImportStrip(home.library)
    qtbot.addWidget(made)
    yield made
    made.close_down()


def test_a_folder_is_taken_in_and_it_is_said_what_was_found(home: Home, strip: ImportStrip, qtbot: QtBot) -> None:
    ended = heard(strip, "ended")
    strip.take_in(home.foreign)
    assert strip.is_busy
    assert strip.isVisible()
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [("3 pictures are new in the gallery. 1 file could not be read.",)]
    assert not strip.isVisible()
    assert home.known() == 3


def test_a_folder_that_is_not_there_is_a_failure(home: Home, strip: ImportStrip, qtbot: QtBot) -> None:
    failed = heard(strip, "failed")
    strip.take_in(home.foreign / "nowhere")
    qtbot.waitUntil(lambda: bool(failed))
    assert not strip.is_busy


def test_it_can_be_stopped_before_anything_was_taken_in(home: Home, strip: ImportStrip, qtbot: QtBot) -> None:
    ended = heard(strip, "ended")
    # The library's thread is held until the import was stopped.
    home.gate.clear()
    home.library.save_album("first")
    strip.take_in(home.foreign)
    part(strip, QPushButton).click()
    home.gate.set()
    assert ended == [("The import was stopped. What was taken in until then stays.",)]
    assert home.known() == 0


def test_progress_is_shown_as_it_comes(home: Home, strip: ImportStrip, qtbot: QtBot) -> None:
    home.gate.clear()
    home.library.save_album("first")
    strip.take_in(home.foreign)
    bar = part(strip, QProgressBar)
    assert bar.maximum() == 0
    strip._moved.emit(256, 1000)
    qtbot.waitUntil(lambda: (bar.value(), bar.maximum()) == (256, 1000))
    strip.stop()
