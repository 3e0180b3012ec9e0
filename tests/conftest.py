"""What holds for every test: silence, no network, no leaked threads, nothing written outside temporary folders."""

import gc
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

# Read by libraries when they are imported, so these come before any of them.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from hypothesis import settings

from support.leaks import threads_left

SECONDS_TO_END = 10.0


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a home of its own: no test may see or change the pictures of the person who runs it."""
    home = tempfile.TemporaryDirectory(prefix="sana-desktop-tests-")
    os.environ["SANA_DESKTOP_HOME"] = home.name
    config.add_cleanup(home.cleanup)
    # A shell that starts something in the background lets it ignore Ctrl+C, which some tests are about.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Nothing timed decides a test, and the suite must give the same answer twice. To look for more than it finds:
    # --hypothesis-profile=explore
    settings.register_profile("explore", deadline=None)
    settings.register_profile("suite", deadline=None, derandomize=True, database=None)
    if not config.getoption("hypothesis_profile", None):
        settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests that need an accelerator where torch finds none."""
    wanting = [item for item in items if item.get_closest_marker("gpu")]
    if not wanting:
        return
    # Imported here because runs without such tests, the contract tests for one, are quick without torch.
    import torch

    if not torch.cuda.is_available():
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason="torch finds no CUDA device on this machine"))


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a thread behind which would keep the program from ending."""
    before = set(threading.enumerate())
    yield
    names = threads_left(before, SECONDS_TO_END)
    assert not names, f"the test left threads running: {', '.join(names)}"


@pytest.fixture(autouse=True)
def collected_on_the_thread_of_qt(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let objects of Qt end where they were made: on another thread their timers would outlive them, and crash.

    Python collects on whichever thread happens to make the next object, the engine's for one.
    """
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect()
    # What is still there stays: the next test needs to look at its own objects only.
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves the process for anything but a local socket file."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            raise AssertionError(f"a test tried to reach the network: {address}")
        connect(self, address)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent
