import pytest

from sana_desktop.domain.events import Phase, PhaseStarted, StepDone
from sana_desktop.services.time_left import DECODE_STEPS, SAVE_STEPS, TimeLeft, rough_text, seconds_text


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def draw_round(time_left: TimeLeft, clock: Clock, *, steps: int, load: float, step: float, per_unit: float) -> None:
    """One picture: the phases take `load`, `step` per step, and `per_unit` per unit of the others."""
    time_left.saw(PhaseStarted(1, Phase.LOAD))
    clock.now += load
    time_left.saw(PhaseStarted(1, Phase.SAMPLE))
    for number in range(1, steps + 1):
        clock.now += step
        time_left.saw(StepDone(1, number, steps))
    time_left.saw(PhaseStarted(1, Phase.DECODE))
    clock.now += DECODE_STEPS * per_unit
    time_left.saw(PhaseStarted(1, Phase.SAVE))
    clock.now += SAVE_STEPS * per_unit


def test_nothing_is_promised_before_the_first_step():
    clock = Clock()
    time_left = TimeLeft(steps=4, count=1, batch=1, clock=clock)
    time_left.saw(PhaseStarted(1, Phase.LOAD))
    clock.now += 60

    assert time_left.seconds is None
    assert time_left.fraction == 0


def test_steps_predict_steps_and_the_decode():
    clock = Clock()
    time_left = TimeLeft(steps=4, count=1, batch=1, clock=clock)
    time_left.saw(PhaseStarted(1, Phase.LOAD))
    clock.now += 60
    time_left.saw(PhaseStarted(1, Phase.SAMPLE))
    clock.now += 2
    time_left.saw(StepDone(1, 1, 4))

    assert time_left.seconds == pytest.approx((3 + DECODE_STEPS + SAVE_STEPS) * 2)
    clock.now += 1
    assert time_left.seconds == pytest.approx((3 + DECODE_STEPS + SAVE_STEPS) * 2 - 1)
    clock.now += 1000
    assert time_left.seconds == 0


def test_a_second_picture_is_predicted_from_the_first():
    clock = Clock()
    time_left = TimeLeft(steps=4, count=2, batch=1, clock=clock)
    draw_round(time_left, clock, steps=4, load=60, step=2, per_unit=2)
    time_left.saw(PhaseStarted(1, Phase.LOAD))

    assert time_left.fraction == pytest.approx(0.5)
    assert time_left.seconds == pytest.approx((4 + DECODE_STEPS + SAVE_STEPS) * 2)


def test_pictures_drawn_together_share_steps_and_decode_but_not_saving():
    clock = Clock()
    time_left = TimeLeft(steps=4, count=3, batch=2, clock=clock)
    time_left.saw(PhaseStarted(1, Phase.SAMPLE))
    clock.now += 1
    time_left.saw(StepDone(1, 1, 4))

    assert time_left.fraction == pytest.approx(1 / (2 * (4 + DECODE_STEPS) + 3 * SAVE_STEPS))


def test_steps_that_nobody_told_of_count():
    clock = Clock()
    time_left = TimeLeft(steps=10, count=2, batch=1, clock=clock)
    for _ in range(2):
        time_left.saw(PhaseStarted(1, Phase.SAMPLE))
        clock.now += 8
        time_left.saw(StepDone(1, 4, 10))
        clock.now += 12
        time_left.saw(StepDone(1, 10, 10))
        time_left.saw(PhaseStarted(1, Phase.DECODE))
        clock.now += 2 * DECODE_STEPS

    time_left.saw(PhaseStarted(1, Phase.SAVE))
    assert time_left.seconds == pytest.approx(2 * 2 * SAVE_STEPS)


# A window may be slow to tell of them.
@pytest.mark.parametrize("late", [0, 0.004, 0.5])
@pytest.mark.parametrize("kept", [1, 2, 7])
def test_steps_of_an_earlier_run_are_done_but_say_nothing_about_speed(kept: int, late: float):
    clock = Clock()
    time_left = TimeLeft(steps=10, count=1, batch=1, clock=clock)
    total = 10 + DECODE_STEPS + SAVE_STEPS
    time_left.saw(PhaseStarted(1, Phase.SAMPLE))
    clock.now += late
    time_left.saw(StepDone(1, kept, 10))
    assert time_left.fraction == pytest.approx(kept / total)

    for step in range(kept + 1, 11):
        clock.now += 2
        time_left.saw(StepDone(1, step, 10))
        assert time_left.seconds == pytest.approx(2 * (total - step))


