"""The promise that nothing leaves the machine, kept by the interpreter itself and proved with numbers."""

import errno
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import cast

from sana_desktop.errors import BugError, KnownError

MOST_RECENT = 5
LONGEST_HOST = 80
# Reserved for documentation: nobody ever has this address. A datagram socket that connects sends nothing.
TEST_ADDRESS = ("192.0.2.1", 9)

# Everything by which Python's sockets reach out or ask for names: the audit event, and which argument says where.
_WHERE = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.getnameinfo": 0,
}


class OfflineError(KnownError, OSError):
    """A connection that was refused because the user wants to stay offline; libraries take it for a network error."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The connection to {host} was refused: Sana Desktop is set to stay offline.",
            hint="Fetching a pack is let through when you ask for it. To let everything through, turn off "
            "“Stay offline” in the settings, under Privacy.",
        )
        self.errno = errno.ENETUNREACH


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody wanted to reach `host` at `at`, in seconds since 1970; `asked` if the user had asked for it."""

    host: str
    at: float
    refused: bool
    asked: bool = False


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """What the guard has seen since the start: counts, and the last attempts, newest first.

    `asked` of the attempts were let through because they belonged to something that the user had asked for.
    `watching` is False where it was never installed; then the numbers prove nothing.
    """

    watching: bool
    offline: bool
    attempts: int
    refused: int
    recent: tuple[Attempt, ...]
    asked: int = 0


class OfflineGuard:
    """While `enabled`, refuses every connection of Python code that is not to a file of this machine.

    `install` makes the interpreter ask the guard before each connection, look-up of a name and datagram; it
    cannot be taken back, `enabled` can be switched. With `allow_loopback`, addresses of the machine itself are
    let through, which Windows needs for pairs of sockets. What the user asks for, in so many words and each time
    anew, runs inside `user_asked`; whatever else the program does meanwhile, on other threads, stays refused.

    Not seen: other programs, and libraries that open sockets in C. Of those that ship, Qt talks to the desktop
    through local sockets (a contract test keeps QtNetwork to these), and torch opens none outside of
    `torch.distributed`, which is not used. On Windows, asyncio connects past the hook; nothing here uses it.
    """

    def __init__(
        self,
        *,
        enabled: bool = True,
        allow_loopback: bool = sys.platform == "win32",
        now: Callable[[], float] = time.time,
    ) -> None:
        self.enabled = enabled
        self._allow_loopback = allow_loopback
        self._now = now
        self._watching = False
        # Reentrant: a signal handler may interrupt the very thread that counts.
        self._lock = threading.RLock()
        self._attempts = 0
        self._refused = 0
        self._asked = 0
        # Each thread has its own.
        self._errand = threading.local()
        self._recent: deque[Attempt] = deque(maxlen=MOST_RECENT)

    def install(self) -> None:
        """Watch this process from now until it ends; called once, by the composition root."""
        if self._watching:
            raise BugError("The offline guard was installed twice.")
        sys.addaudithook(self.hear)
        self._watching = True

    def hear(self, event: str, args: tuple[object, ...]) -> None:
        """Judge an audit event of the interpreter; raises `OfflineError` to stop what is about to happen."""
        # Called for every import and every file: what is not about sockets must pass at once.
        if not event.startswith("socket.") or event not in _WHERE:
            return
        host = _host(event, args)
        if host is None or (self._allow_loopback and _is_loopback(host)):
            return
        asked = getattr(self._errand, "asked", False)
        refused = self.enabled and not asked
        with self._lock:
            self._attempts += 1
            self._refused += refused
            self._asked += asked
            self._recent.appendleft(Attempt(host, self._now(), refused, asked))
        if refused:
            raise OfflineError(host)

    @contextmanager
    def user_asked(self) -> Generator[None]:
        """Let through what this thread does inside the block: the user has just asked for it."""
        before = getattr(self._errand, "asked", False)
        self._errand.asked = True
        try:
            yield
        finally:
            self._errand.asked = before

    def report(self) -> PrivacyReport:
        """What happened so far."""
        with self._lock:
            return PrivacyReport(
                watching=self._watching,
                offline=self.enabled,
                attempts=self._attempts,
                refused=self._refused,
                recent=tuple(self._recent),
                asked=self._asked,
            )

    def try_out(self) -> bool:
        """Try to connect to an address that nobody has, and say whether that was refused; sends nothing in any case."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(TEST_ADDRESS)
            except OfflineError:
                return True
            except OSError:
                # Refused by the system, which says nothing about the guard.
                return False
        return False


def _host(event: str, args: tuple[object, ...]) -> str | None:
    """Where it goes; None for what stays on the machine."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        family = getattr(args[0], "family", None)
        # A socket that is connected sends without an address: that was judged when it connected.
        if family == getattr(socket, "AF_UNIX", -1) or args[1] is None:
            return None
    target = args[_WHERE[event]]
    # Internet addresses are (host, port, ...); other families have shapes of their own.
    place = cast(tuple[object, ...], target)[0] if isinstance(target, tuple) and target else cast(object, target)
    if place is None or place == b"":
        # Asking for an address to listen at.
        return None
    text = place.decode("utf-8", "replace") if isinstance(place, bytes) else str(place)
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:LONGEST_HOST])


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
