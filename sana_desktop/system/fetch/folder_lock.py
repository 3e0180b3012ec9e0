"""One process at a time in a folder: a lock that the system takes back when the process ends, however it ends."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sana_desktop.errors import FetchError

FILE_NAME = ".lock"


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Have `folder`, which is made if need be, for this process alone; raises `FetchError` if another has it.

    The file with the lock stays, since removing it could take it from somebody who has just opened it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _lock(descriptor):
            raise FetchError(
                f"Another run of Sana Desktop is fetching “{folder.name}” already.",
                hint="Wait for it, or end it; what has arrived is kept.",
            )
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    if sys.platform == "win32":
        # Imported here because each system has its own.
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
