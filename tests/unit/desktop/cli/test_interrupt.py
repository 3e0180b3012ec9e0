import signal

import pytest

from sana_desktop.cli.interrupt import on_interrupt


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def test_the_first_asks_and_every_further_one_leaves():
    told: list[str] = []
    with on_interrupt(lambda: told.append("ask"), lambda: told.append("leave")):
        for _ in range(3):
            interrupt()

    assert told == ["ask", "leave", "leave"]


def test_afterwards_it_means_what_it_meant_before():
    with on_interrupt(lambda: None, lambda: None):
        pass

    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_an_error_inside_gives_the_old_meaning_back_too():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError), on_interrupt(lambda: None, lambda: None):
        raise ZeroDivisionError

    assert signal.getsignal(signal.SIGINT) is before


def test_a_program_that_is_to_ignore_it_does():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    told: list[str] = []
    try:
        with on_interrupt(lambda: told.append("ask"), lambda: told.append("leave")):
            interrupt()
    finally:
        signal.signal(signal.SIGINT, before)

    assert told == []
