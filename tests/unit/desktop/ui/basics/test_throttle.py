from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.throttle import Throttle

NEVER_IN_A_TEST = 3_600_000


def heard_from(throttle: Throttle) -> list[object]:
    """What the throttle has passed on, and will."""
    heard: list[object] = []
    throttle.passed.connect(heard.append)
    return heard


def test_the_first_value_passes_at_once(qtbot: QtBot) -> None:
    throttle = Throttle(NEVER_IN_A_TEST)
    heard = heard_from(throttle)
    throttle.put("first")
    assert heard == ["first"]


def test_values_in_a_hurry_wait_and_the_newest_takes_the_turn(qtbot: QtBot) -> None:
    throttle = Throttle(NEVER_IN_A_TEST)
    heard = heard_from(throttle)
    for value in range(10):
        throttle.put(value)
    assert heard == [0]
    throttle.flush()
    assert heard == [0, 9]


def test_the_last_value_arrives_without_being_asked_for(qtbot: QtBot) -> None:
    throttle = Throttle(1)
    heard = heard_from(throttle)
    with qtbot.waitSignals([throttle.passed, throttle.passed]):
        throttle.put("first")
        throttle.put("overtaken")
        throttle.put("last")
    assert heard == ["first", "last"]


def test_flushing_nothing_passes_nothing(qtbot: QtBot) -> None:
    throttle = Throttle(1)
    heard = heard_from(throttle)
    throttle.flush()
    throttle.put(None)
    throttle.flush()
    assert heard == [None]