def test_nothing_is_promised_after_several_steps_that_took_no_time():
    clock = Clock()
    time_left = TimeLeft(steps=10, count=1, batch=1, clock=clock)
    time_left.saw(PhaseStarted(1, Phase.SAMPLE))
    time_left.saw(StepDone(1, 7, 10))

    assert time_left.seconds is None


def test_a_first_step_that_took_long_counts():
    clock = Clock()
    time_left = TimeLeft(steps=3, count=1, batch=1, clock=clock)
    time_left.saw(PhaseStarted(1, Phase.SAMPLE))
    for step, seconds in ((1, 3), (2, 2)):
        clock.now += seconds
        time_left.saw(StepDone(1, step, 3))

    assert time_left.seconds == pytest.approx((1 + DECODE_STEPS + SAVE_STEPS) * 2.5)


def test_finished_latents_need_the_decode_only():
    clock = Clock()
    time_left = TimeLeft(steps=4, count=2, batch=1, clock=clock)
    time_left.saw(PhaseStarted(1, Phase.DECODE))
    assert time_left.fraction == pytest.approx(4 / (2 * (4 + DECODE_STEPS + SAVE_STEPS)))
    assert time_left.seconds is None

    clock.now += DECODE_STEPS * 2
    time_left.saw(PhaseStarted(1, Phase.SAVE))
    assert time_left.seconds == pytest.approx((4 + DECODE_STEPS + 2 * SAVE_STEPS) * 2)
    clock.now += SAVE_STEPS * 2
    draw_round(time_left, clock, steps=4, load=0, step=2, per_unit=2)
    assert time_left.seconds == pytest.approx(0)


def test_a_picture_kept_as_it_stands_leaves_no_steps_to_do():
    clock = Clock()
    time_left = TimeLeft(steps=10, count=1, batch=1, clock=clock)
    time_left.saw(PhaseStarted(1, Phase.SAMPLE))
    for step in (1, 2):
        clock.now += 2
        time_left.saw(StepDone(1, step, 10))
    time_left.saw(PhaseStarted(1, Phase.DECODE))

    assert time_left.seconds == pytest.approx((DECODE_STEPS + SAVE_STEPS) * 2)


def test_the_events_know_best_after_how_many_steps_a_picture_ends():
    clock = Clock()
    time_left = TimeLeft(steps=20, count=2, batch=1, clock=clock)
    for _ in range(2):
        draw_round(time_left, clock, steps=5, load=1, step=1, per_unit=1)
    time_left.saw(PhaseStarted(1, Phase.LOAD))

    assert time_left.fraction == pytest.approx(1)
    assert time_left.seconds == pytest.approx(0)


def test_everything_done_is_the_whole():
    clock = Clock()
    time_left = TimeLeft(steps=4, count=1, batch=1, clock=clock)
    draw_round(time_left, clock, steps=4, load=1, step=1, per_unit=1)
    time_left.saw(PhaseStarted(1, Phase.LOAD))

    assert time_left.fraction == pytest.approx(1)
    assert time_left.seconds == pytest.approx(0)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s"), (3780, "1 h 3 min")]
)
def test_durations_read_as_people_say_them(seconds: float, text: str):
    assert seconds_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1 s"),
        (6.4, "6 s"),
        (23, "25 s"),
        (57, "55 s"),
        (58, "1 min"),
        (200, "3 min"),
        (3600, "1 h"),
        (4100, "1 h 10 min"),
    ],
)
def test_guesses_are_no_more_precise_than_they_can_be(seconds: float, text: str):
    assert rough_text(seconds) == text


def test_a_step_that_is_told_of_twice_counts_once():
    clock = Clock()
    time_left = TimeLeft(steps=4, count=1, batch=1, clock=clock)
    time_left.saw(PhaseStarted(1, Phase.SAMPLE))
    clock.now += 2
    time_left.saw(StepDone(1, 2, 4))
    before = time_left.fraction
    clock.now += 2
    time_left.saw(StepDone(1, 2, 4))

    assert time_left.fraction == before > 0
