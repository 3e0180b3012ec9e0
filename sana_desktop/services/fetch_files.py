"""Fetching a number of files into a folder: lent by packs that have them, or from the hub, each checked by its hash."""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sana_desktop.errors import FetchError, MachineError
from sana_desktop.system.fetch.checking import find_fault
from sana_desktop.system.fetch.file_fetch import Allowance, Attendants, FileFetch, Patience
from sana_desktop.system.fetch.hub import Hub, TroubleError
from sana_desktop.system.fetch.record import FetchRecord
from sana_desktop.system.fetch.remote import RemoteFile, RemoteListing

PART_SUFFIX = ".part"
# What may be fetched twice without asking; a hundredth more is what breaks may lose on the way.
ALLOWED_AGAIN = 0.04
DISK_RESERVE = 300_000_000


class FetchPhase(StrEnum):
    """What a fetch is busy with."""

    ASKING = "asking"
    FETCHING = "fetching"
    WAITING = "waiting"
    CHECKING = "checking"
    INSTALLING = "installing"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchProgress:
    """How far a fetch is: `done` of `total` bytes. While it waits, `reason` says why and `seconds` how long."""

    pack_id: str
    phase: FetchPhase
    done: int = 0
    total: int = 0
    file: str = ""
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchWatch:
    """Who looks after something long. `check` raises to stop it, `wait` waits for seconds and may raise as well."""

    check: Callable[[], None]
    wait: Callable[[float], None]
    tell: Callable[[FetchProgress], None] = lambda progress: None


def patiently(ask: Callable[[], RemoteListing], pack_id: str, patience: Patience, watch: FetchWatch) -> RemoteListing:
    """What `ask` returns, asked again while the network is in trouble; raises `FetchError` in the end."""
    failures = 0
    while True:
        watch.check()
        watch.tell(FetchProgress(pack_id=pack_id, phase=FetchPhase.ASKING))
        try:
            return ask()
        except TroubleError as error:
            failures += 1
            if failures > patience.tries:
                raise FetchError(
                    f"{error}. Tried {failures} times.", hint="Check the connection, and try later."
                ) from error
            seconds, reason = patience.wait_after(failures, error.wait), str(error)
        watch.tell(FetchProgress(pack_id=pack_id, phase=FetchPhase.WAITING, reason=reason, seconds=seconds))
        watch.wait(seconds)


class FilesFetch:
    """Brings `files` of `record` into `folder`. `lenders` are folders that may hold the same files already.

    A file is there under its own name only when it is whole and its hash was right.
    """

    def __init__(
        self,
        record: FetchRecord,
        folder: Path,
        hub: Hub,
        watch: FetchWatch,
        *,
        files: Sequence[RemoteFile] | None = None,
        lenders: Sequence[tuple[Path, FetchRecord]] = (),
        patience: Patience | None = None,
    ) -> None:
        self._record = record
        self._folder = folder
        self._hub = hub
        self._watch = watch
        self._files = record.files if files is None else tuple(files)
        self._lenders = lenders
        self._patience = patience or Patience()
        self._total = sum(file.size for file in self._files)
        self._allowance = Allowance(int(ALLOWED_AGAIN * self._total))

    def run(self, free: Callable[[Path], int]) -> None:
        """Return when everything is there. `free` says how much room a disk has, 0 where nobody can tell."""
        wanting = [file for file in self._files if not self._is_here(file)]
        wanting = [file for file in wanting if not self._borrow(file)]
        missing = sum(file.size for file in wanting) - sum(self._arrived(file) for file in wanting)
        room = free(self._folder)
        if 0 < room < missing + DISK_RESERVE:
            raise MachineError(
                f"There is not enough room: {missing / 1e9:.1f} GB are still to come, and {room / 1e9:.1f} GB are free "
                f"where {self._folder} is.",
                hint="Make room and go on; what has arrived is kept.",
            )
        for file in wanting:
            self._fetch(file)

    def _fetch(self, file: RemoteFile) -> None:
        part = self._part(file)
        before = sum(each.size for each in self._files if each != file and self._is_here(each))
        others = sum(self._arrived(each) for each in self._files if each != file and not self._is_here(each))

        def arrived(have: int) -> None:
            self._tell(FetchPhase.FETCHING, before + others + have, file)

        def troubled(reason: str, seconds: float) -> None:
            self._tell(FetchPhase.WAITING, before + others + self._arrived(file), file, reason, seconds)

        attendants = Attendants(check=self._watch.check, wait=self._watch.wait, arrived=arrived, troubled=troubled)
        listing, path = self._record.listing, file.path
        fetch = FileFetch(
            file, part, lambda start: self._hub.open(listing, path, start), self._allowance, self._patience
        )
        fetch.run(attendants)
        part.replace(self._folder / file.path)

    def _borrow(self, file: RemoteFile) -> bool:
        """Link the file from a pack that has it; a file is only the same if its hash says so."""
        for folder, record in self._lenders:
            twin = next((each for each in record.files if each.hash == file.hash and each.size == file.size), None)
            if twin is None:
                continue
            self._tell(FetchPhase.CHECKING, 0, file)
            if find_fault(folder, twin, self._watch.check, lambda size: None) is not None:
                continue
            target = self._folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link((folder / twin.path).resolve(), target)
            except OSError:
                # Another disk: copying takes the room that fetching would, and no connection.
                part = self._part(file)
                shutil.copyfile(folder / twin.path, part)
                part.replace(target)
            return True
        return False

    def _is_here(self, file: RemoteFile) -> bool:
        path = self._folder / file.path
        return path.is_file() and path.stat().st_size == file.size

    def _arrived(self, file: RemoteFile) -> int:
        part = self._part(file)
        return min(part.stat().st_size, file.size) if part.is_file() else 0

    def _part(self, file: RemoteFile) -> Path:
        return self._folder / f"{file.path}{PART_SUFFIX}"

    def _tell(self, phase: FetchPhase, done: int, file: RemoteFile, reason: str = "", seconds: float = 0.0) -> None:
        self._watch.tell(
            FetchProgress(
                pack_id=self._record.pack_id,
                phase=phase,
                done=done,
                total=self._total,
                file=file.path,
                reason=reason,
                seconds=seconds,
            )
        )
