import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest
from PIL import Image

from sana_desktop.errors import BugError, KnownError
from sana_desktop.gallery.readers.carried import LARGEST_TEXT
from sana_desktop.services import inspection
from sana_desktop.services.inspection import THUMBNAIL_SIDE, Inspection, InspectionFailed, PictureInspected
from support.foreign_pictures import bad_inputs, chunk, png, png_with, text, write_enormous_png

INFOTEXT = "a fox\nSteps: 20, Sampler: Euler, CFG scale: 4.5, Seed: 7"
SECONDS = 30.0


class Desk:
    """An inspection whose answers are kept."""

    def __init__(self) -> None:
        self.answers: Queue[PictureInspected | InspectionFailed] = Queue()
        self.inspection = Inspection(self.answers.put)

    def inspect(self, source: Path | bytes, name: str = "") -> PictureInspected | InspectionFailed:
        ticket = self.inspection.inspect(source, name)
        answer = self.answers.get(timeout=SECONDS)
        assert answer.ticket == ticket
        return answer


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.inspection.close()


def test_a_picture_is_read_with_a_small_picture_of_it(desk: Desk, tmp_path: Path):
    path = tmp_path / "fox.jpg"
    Image.new("RGB", (1600, 800), "red").save(path, "JPEG", comment=b"x")
    path.with_suffix(".txt").write_text(INFOTEXT, encoding="utf-8")

    answer = desk.inspect(path)

    assert isinstance(answer, PictureInspected)
    assert (answer.name, answer.found.seed) == ("fox.jpg", 7)
    assert answer.thumbnail is not None
    assert (answer.thumbnail.width, answer.thumbnail.height) == (THUMBNAIL_SIDE, THUMBNAIL_SIDE // 2)
    assert len(answer.thumbnail.rgb) == THUMBNAIL_SIDE * THUMBNAIL_SIDE // 2 * 3


def test_bytes_are_read_like_a_file(desk: Desk):
    answer = desk.inspect(png_with(parameters=INFOTEXT), "from the browser")

    assert isinstance(answer, PictureInspected)
    assert (answer.name, answer.found.prompt) == ("from the browser", "a fox")


def test_an_enormous_picture_is_read_and_never_unpacked(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "enormous.png"
    write_enormous_png(path)
    monkeypatch.setattr(inspection.Image, "open", lambda *_, **__: pytest.fail("the picture was opened"))

    answer = desk.inspect(path)

    assert isinstance(answer, PictureInspected)
    assert (answer.found.prompt, answer.found.size, answer.thumbnail) == ("enormous", (20_000, 20_000), None)


def test_a_file_with_much_besides_its_settings_is_not_given_to_the_decoder(desk: Desk):
    data = png(text("parameters", INFOTEXT), chunk(b"tEXt", b"more\0" + bytes(LARGEST_TEXT + 1)))

    answer = desk.inspect(data, "much")

    assert isinstance(answer, PictureInspected)
    assert answer.thumbnail is None
    assert "passed over" in answer.found.notes[0]


def test_everything_bad_gets_an_answer_for_people(desk: Desk, tmp_path: Path):
    for name, path in bad_inputs(tmp_path).items():
        answer = desk.inspect(path)

        assert isinstance(answer, InspectionFailed), name
        assert isinstance(answer.error, KnownError), (name, answer.error)
        assert path.name in str(answer.error)
        assert answer.error.hint


def test_a_damaged_picture_has_settings_and_no_small_picture(desk: Desk):
    data = png_with(parameters=INFOTEXT)

    answer = desk.inspect(data[: data.index(b"IDAT") + 6], "cut.png")

    assert isinstance(answer, PictureInspected)
    assert answer.thumbnail is None
    assert "cut short" in answer.found.notes[0]


def test_of_a_hundred_pictures_at_once_the_last_is_reported(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    begun, go_on = threading.Event(), threading.Event()
    read, read_names = inspection.read_carried, list[str]()

    def read_slowly(source: Path | bytes, name: str):
        read_names.append(name)
        begun.set()
        assert go_on.wait(SECONDS)
        return read(source, name)

    monkeypatch.setattr(inspection, "read_carried", read_slowly)
    desk.inspection.inspect(png_with(parameters=INFOTEXT), "0")
    assert begun.wait(SECONDS)
    tickets = [desk.inspection.inspect(png_with(parameters=INFOTEXT), str(number)) for number in range(1, 100)]
    go_on.set()

    assert desk.answers.get(timeout=SECONDS).ticket == tickets[-1]
    assert desk.answers.empty()
    assert read_names == ["0", "99"]


def test_what_was_cancelled_is_not_reported(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    begun, go_on = threading.Event(), threading.Event()
    read = inspection.read_carried

    def read_slowly(source: Path | bytes, name: str):
        begun.set()
        assert go_on.wait(SECONDS)
        return read(source, name)

    monkeypatch.setattr(inspection, "read_carried", read_slowly)
    desk.inspection.inspect(png_with(parameters=INFOTEXT), "first")
    assert begun.wait(SECONDS)
    desk.inspection.cancel()
    go_on.set()

    answer = desk.inspect(png_with(parameters=INFOTEXT), "second")

    assert answer.name == "second"


def test_a_mistake_of_ours_is_reported_and_the_thread_lives_on(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(inspection, "inspected", lambda *_: 1 / 0)
        answer = desk.inspect(png_with(parameters=INFOTEXT), "x")

    assert isinstance(answer, InspectionFailed)
    assert isinstance(answer.error, BugError)
    assert "ZeroDivisionError" in answer.error.details
    assert isinstance(desk.inspect(png_with(parameters=INFOTEXT), "y"), PictureInspected)


def test_after_closing_nothing_is_read():
    desk = Desk()
    desk.inspection.close()

    with pytest.raises(BugError):
        desk.inspection.inspect(b"")
