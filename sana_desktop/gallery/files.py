"""Writing into folders that belong to the user: whole files or none, and never over another file unasked."""

import contextlib
import errno
import os
import secrets
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from sana_desktop.errors import OutputError

Write = Callable[[BinaryIO], None]

MOST_NUMBERS = 10_000
# What file systems take for one name.
MOST_BYTES = 255
_BEGINNING, _ENDING = ".sana-desktop-", ".part"
_UNFINISHED = f"{_BEGINNING}{{}}{_ENDING}"
_HINTS = {
    errno.ENOSPC: "Free some space, or choose another folder.",
    errno.EDQUOT: "Free some space, or choose another folder.",
    errno.EACCES: "Choose a folder that you may write to.",
    errno.EPERM: "Choose a folder that you may write to.",
    errno.EROFS: "Choose a folder that you may write to.",
    errno.ENOTDIR: "A part of the path is a file; choose another folder.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
}


def write_new(target: Path, write: Write) -> Path:
    """Write a file called `target`, or `target` with the next free number; returns its path.

    `write` fills an open file. It appears complete, on the disk, or not at all; no file that exists is
    touched. Makes the folder if it is missing. Raises `OutputError`.
    """
    with _complaints(target), _unfinished(target.parent, write) as unfinished:
        for candidate in numbered(target):
            if _claim(unfinished, candidate):
                _sync_folder(candidate.parent)
                return candidate
    raise OutputError(f"{target.parent} holds {MOST_NUMBERS} files called {target.name}.", hint="Choose another name.")


def write_over(target: Path, write: Write) -> Path:
    """Write a file called `target` in place of whatever has that name; otherwise as `write_new`.

    The old file stays complete until the new one is.
    """
    with _complaints(target), _unfinished(target.parent, write) as unfinished:
        unfinished.replace(target)
        _sync_folder(target.parent)
    return target


def check_folder(folder: Path) -> None:
    """Raise `OutputError` unless files can be written to `folder`, or to where it will be made.

    Tries it, because permissions do not tell of read-only disks, access lists and sandboxes. Leaves
    nothing behind, no new folder either.
    """
    with _complaints(folder / "picture"):
        existing = folder.absolute()
        while not _exists(existing) and existing != existing.parent:
            existing = existing.parent
        probe = existing / _UNFINISHED.format(secrets.token_hex(8))
        probe.touch(exist_ok=False)
        probe.unlink()


def sweep_unfinished(folder: Path, before: float) -> None:
    """Remove what programs left in `folder` that were killed while writing, if it was last written before a time.

    `before` is in seconds since 1970: another program may be writing this very moment. What cannot be removed,
    or a folder that is not there, is nobody's trouble.
    """
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_BEGINNING) and entry.name.endswith(_ENDING):
                with contextlib.suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_mtime < before:
                        Path(entry.path).unlink()


def is_taken(target: Path) -> bool:
    """Whether something has this name; raises `OutputError` for a name that nothing can have."""
    with _complaints(target):
        return _exists(target)


def _exists(path: Path) -> bool:
    """As `Path.exists`, which on newer Pythons hides names that are too long and folders that may not be read."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def numbered(target: Path) -> Iterator[Path]:
    """The names to try for a file: its own, then name-2, name-3, ..., cut at its end where that is too long."""
    yield target
    for number in range(2, MOST_NUMBERS + 1):
        ending = f"-{number}{target.suffix}"
        room = MOST_BYTES - len(os.fsencode(ending))
        stem = target.stem
        while stem and len(os.fsencode(stem)) > room:
            stem = stem[:-1]
        yield target.with_name(f"{stem}{ending}")


@contextlib.contextmanager
def _unfinished(folder: Path, write: Write) -> Generator[Path]:
    """A complete, synced, hidden file in `folder`, gone when the block ends unless it got another name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _UNFINISHED.format(secrets.token_hex(8))
    try:
        # Not tempfile: its files are private, these are to have the permissions that the user's files have.
        with path.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        path.unlink(missing_ok=True)


def _claim(unfinished: Path, target: Path) -> bool:
    """Give a file its name in one step; False if that name is taken."""
    try:
        # A second name for the file: unlike a rename, it fails if the name exists.
        os.link(unfinished, target)
    except FileExistsError:
        return False
    except OSError:
        # No hard links here (FAT, some network disks): hold the name with an empty file, then replace it.
        return _claim_by_reserving(unfinished, target)
    return True


def _claim_by_reserving(unfinished: Path, target: Path) -> bool:
    try:
        target.touch(exist_ok=False)
    except FileExistsError:
        return False
    try:
        unfinished.replace(target)
    except OSError:
        target.unlink()
        raise
    return True


def _sync_folder(folder: Path) -> None:
    """Put the new name on the disk too; Windows does so by itself and cannot open folders."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        # Some network disks refuse; the file itself is safe.
        pass
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _complaints(target: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        hint = _HINTS.get(error.errno or 0, "Choose another folder.")
        raise OutputError(f"No picture can be written to {target.parent}: {reason}.", hint=hint) from error
