"""One file, fetched to the end whatever the network does: gone on with after every break, and checked by its hash."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from sana_desktop.errors import FetchError, MachineError
from sana_desktop.system.fetch.hub import Body, TroubleError
from sana_desktop.system.fetch.remote import Digest, RemoteFile

READ_BYTES = 2**20

OpenAt = Callable[[int], AbstractContextManager[Body]]


@dataclass(slots=True)
class Allowance:
    """How many bytes may be fetched a second time before the user is asked."""

    left: int

    def take(self, size: int) -> bool:
        """Use `size` of it up, if there is so much."""
        if size > self.left:
            return False
        self.left -= size
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long to try: `tries` in a row that bring less than `least_bytes`, waiting ever longer.

    The waits are `first_wait` seconds, twice that, and so on up to `longest_wait`; `scatter` is what they are
    multiplied with, so that not everybody comes back at once.
    """

    tries: int = 8
    first_wait: float = 1.0
    longest_wait: float = 30.0
    least_bytes: int = 2**16
    scatter: Callable[[], float] = field(default=lambda: 1.0)

    def wait_after(self, failures: int, asked: float | None) -> float:
        """Seconds to wait after so many failures in a row, at least what the server asked for."""
        own = min(self.longest_wait, self.first_wait * 2 ** (failures - 1)) * self.scatter()
        return max(own, asked or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendants:
    """What goes on beside a fetch. `check` raises to stop it, and so does `wait`, which waits for seconds.

    `arrived` is told how much of the file is there now, and `troubled` why it has to wait and for how long.
    """

    check: Callable[[], None]
    wait: Callable[[float], None]
    arrived: Callable[[int], None] = lambda have: None
    troubled: Callable[[str, float], None] = lambda reason, seconds: None


class FileFetch:
    """Fetches `file` into `part`, going on from what is there already.

    `open_at` opens the file at a place. Bytes that have to be fetched twice, because what came was damaged or
    the server cannot go on in the middle, are taken from `allowance`; where it does not suffice, what is there of
    the file is removed and the error says so. Any other end keeps it, to be gone on with.
    """

    def __init__(self, file: RemoteFile, part: Path, open_at: OpenAt, allowance: Allowance, patience: Patience) -> None:
        self._file = file
        self._part = part
        self._open_at = open_at
        self._allowance = allowance
        self._patience = patience
        self._digest = Digest(file)
        self._have = 0

    def run(self, attendants: Attendants) -> None:
        """Return when the whole file is there and its hash is right. Raises `FetchError`, `MachineError`."""
        try:
            self._take_up(attendants)
            failures = 0
            while not self._is_done():
                before = self._have
                try:
                    self._receive(attendants)
                    continue
                except TroubleError as error:
                    failures = 1 if self._have - before >= self._patience.least_bytes else failures + 1
                    self._lose_patience(failures, error)
                    seconds = self._patience.wait_after(failures, error.wait)
                    attendants.troubled(str(error), seconds)
                attendants.wait(seconds)
        except OSError as error:
            raise MachineError(
                f"{self._part} could not be written ({error.strerror or type(error).__name__}).",
                hint="Free space on the disk and go on; what has arrived is kept.",
            ) from error

    def _take_up(self, attendants: Attendants) -> None:
        """Read again what an earlier run left behind."""
        self._part.parent.mkdir(parents=True, exist_ok=True)
        if not self._part.is_file() or self._part.is_symlink() or self._part.stat().st_size > self._file.size:
            self._start_over()
            return
        with self._part.open("rb") as part:
            while data := part.read(READ_BYTES):
                attendants.check()
                self._digest.update(data)
                self._have += len(data)
        attendants.arrived(self._have)

    def _start_over(self) -> None:
        self._part.unlink(missing_ok=True)
        self._part.touch()
        self._digest = Digest(self._file)
        self._have = 0

    def _is_done(self) -> bool:
        """Whether the file is there and sound; a damaged one is thrown away, to be fetched again if that is allowed."""
        if self._have < self._file.size:
            return False
        found = self._digest.text()
        if found == self._file.hash:
            return True
        self._start_over()
        if self._allowance.take(self._file.size):
            return False
        self._part.unlink(missing_ok=True)
        raise FetchError(
            f"{self._file.path} arrived damaged: expected the hash {self._file.hash[:16]}…, found {found[:16]}….",
            hint="Fetch the pack again: everything else is kept, only this file is fetched anew.",
        )

    def _receive(self, attendants: Attendants) -> None:
        """Take in one answer; raises `TroubleError` if it ends early or is not what was asked for."""
        with self._open_at(self._have) as body, self._part.open("ab", buffering=0) as part:
            skip = self._judge(body)
            for chunk in body.chunks:
                attendants.check()
                data, skip = memoryview(chunk)[skip:], max(0, skip - len(chunk))
                # A server may send more than it should; it is not listened to.
                data = data[: self._file.size - self._have]
                _write_all(part.fileno(), data)
                self._digest.update(data)
                self._have += len(data)
                attendants.arrived(self._have)
                if self._have == self._file.size:
                    os.fsync(part.fileno())
                    return
        if self._have < self._file.size:
            raise TroubleError("the answer ended early")

    def _judge(self, body: Body) -> int:
        """How many bytes at the beginning of an answer are there already."""
        if body.total is not None and body.total != self._file.size:
            raise TroubleError(f"the server says {body.total} bytes, and the list of files {self._file.size}")
        if body.start == self._have:
            return 0
        if body.start != 0:
            raise TroubleError(f"the server sent bytes from {body.start} on instead of {self._have}")
        if self._allowance.take(self._have):
            return self._have
        had = self._have
        self._part.unlink(missing_ok=True)
        raise FetchError(
            f"The server cannot go on in the middle of {self._file.path}; {had / 1e6:.0f} MB would be fetched twice.",
            hint="Fetch the pack again to let it start this file from its beginning, or choose another mirror.",
        )

    def _lose_patience(self, failures: int, error: TroubleError) -> None:
        if failures > self._patience.tries:
            raise FetchError(
                f"{self._file.path} could not be fetched: {error}. Tried {failures} times.",
                hint="Go on later; what has arrived is kept.",
            ) from error


def _write_all(file: int, data: memoryview) -> None:
    while data:
        data = data[os.write(file, data) :]
