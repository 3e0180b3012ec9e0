import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.errors import KnownError
from sana_desktop.gallery.changes import rate, save_album
from sana_desktop.gallery.database import transaction
from sana_desktop.gallery.reader import GalleryReader, Sort
from sana_desktop.ui.gallery.looker import Found, Looker, Overview
from support.gallery import Gallery
from support.window_stage import heard


@pytest.fixture
def gallery(tmp_path: Path) -> Iterator[Gallery]:
    with Gallery(tmp_path) as made:
        for number, prompt in enumerate(("a fox", "a hen", "a red fox")):
            made.add(f"{number}.png", when=1000 + number, prompt=prompt, seed=number)
        yield made


@pytest.fixture
def looker(gallery: Gallery) -> Iterator[Looker]:
    made = Looker(lambda: GalleryReader(gallery.file))
    yield made
    made.close()


def ask(qtbot: QtBot, looker: Looker, text: str, sort: Sort = Sort.NEWEST) -> Found:
    with qtbot.waitSignal(looker.found) as answer:
        looker.find(text, sort)
    assert answer.args is not None
    return answer.args[0]


def test_pictures_are_found_in_the_order_that_was_asked_for(qtbot: QtBot, looker: Looker, gallery: Gallery) -> None:
    with transaction(gallery.db):
        rate(gallery.db, [1], 5)
    assert list(ask(qtbot, looker, "").pictures) == [3, 2, 1]
    found = ask(qtbot, looker, "fox", Sort.RATING)
    assert (list(found.pictures), found.text, found.sort) == ([1, 3], "fox", Sort.RATING)
    assert found.seconds > 0


def test_of_searches_that_come_faster_than_answers_only_the_last_is_heard(qtbot: QtBot, looker: Looker) -> None:
    told = heard(looker, "found")
    for text in ("f", "fo", "fox", "hen"):
        looker.find(text, Sort.NEWEST)
    qtbot.waitUntil(lambda: bool(told))
    assert [found.text for (found,) in told] == ["hen"]


def test_a_question_that_cannot_be_understood_is_refused_and_the_next_one_answered(
    qtbot: QtBot, looker: Looker
) -> None:
    with qtbot.waitSignal(looker.refused) as refusal:
        looker.find("rating:many", Sort.NEWEST)
    assert refusal.args is not None
    assert str(refusal.args[0]).startswith("rating: expects")
    assert len(ask(qtbot, looker, "hen").pictures) == 1


def test_rows_and_what_there_is_to_choose_from_are_read(qtbot: QtBot, looker: Looker, gallery: Gallery) -> None:
    with transaction(gallery.db):
        save_album(gallery.db, "Best", "rating:5")
    with qtbot.waitSignals([looker.rowsRead, looker.overviewRead]):
        rows, overviews = heard(looker, "rowsRead"), heard(looker, "overviewRead")
        looker.read_rows([2, 1, 99])
        looker.read_overview()
    assert [row.facts.prompt for row in rows[0][0]] == ["a hen", "a fox"]
    overview: Overview = overviews[0][0]
    assert [album.name for album in overview.albums] == ["Best"]
    assert overview.packs == (("toy", 3),) or overview.packs[0][1] == 3


def test_a_gallery_that_is_not_there_yet_is_looked_for_again(qtbot: QtBot, gallery: Gallery) -> None:
    there: list[bool] = []

    def open_reader() -> GalleryReader:
        if not there:
            raise KnownError("There is no gallery yet.")
        return GalleryReader(gallery.file)

    looker = Looker(open_reader)
    with qtbot.waitSignal(looker.refused):
        looker.find("", Sort.NEWEST)
    there.append(True)
    assert len(ask(qtbot, looker, "").pictures) == 3
    looker.close()


def test_what_the_first_search_needs_is_prepared_when_there_is_nothing_else_to_do(
    qtbot: QtBot, looker: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = threading.Event()
    monkeypatch.setattr(GalleryReader, "get_ready", lambda reader: prepared.set())
    ask(qtbot, looker, "")
    assert prepared.wait(10)
    prepared.clear()
    ask(qtbot, looker, "")
    ask(qtbot, looker, "fox")
    assert not prepared.is_set()


def test_after_the_end_nothing_is_asked(qtbot: QtBot, looker: Looker) -> None:
    ask(qtbot, looker, "")
    looker.close()
    looker.find("fox", Sort.NEWEST)
    looker.close()
    assert looker._thread is not None
    assert not looker._thread.is_alive()
