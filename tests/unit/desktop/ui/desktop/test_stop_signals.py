import os
import signal

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.ui.desktop.stop_signals import StopSignals


def ask(number: signal.Signals) -> None:
    """Send this process a signal, as a terminal or the system would."""
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_of_the_system_becomes_one_of_qt(qtbot: QtBot, number: signal.Signals) -> None:
    codes: list[int] = []
    with StopSignals(codes.append) as stop, qtbot.waitSignal(stop.received):
        ask(number)
    assert codes == []


def test_who_asks_twice_is_not_kept_waiting(qtbot: QtBot) -> None:
    codes: list[int] = []
    with StopSignals(codes.append):
        ask(signal.SIGINT)
        ask(signal.SIGINT)
    assert codes == [130]


def test_afterwards_everything_is_as_before(qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with StopSignals():
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert signal.set_wakeup_fd(-1) == -1


def test_what_is_ignored_stays_ignored(qtbot: QtBot) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with StopSignals():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
