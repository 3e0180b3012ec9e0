import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from sana_desktop.domain.events import Phase
from sana_desktop.domain.job import JobState
from sana_desktop.errors import MachineError
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.saving import PictureSaver, plan_output
from sana_desktop.ui.bridge import EventBridge
from sana_desktop.ui.main_window import MainWindow
from sana_desktop.ui.theme import Theme
from sana_desktop.ui.window_state import WindowState, read_state, write_state
from support.fake_engine import FakeEngine
from support.packs import manifest

CONTROL = Qt.KeyboardModifier.ControlModifier
SEED = 7


class Stage:
    """The window with a fake engine and a home of its own; what people would do with it."""

    def __init__(self, qtbot: QtBot, home: Path, engine: FakeEngine | None = None, notice: str = "") -> None:
        self.qtbot = qtbot
        self.pictures = home / "pictures"
        self.state_path = home / "data" / "window.json"
        self.bridge = EventBridge()
        plan = plan_output(None, self.pictures)
        self.engine = engine or FakeEngine()
        self.queue = GenerationQueue(lambda: self.engine, PictureSaver(plan), self.bridge.listener)
        pack = manifest(home / "toy")
        if notice:
            object.__setattr__(pack, "notice", notice)
        self.window = MainWindow(self.queue, self.bridge, pack, plan, self.state_path, lambda: SEED)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def type(self, text: str) -> None:
        """Type where the cursor is."""
        self.qtbot.keyClicks(QApplication.focusWidget(), text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the cursor is."""
        self.qtbot.keyClick(QApplication.focusWidget(), key, modifiers)

    def draw(self, prompt: str = "a red apple") -> None:
        """Type a prompt, ask for its picture, and wait for it."""
        with self.qtbot.waitSignal(self.bridge.jobFinished):
            self.press(Qt.Key.Key_L, CONTROL)
            self.type(prompt)
            self.press(Qt.Key.Key_Return, CONTROL)


OpenStage = Callable[..., Stage]


@pytest.fixture
def open_stage(qtbot: QtBot, tmp_path: Path, qapp: QApplication) -> Iterator[OpenStage]:
    """Opens windows in one home; afterwards closes them and gives the program its old colours back."""
    before, sheet = QPalette(qapp.palette()), qapp.styleSheet()
    stages: list[Stage] = []

    def open_one(engine: FakeEngine | None = None, notice: str = "") -> Stage:
        stages.append(Stage(qtbot, tmp_path, engine, notice))
        return stages[-1]

    yield open_one
    for stage in stages:
        stage.window.close()
    qapp.setStyleSheet(sheet)
    qapp.setPalette(before)


@contextmanager
def held_engine(phase: Phase) -> Generator[tuple[FakeEngine, threading.Event, threading.Event]]:
    """An engine that stops at a phase until it is told to go on: (engine, it is there, it may go on)."""
    there, go_on = threading.Event(), threading.Event()

    def hold(now: Phase) -> None:
        if now is phase:
            there.set()
            go_on.wait()

    try:
        yield FakeEngine(on_phase=hold), there, go_on
    finally:
        go_on.set()


def test_one_can_type_at_once_and_draw_with_ctrl_enter(open_stage: OpenStage) -> None:
    stage = open_stage()
    assert isinstance(QApplication.focusWidget(), QPlainTextEdit)
    stage.draw("a red apple")
    (saved,) = stage.pictures.iterdir()
    assert stage.window._canvas.path == saved
    assert stage.window._canvas.image.size().toTuple() == (128, 128)
    assert saved.name in stage.window._progress.text
    assert stage.engine.batches[0][0].prompt == "a red apple"


def test_every_picture_goes_to_the_film_strip(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("one")
    stage.draw("two")
    assert stage.window._strip.model().rowCount() == 2


def test_escape_cancels_and_the_next_job_can_start(open_stage: OpenStage, qtbot: QtBot) -> None:
    with held_engine(Phase.DECODE) as (engine, there, go_on):
        stage = open_stage(engine)
        stage.type("a red apple")
        stage.press(Qt.Key.Key_Return, CONTROL)
        qtbot.waitUntil(there.is_set)
        with qtbot.waitSignal(stage.bridge.jobCancelled):
            stage.press(Qt.Key.Key_Escape)
            go_on.set()
        assert "Cancelled" in stage.window._progress.text
        assert not stage.pictures.exists()
        # No unfinished picture stays where finished ones are shown.
        assert stage.window._canvas.image.isNull()
        stage.draw("a green pear")
        assert len(list(stage.pictures.iterdir())) == 1


def test_a_second_order_waits_and_the_title_says_so(open_stage: OpenStage, qtbot: QtBot) -> None:
    with held_engine(Phase.LOAD) as (engine, there, go_on):
        stage = open_stage(engine)
        stage.type("a red apple")
        stage.press(Qt.Key.Key_Return, CONTROL)
        stage.press(Qt.Key.Key_Return, CONTROL)
        qtbot.waitUntil(there.is_set)
        assert stage.window.windowTitle() == "1 order waiting"
        stage.press(Qt.Key.Key_X, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        with qtbot.waitSignals([stage.bridge.jobCancelled, stage.bridge.jobCancelled]):
            go_on.set()
        assert stage.window.windowTitle() == ""
        assert [stage.queue.state(job) for job in (1, 2)] == [JobState.CANCELLED] * 2


def test_a_known_error_is_shown_with_its_hint(open_stage: OpenStage, qtbot: QtBot) -> None:
    def fail(phase: Phase) -> None:
        raise MachineError("Too little memory.", hint="Close other programs.")

    stage = open_stage(FakeEngine(on_phase=fail))
    stage.type("a red apple")
    with qtbot.waitSignal(stage.bridge.jobFailed):
        stage.press(Qt.Key.Key_Return, CONTROL)
    assert stage.window._messages.text == "Too little memory. Close other programs."
    assert not stage.window._jobs


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_drawn(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.pictures.write_text("a file where the folder should be")
    stage.type("a red apple")
    stage.press(Qt.Key.Key_Return, CONTROL)
    assert "pictures" in stage.window._messages.text
    assert stage.engine.batches == []


def test_the_draft_the_look_and_the_place_survive_a_restart(open_stage: OpenStage) -> None:
    first = open_stage()
    first.type("a half-written tho")
    # The screen of the tests has 800 x 800 pixels.
    first.window.resize(800, 650)
    first.window._actions.themeChosen.emit(Theme.LIGHT)
    first.window.close()
    second = open_stage()
    assert second.window._panel.draft()["prompt"] == "a half-written tho"
    assert second.window.size().toTuple() == (800, 650)
    assert read_state(second.state_path).theme is Theme.LIGHT


def test_the_draft_is_written_while_the_user_rests(open_stage: OpenStage, qtbot: QtBot) -> None:
    stage = open_stage()
    stage.type("a red apple")
    qtbot.waitUntil(stage.state_path.exists)
    assert read_state(stage.state_path).draft["prompt"] == "a red apple"


def test_a_draft_that_somebody_broke_does_not_matter(open_stage: OpenStage, tmp_path: Path) -> None:
    draft: dict[str, object] = {"prompt": 7, "count": "many", "seed": [], "size": "7x7"}
    state = WindowState(draft=draft, geometry=b"nonsense", splitter=b"nonsense")
    write_state(tmp_path / "data" / "window.json", state)
    open_stage().draw("a red apple")


def test_the_notice_of_the_pack_is_shown_until_it_is_dismissed(open_stage: OpenStage) -> None:
    first = open_stage(notice="It draws emoji.")
    assert first.window._banner.text == "It draws emoji."
    first.window._banner.dismissed.emit()
    first.window.close()
    assert open_stage(notice="It draws emoji.").window._banner.text == ""


def test_closing_while_it_draws_stops_the_engine(open_stage: OpenStage, qtbot: QtBot) -> None:
    with held_engine(Phase.SAMPLE) as (engine, there, go_on):
        stage = open_stage(engine)
        stage.type("a red apple")
        stage.press(Qt.Key.Key_Return, CONTROL)
        qtbot.waitUntil(there.is_set)
        threading.Timer(0.0, go_on.set).start()
        stage.window.close()
        assert engine.closed
        assert stage.queue.state(1) in (JobState.CANCELLED, JobState.FINISHED)


def test_an_older_picture_can_be_looked_at_again(open_stage: OpenStage, tmp_path: Path) -> None:
    stage = open_stage()
    path = tmp_path / "older.png"
    QImage(64, 32, QImage.Format.Format_RGB888).save(str(path))
    stage.window._strip.pictureChosen.emit(path)
    assert stage.window._canvas.path == path
    stage.window._strip.pictureChosen.emit(tmp_path / "gone.png")
    assert stage.window._messages.text.startswith("gone.png: ")


def test_every_button_has_a_name_for_those_who_cannot_see_it(open_stage: OpenStage) -> None:
    window = open_stage().window
    nameless = [
        button.objectName() or type(button).__name__
        for button in window.findChildren(QAbstractButton)
        if not button.accessibleName() and not button.text() and not button.objectName().startswith("qt_")
    ]
    assert nameless == []


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900)])
def test_nothing_is_wider_than_the_window(open_stage: OpenStage, size: tuple[int, int]) -> None:
    window = open_stage(notice="The starter pack draws emoji-style pictures. " * 5).window
    window.resize(*size)
    assert window.size().toTuple() == size
    assert window.minimumSizeHint().width() <= size[0]
    assert window.minimumSizeHint().height() <= size[1]
