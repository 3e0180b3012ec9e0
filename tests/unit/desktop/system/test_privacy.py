import os
import socket
import subprocess
import sys
import threading

import pytest

from sana_desktop.errors import BugError, KnownError
from sana_desktop.system.privacy import MOST_RECENT, OfflineError, OfflineGuard
from support.sources import SOURCE_ROOTS

# Hooks of the interpreter cannot be taken back, so a real one is only ever installed in a process of its own.
CHILD = """
import asyncio, http.client, socket, sys, tempfile, urllib.request
from sana_desktop.system.privacy import OfflineGuard
guard = OfflineGuard(now=lambda: 5.0)
guard.install()

def refused(what):
    try:
        what()
    except OSError as error:
        print(type(getattr(error, "reason", error)).__name__)
    else:
        print("let through")

async def by_name(): await asyncio.open_connection("example.com", 443)
async def by_number(): await asyncio.open_connection("192.0.2.1", 443)
def datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out: out.sendto(b"x", ("192.0.2.1", 9))
def by_hand():
    with socket.socket() as out: out.connect_ex(("127.0.0.1", 9))

refused(lambda: urllib.request.urlopen("https://example.com/"))
refused(lambda: http.client.HTTPSConnection("example.com").connect())
refused(lambda: asyncio.run(by_name()))
refused(lambda: asyncio.run(by_number()))
refused(datagram)
refused(by_hand)
refused(lambda: socket.gethostbyname("example.com"))
print(guard.try_out())

unix = socket.AF_UNIX
with tempfile.TemporaryDirectory() as folder, socket.socket(unix) as here, socket.socket(unix) as other:
    here.bind(folder + "/s"); here.listen(); other.connect(folder + "/s")
one, two = socket.socketpair()
with one, two:
    one.sendall(b"local"); print(two.recv(5).decode())
report = guard.report()
print(report.watching, report.offline, report.attempts, report.refused, report.recent[0].host, report.recent[0].at)
"""


def judge(guard: OfflineGuard, event: str, *args: object) -> None:
    guard.hear(event, args)


@pytest.fixture
def inet() -> socket.socket:
    """A socket that leads outside, never connected."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.close()
    return made


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes pairs of sockets out of connections")
def test_every_way_out_that_python_has_is_refused():
    result = subprocess.run(
        [sys.executable, "-c", CHILD],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS))},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert result.returncode == 0, result.stderr
    *outcomes, tried, local, numbers = result.stdout.splitlines()
    assert outcomes == ["OfflineError"] * 7
    assert tried == "True"
    assert local == "local"
    assert numbers == "True True 8 8 192.0.2.1 5.0"


def test_a_refusal_is_an_error_of_the_network_with_a_hint():
    error = OfflineError("example.com")

    assert isinstance(error, OSError)
    assert isinstance(error, KnownError)
    assert "example.com" in str(error)
    assert "Stay offline" in error.hint


def test_attempts_are_counted_and_the_last_ones_remembered(inet: socket.socket):
    guard = OfflineGuard(now=iter(range(100)).__next__)

    for number in range(MOST_RECENT + 2):
        with pytest.raises(OfflineError):
            judge(guard, "socket.connect", inet, (f"10.0.0.{number}", 80))

    report = guard.report()
    assert (report.attempts, report.refused) == (MOST_RECENT + 2, MOST_RECENT + 2)
    assert [attempt.host for attempt in report.recent] == [f"10.0.0.{number}" for number in (6, 5, 4, 3, 2)]
    assert report.recent[0].at == MOST_RECENT + 1


def test_switched_off_it_only_counts(inet: socket.socket):
    guard = OfflineGuard(enabled=False)

    judge(guard, "socket.getaddrinfo", b"example.com", 443, 0, 0, 0)
    guard.enabled = True
    with pytest.raises(OfflineError):
        judge(guard, "socket.getaddrinfo", "example.com", 443, 0, 0, 0)

    report = guard.report()
    assert (report.offline, report.attempts, report.refused) == (True, 2, 1)
    assert [attempt.refused for attempt in report.recent] == [True, False]


def test_what_stays_on_the_machine_is_none_of_its_business(inet: socket.socket):
    guard = OfflineGuard()
    with socket.socket(socket.AF_UNIX) as local:
        judge(guard, "socket.connect", local, "/run/user/1000/bus")
    judge(guard, "socket.sendmsg", inet, None)
    judge(guard, "socket.getaddrinfo", None, 80, 0, 0, 0)
    judge(guard, "socket.bind", inet, ("", 0))
    judge(guard, "open", "file", "r", 0)

    assert guard.report().attempts == 0


def test_other_families_of_addresses_are_refused_too(inet: socket.socket):
    guard = OfflineGuard()

    with pytest.raises(OfflineError):
        judge(guard, "socket.connect", inet, ("::1", 80, 0, 0))
    with pytest.raises(OfflineError):
        judge(guard, "socket.connect", inet, 7)
    assert [attempt.host for attempt in guard.report().recent] == ["7", "::1"]


def test_loopback_is_let_through_only_where_it_has_to_be(inet: socket.socket):
    judge(OfflineGuard(allow_loopback=True), "socket.connect", inet, ("127.0.0.1", 80))

    with pytest.raises(OfflineError):
        judge(OfflineGuard(allow_loopback=True), "socket.connect", inet, ("127.example.com", 80))
    with pytest.raises(OfflineError):
        judge(OfflineGuard(allow_loopback=False), "socket.connect", inet, ("127.0.0.1", 80))


def test_hosts_are_shown_short_and_printable(inet: socket.socket):
    guard = OfflineGuard()
    with pytest.raises(OfflineError):
        judge(guard, "socket.getaddrinfo", "evil\x1b[31m" + "x" * 500, 80, 0, 0, 0)

    host = guard.report().recent[0].host
    assert host.isprintable()
    assert len(host) <= 80


def test_without_the_hook_the_report_says_that_nobody_watches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "addaudithook", lambda hook: None)
    guard = OfflineGuard()

    assert not guard.report().watching
    guard.install()
    assert guard.report().watching
    with pytest.raises(BugError, match="twice"):
        guard.install()


def test_what_the_user_asked_for_is_let_through_and_counted(inet: socket.socket) -> None:
    guard = OfflineGuard(now=lambda: 5.0)
    with guard.user_asked():
        judge(guard, "socket.connect", inet, ("hub.example", 443))
        with guard.user_asked():
            judge(guard, "socket.getaddrinfo", "hub.example")
        judge(guard, "socket.connect", inet, ("hub.example", 443))
    with pytest.raises(OfflineError):
        judge(guard, "socket.connect", inet, ("hub.example", 443))
    report = guard.report()
    assert (report.attempts, report.asked, report.refused) == (4, 3, 1)
    assert [attempt.asked for attempt in report.recent] == [False, True, True, True]


def test_other_threads_stay_refused_while_one_does_what_was_asked(inet: socket.socket) -> None:
    guard = OfflineGuard()
    refused: list[bool] = []

    def other() -> None:
        with pytest.raises(OfflineError):
            judge(guard, "socket.connect", inet, ("spy.example", 443))
        refused.append(True)

    with guard.user_asked():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert refused == [True]
