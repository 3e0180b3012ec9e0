"""The suite's own guards: a test that warns, leaks a thread or reaches for the network fails."""

import os
import socket
import threading
import warnings

import pytest

from support.leaks import threads_left


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning, match="careless"):
        warnings.warn("careless", stacklevel=1)


def test_the_network_is_out_of_reach() -> None:
    with socket.socket() as caller, pytest.raises(AssertionError, match="tried to reach the network"):
        caller.connect(("127.0.0.1", 9))


def test_a_local_socket_is_not_the_network() -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(b"hello")
        assert other.recv(5) == b"hello"


@pytest.mark.parametrize("daemon", [False, True])
def test_only_a_thread_that_keeps_the_program_alive_is_a_leak(daemon: bool) -> None:
    before, done = set(threading.enumerate()), threading.Event()
    thread = threading.Thread(target=done.wait, name="forgotten", daemon=daemon)
    thread.start()
    try:
        assert threads_left(before, seconds=0.0) == ([] if daemon else ["forgotten"])
    finally:
        done.set()
        thread.join()
    assert threads_left(before, seconds=0.0) == []


def test_libraries_work_offline_with_one_thread_in_a_home_of_the_tests() -> None:
    assert os.environ["HF_HUB_OFFLINE"] == os.environ["TRANSFORMERS_OFFLINE"] == os.environ["OMP_NUM_THREADS"] == "1"
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
    assert "sana-desktop-tests-" in os.environ["SANA_DESKTOP_HOME"]
