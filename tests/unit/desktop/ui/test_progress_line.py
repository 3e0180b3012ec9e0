import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.domain.events import Phase
from sana_desktop.services.time_left import DECODE_STEPS, SAVE_STEPS
from sana_desktop.ui.progress_line import ProgressLine


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(qtbot: QtBot, clock: Clock) -> ProgressLine:
    made = ProgressLine(clock=clock)
    qtbot.addWidget(made)
    made.show()
    return made


def cancel_button(line: ProgressLine) -> QPushButton:
    button = line.findChild(QPushButton)
    assert button is not None
    return button


def test_without_a_job_it_only_has_words(line: ProgressLine):
    line.idle("Drawn in 3 s.")

    assert line.text == "Drawn in 3 s."
    assert line.fraction is None
    assert not cancel_button(line).isVisible()


def test_it_names_the_part_of_the_job_and_promises_nothing_yet(line: ProgressLine):
    line.begin(steps=20)
    line.show_phase(Phase.LOAD)

    assert line.text == "Loading the model"
    assert line.time_text == ""
    assert line.fraction is None
    assert cancel_button(line).isVisible()


@pytest.mark.parametrize("phase", Phase)
def test_every_part_of_a_job_has_words(line: ProgressLine, phase: Phase):
    line.show_phase(phase)

    assert len(line.text) > 4


def test_steps_fill_the_bar_and_give_a_time(line: ProgressLine, clock: Clock):
    line.begin(steps=4)
    line.show_phase(Phase.SAMPLE)
    clock.now += 4
    line.show_step(2, 4)

    assert line.text == "Step 2 of 4"
    assert line.fraction == pytest.approx(2 / (4 + DECODE_STEPS + SAVE_STEPS), abs=1e-3)
    assert line.time_text == f"about {round(2 * (2 + DECODE_STEPS + SAVE_STEPS))} s left"


def test_the_bar_is_not_full_before_the_decode(line: ProgressLine, clock: Clock):
    line.begin(steps=2)
    line.show_phase(Phase.SAMPLE)
    clock.now += 1
    line.show_step(2, 2)
    line.show_phase(Phase.DECODE)

    assert line.text == "Decoding"
    assert line.fraction is not None
    assert line.fraction < 0.5


def test_several_pictures_share_one_bar(line: ProgressLine, clock: Clock):
    line.begin(steps=4, count=3)
    line.show_phase(Phase.SAMPLE)
    clock.now += 1
    line.show_step(1, 4)

    assert line.fraction == pytest.approx(1 / (3 * (4 + DECODE_STEPS + SAVE_STEPS)), abs=1e-3)


def test_steps_are_shown_also_when_nobody_said_that_a_job_began(line: ProgressLine):
    line.show_step(1, 4)

    assert line.fraction is not None


def test_the_time_counts_down_during_a_step(line: ProgressLine, clock: Clock, qtbot: QtBot):
    line.begin(steps=4)
    line.show_phase(Phase.SAMPLE)
    clock.now += 10
    line.show_step(1, 4)
    before = line.time_text
    clock.now += 5

    qtbot.waitUntil(lambda: line.time_text != before)

    assert before == "about 1 min 10 s left"
    assert line.time_text == "about 1 min 5 s left"


def test_a_phase_of_unknown_length_says_how_long_it_takes_already(line: ProgressLine, clock: Clock, qtbot: QtBot):
    line.begin(steps=4)
    line.show_phase(Phase.LOAD)
    clock.now += 7

    qtbot.waitUntil(lambda: line.time_text == "7 s so far")

    line.show_phase(Phase.ENCODE)
    assert line.time_text == ""


def test_the_next_job_starts_from_nothing(line: ProgressLine):
    line.begin(steps=1)
    line.show_step(1, 1)
    line.idle("")

    line.begin(steps=4)

    assert line.fraction is None
    assert line.time_text == ""


def test_cancelling_is_asked_for_with_mouse_and_keyboard(line: ProgressLine, qtbot: QtBot):
    line.show_phase(Phase.SAMPLE)
    button = cancel_button(line)

    with qtbot.waitSignal(line.cancelRequested):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(line.cancelRequested):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_a_job_does_not_change_the_height(line: ProgressLine):
    line.idle("Ready")
    idle_height = line.sizeHint().height()

    line.show_step(1, 4)

    assert line.sizeHint().height() == idle_height
