"""A wish to stop is heard in every thread, and counts from the first time it was said."""

import threading

import pytest

from sana_desktop.domain import cancel
from sana_desktop.domain.cancel import CancelToken, Stop
from sana_desktop.errors import JobCancelledError


def test_nothing_happens_until_somebody_asks() -> None:
    token = CancelToken()
    token.check()
    assert not token.cancelled
    assert token.seconds_since_asked == 0.0


def test_check_raises_once_somebody_asked() -> None:
    token = CancelToken()
    token.cancel()
    assert token.cancelled
    with pytest.raises(JobCancelledError):
        token.check()


def test_another_thread_hears_it() -> None:
    token, heard = CancelToken(), threading.Event()

    def work() -> None:
        try:
            while True:
                token.check()
        except JobCancelledError:
            heard.set()

    worker = threading.Thread(target=work)
    worker.start()
    token.cancel()
    worker.join()
    assert heard.is_set()


def test_the_first_asking_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 10.0

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return now

    monkeypatch.setattr(cancel, "time", Clock)
    token = CancelToken()
    token.cancel()
    now = 12.0
    token.cancel()
    now = 15.0
    assert token.seconds_since_asked == 5.0


def test_without_a_word_what_is_stopped_is_discarded() -> None:
    token = CancelToken()
    assert token.stop is None
    token.cancel()
    assert token.stop is Stop.DISCARD


def test_what_shall_be_kept_may_still_be_decoded() -> None:
    token = CancelToken()
    token.check_keeping()
    token.cancel(Stop.KEEP)
    token.check_keeping()
    with pytest.raises(JobCancelledError):
        token.check()


@pytest.mark.parametrize("later", [Stop.DISCARD, Stop.SUSPEND])
def test_who_wanted_to_keep_a_picture_may_think_again(later: Stop) -> None:
    token = CancelToken()
    token.cancel(Stop.KEEP)
    token.cancel(later)
    assert token.stop is later
    with pytest.raises(JobCancelledError):
        token.check_keeping()


@pytest.mark.parametrize("first", [Stop.DISCARD, Stop.SUSPEND])
def test_what_was_given_up_cannot_be_kept_any_more(first: Stop) -> None:
    token = CancelToken()
    token.cancel(first)
    token.cancel(Stop.KEEP)
    assert token.stop is first


def test_waiting_ends_at_once_where_somebody_asks_to_stop():
    token = CancelToken()
    token.wait(0.0)
    threading.Timer(0.0, token.cancel).start()
    with pytest.raises(JobCancelledError):
        token.wait(600.0)
