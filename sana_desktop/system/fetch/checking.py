"""Whether files that were fetched are still what they were."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sana_desktop.system.fetch.remote import Digest, RemoteFile

READ_BYTES = 2**20


class Fault(StrEnum):
    """What can be wrong with a file on the disk."""

    MISSING = "missing"
    SIZE = "wrong size"
    CONTENT = "damaged"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file that is not what was fetched."""

    file: RemoteFile
    fault: Fault


def find_fault(folder: Path, file: RemoteFile, check: Callable[[], None], seen: Callable[[int], None]) -> Fault | None:
    """What is wrong with `file` in `folder`, None if nothing is; reads it whole. `seen` is told of bytes read."""
    path = folder / file.path
    try:
        if not path.is_file():
            return Fault.MISSING
        if path.stat().st_size != file.size:
            return Fault.SIZE
        digest = Digest(file)
        with path.open("rb") as stream:
            while data := stream.read(READ_BYTES):
                check()
                digest.update(data)
                seen(len(data))
    except OSError:
        return Fault.UNREADABLE
    return None if digest.text() == file.hash else Fault.CONTENT
