import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.domain.events import Phase
from sana_desktop.services.time_left import DECODE_STEPS, SAVE_STEPS
from sana_desktop.ui.queue.progress_line import ProgressLine


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
    made.resize(700, made.sizeHint().height())
    made.show()
    return made


def cancel_button(line: ProgressLine) -> QPushButton:
    return next(button for button in line.findChildren(QPushButton) if button.accessibleName() == "Cancel the job")


def keep_button(line: ProgressLine) -> QPushButton:
    return next(
        button for button in line.findChildren(QPushButton) if button.accessibleName() == "Stop and keep the picture"
    )


def test_without_a_job_it_only_has_words(line: ProgressLine):
    line.idle("Drawn in 3 s.")

    assert line.text == "Drawn in 3 s."
    assert line.fraction is None
    assert not cancel_button(line).isVisible()


@pytest.mark.parametrize(("width", "words"), [(700, ("Stop and keep", "Cancel")), (375, ("", ""))])
def test_in_little_room_the_words_of_the_line_matter_more_than_those_of_the_buttons(
    line: ProgressLine, width: int, words: tuple[str, str]
):
    line.begin(steps=20)
    line.resize(width, line.height())
    QApplication.processEvents()

    assert (keep_button(line).text(), cancel_button(line).text()) == words


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


def test_a_picture_is_kept_between_the_first_step_and_the_last(line: ProgressLine, qtbot: QtBot):
    button = keep_button(line)
    line.begin(steps=4)
    line.show_phase(Phase.SAMPLE)
    assert not button.isEnabled()
    assert button.toolTip() == button.accessibleDescription() == "There is nothing to keep before the first step"

    line.show_step(1, 4)
    assert button.toolTip() == "End with the picture as it stands now and save it"
    with qtbot.waitSignal(line.keepRequested):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    line.show_step(4, 4)
    assert not button.isEnabled()
    line.show_phase(Phase.DECODE)
    assert "about to come" in button.toolTip()


def test_stopping_is_shown_until_it_has_stopped(line: ProgressLine):
    line.begin(steps=4)
    line.show_step(1, 4)

    line.show_stopping(keep=True)
    assert (line.text, keep_button(line).isEnabled()) == ("Stopping, keeping what is there", False)
    assert cancel_button(line).isEnabled()

    line.show_stopping(keep=False)
    assert (line.text, cancel_button(line).isEnabled()) == ("Cancelling", False)

    line.show_cancelled(0.0234)
    assert line.text == "Cancelled 0.02 s after you asked"
    assert not cancel_button(line).isVisible()

    line.begin(steps=4)
    assert cancel_button(line).isEnabled()


def test_before_the_first_step_earlier_pictures_tell_the_time(line: ProgressLine, clock: Clock):
    line.begin(steps=4, expected=40.0)
    assert line.time_text == "about 40 s left"

    clock.now += 17
    line.show_phase(Phase.ENCODE)
    assert line.time_text == "about 25 s left"

    clock.now += 30
    line.show_phase(Phase.SAMPLE)
    assert line.time_text == ""


def test_the_time_of_the_queue_is_said_while_others_wait(line: ProgressLine, clock: Clock):
    line.begin(steps=4)
    line.show_queue(waiting=2, seconds=200.0)
    assert line.time_text == "queue: about 3 min"
    line.show_phase(Phase.SAMPLE)
    clock.now += 10
    line.show_step(1, 4)
    assert line.time_text == "about 1 min 10 s left · queue: about 3 min"

    line.show_queue(waiting=0, seconds=50.0)
    assert line.time_text == "about 1 min 10 s left"
    line.show_queue(waiting=2, seconds=None)
    assert line.time_text == "about 1 min 10 s left"


def test_the_queue_says_nothing_while_nothing_is_drawn(line: ProgressLine):
    line.idle("Ready")
    line.show_queue(waiting=2, seconds=200.0)

    assert line.time_text == ""


def test_of_several_pictures_it_says_which(line: ProgressLine):
    line.begin(steps=4, count=5, batch=2, done=1)
    line.show_phase(Phase.SAMPLE)
    assert line.text == "Picture 2–3 of 5 · Drawing"
    line.show_phase(Phase.SAVE)
    assert line.text == "Picture 2–3 of 5 · Saving"
    line.show_phase(Phase.SAVE)
    line.show_phase(Phase.LOAD)
    line.show_step(1, 4)
    assert line.text == "Picture 4–5 of 5 · Step 1 of 4"


def test_pictures_that_exist_are_no_work(line: ProgressLine):
    line.begin(steps=4, count=5, done=4)
    line.show_step(1, 4)

    assert line.fraction == pytest.approx(1 / (4 + DECODE_STEPS + SAVE_STEPS), abs=1e-3)


def test_a_countdown_does_not_jump(line: ProgressLine, clock: Clock):
    line.resize(700, line.sizeHint().height())
    line.begin(steps=4)
    line.show_phase(Phase.SAMPLE)
    clock.now += 400
    line.show_step(1, 4)
    QApplication.processEvents()
    end, bar = line._left.geometry().right(), line._bar.geometry()
    line.show_step(4, 4)
    QApplication.processEvents()

    assert line._left.alignment() & Qt.AlignmentFlag.AlignRight
    assert (line._left.geometry().right(), line._bar.geometry()) == (end, bar)


def test_the_end_of_a_job_gives_the_words_the_whole_room(line: ProgressLine):
    name = "Saved as 2026-11-24_04-28-24_0_a-red-car-on-a-green-background.png"
    line.resize(560, line.sizeHint().height())
    line.show_step(1, 4)
    line.idle(name)
    QApplication.processEvents()

    assert line._text.shown == name


def test_nothing_takes_0_s(line: ProgressLine, clock: Clock):
    line.begin(steps=4)
    line.show_phase(Phase.SAMPLE)
    clock.now += 0.01
    line.show_step(2, 4)

    assert line.time_text == "less than 1 s left"


def test_a_pause_counts_nothing_down(line: ProgressLine, clock: Clock):
    line.begin(steps=4, count=2)
    line.show_step(1, 4)
    line.show_paused()

    assert (line.text, line.time_text) == ("Paused", "")
    assert not line._countdown.isActive()
    assert cancel_button(line).isEnabled()

    line.show_step(2, 4)
    assert line._countdown.isActive()
