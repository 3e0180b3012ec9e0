import logging
import threading
import warnings
from types import TracebackType
from typing import Self

import pytest

from sana_desktop.system.keep_awake import KeepAwake, desktop_lock

SECONDS = 20.0


class FakeLock:
    """Tells what happens to it by events."""

    def __init__(self, *, active: bool = True, broken: bool = False) -> None:
        self.active = active
        self.broken = broken
        self.entered = threading.Event()
        self.left = threading.Event()

    def __enter__(self) -> Self:
        self.entered.set()
        if self.broken:
            raise RuntimeError("the desktop is confused")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.left.set()


def test_it_stays_awake_between_taking_and_giving_back():
    lock, locks = FakeLock(), list[FakeLock]()

    def make() -> FakeLock:
        locks.append(lock)
        return lock

    with KeepAwake(make) as awake:
        awake.acquire()
        awake.acquire()
        assert lock.entered.wait(SECONDS)
        assert not lock.left.is_set()
        awake.release()
        assert lock.left.wait(SECONDS)
    assert locks == [lock]


def test_it_can_be_taken_again():
    locks = [FakeLock(), FakeLock()]
    waiting = iter(locks)
    with KeepAwake(lambda: next(waiting)) as awake:
        for lock in locks:
            awake.acquire()
            assert lock.entered.wait(SECONDS)
            awake.release()
            assert lock.left.wait(SECONDS)


def test_the_end_gives_it_back_and_ends_the_thread():
    lock = FakeLock()
    awake = KeepAwake(lambda: lock)
    awake.acquire()
    assert lock.entered.wait(SECONDS)

    awake.close()

    assert lock.left.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name == "keep-awake"]


def test_whoever_never_draws_starts_nothing():
    lock = FakeLock()
    with KeepAwake(lambda: lock) as awake:
        awake.release()
    assert not lock.entered.is_set()


@pytest.mark.parametrize("how", [{"active": False}, {"broken": True}], ids=["nobody offers it", "it fails"])
def test_a_desktop_that_does_not_help_is_told_of_once(how: dict[str, bool], caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    locks = [FakeLock(**how), FakeLock(**how)]
    waiting = iter(locks)
    with KeepAwake(lambda: next(waiting)) as awake:
        for lock in locks:
            awake.acquire()
            assert lock.entered.wait(SECONDS)
            awake.release()

    assert len([record for record in caplog.records if "may fall asleep" in record.message]) == 1


def test_a_library_that_is_missing_costs_nothing(caplog: pytest.LogCaptureFixture):
    def missing() -> FakeLock:
        raise ImportError("no wakepy")

    caplog.set_level(logging.INFO)
    with KeepAwake(missing) as awake:
        awake.acquire()
    assert "no wakepy" in caplog.text


def test_the_real_library_says_no_quietly_where_there_is_no_desktop(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with desktop_lock() as lock:
            assert not lock.active
