import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.gallery.small_picture import small_jpeg
from sana_desktop.gallery.thumbnails import ThumbnailStore
from sana_desktop.ui.gallery.thumbnail_loader import Loaded, ThumbnailLoader, Wanted, unpacked

RED = small_jpeg(b"\xff\0\0" * 200 * 100, 200, 100)


class GatedStore(ThumbnailStore):
    """Answers when it may; remembers what it was asked for."""

    def __init__(self, file: Path, gate: threading.Event, asked: list[bytes]) -> None:
        super().__init__(file)
        self._gate = gate
        self._asked = asked

    def get_or_make(self, content: bytes, path: Path) -> bytes | None:
        self._asked.append(content)
        self._gate.wait()
        return super().get_or_make(content, path)


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    with ThumbnailStore(tmp_path / "thumbnails.sqlite") as store:
        for number in range(6):
            store.put(bytes([number]), RED)
    return tmp_path / "thumbnails.sqlite"


@pytest.fixture
def make(store_file: Path) -> Iterator[Callable[[threading.Event, list[bytes]], ThumbnailLoader]]:
    loaders: list[ThumbnailLoader] = []
    gates: list[threading.Event] = []

    def make_one(gate: threading.Event, asked: list[bytes]) -> ThumbnailLoader:
        loaders.append(ThumbnailLoader(lambda: GatedStore(store_file, gate, asked), threads=1))
        gates.append(gate)
        return loaders[-1]

    yield make_one
    for gate in gates:
        gate.set()
    for loader in loaders:
        loader.close()


def wanted(*numbers: int) -> list[Wanted]:
    return [Wanted(bytes([number]), Path("nowhere.png")) for number in numbers]


def opened() -> threading.Event:
    gate = threading.Event()
    gate.set()
    return gate


def collect(loader: ThumbnailLoader) -> list[Loaded]:
    got: list[Loaded] = []
    loader.loaded.connect(got.extend)
    return got


def test_small_pictures_arrive_in_the_size_that_was_asked_for(
    qtbot: QtBot, make: Callable[[threading.Event, list[bytes]], ThumbnailLoader]
) -> None:
    asked: list[bytes] = []
    loader = make(opened(), asked)
    got = collect(loader)
    loader.want(wanted(2, 0, 1), 50)
    qtbot.waitUntil(lambda: len(got) == 3)
    assert asked == [b"\2", b"\0", b"\1"]
    assert [(one.content, one.image.width(), one.image.height(), one.side) for one in got] == [
        (content, 50, 25, 50) for content in asked
    ]


def test_what_is_no_longer_seen_is_not_loaded(
    qtbot: QtBot, make: Callable[[threading.Event, list[bytes]], ThumbnailLoader]
) -> None:
    gate, asked = threading.Event(), list[bytes]()
    loader = make(gate, asked)
    got = collect(loader)
    loader.want(wanted(0, 1, 2), 50)
    qtbot.waitUntil(lambda: bool(asked))
    loader.want(wanted(5), 50)
    assert loader.waiting == 1
    gate.set()
    qtbot.waitUntil(lambda: len(got) == 2)
    assert asked == [b"\0", b"\5"]


def test_a_picture_that_is_on_its_way_is_not_fetched_twice(
    qtbot: QtBot, make: Callable[[threading.Event, list[bytes]], ThumbnailLoader]
) -> None:
    gate, asked = threading.Event(), list[bytes]()
    loader = make(gate, asked)
    got = collect(loader)
    loader.want(wanted(0), 50)
    qtbot.waitUntil(lambda: bool(asked))
    loader.want(wanted(0, 1), 50)
    gate.set()
    qtbot.waitUntil(lambda: len(got) == 2)
    assert asked == [b"\0", b"\1"]


def test_a_file_that_cannot_be_shown_is_a_null_picture(
    qtbot: QtBot, make: Callable[[threading.Event, list[bytes]], ThumbnailLoader]
) -> None:
    loader = make(opened(), [])
    got = collect(loader)
    loader.want(wanted(77), 50)
    qtbot.waitUntil(lambda: bool(got))
    assert got[0].image.isNull()


def test_small_pictures_are_not_enlarged() -> None:
    assert unpacked(RED, 1000).width() == 200
    assert unpacked(b"no picture", 100).isNull()
