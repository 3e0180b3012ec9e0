"""Bringing pictures back out of the trash of the system: of desktops as freedesktop.org describes it, macOS, Windows.

Whatever has the right name in a trash, a picture comes back only if its content is the one that was thrown away.
"""

import contextlib
import os
import shutil
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from sana_desktop.errors import OutputError
from sana_desktop.gallery.prints import is_print_of

MOST_FILES = 100_000
_LARGEST_NOTE = 2**16
_NOTE = b".trashinfo"
# Of Windows' notes: version, length, date; since version 2 the count of letters before the path.
_WINDOWS_HEAD = struct.Struct("<qqq")
_WINDOWS_COUNT = struct.Struct("<i")


@dataclass(frozen=True, slots=True)
class Thrown:
    """A file in a trash, and the note about it, if this trash keeps notes."""

    file: Path
    note: Path | None = None


@dataclass(frozen=True, slots=True)
class Trash:
    """Where this machine keeps what was thrown away; `home` and `data` are the user's own folders."""

    home: Path
    data: Path
    platform: str
    # Windows': at the root of the disk on which the file was, unless said otherwise.
    bins: Path | None = None

    @classmethod
    def of_this_machine(cls) -> "Trash":
        """The trash of whoever runs this program."""
        home = Path.home()
        return cls(home, Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"), sys.platform)

    def bring_back(self, path: Path, content: bytes | None) -> None:
        """Move a file back to `path`; `content` is its print (`prints.fingerprint`), None for the one thrown away last.

        Nothing that is there by now is replaced. May take as long as copying the file. Raises `OutputError`, and
        changes nothing, if it is not in the trash any more, or its place is taken.
        """
        if os.path.lexists(path):
            raise OutputError(f"{path.name} cannot come back: something else has its name now.", hint="Rename that.")
        try:
            for thrown in self._candidates(path):
                if _is_wanted(thrown, content):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    _move(thrown.file, path)
                    if thrown.note is not None:
                        with contextlib.suppress(OSError):
                            thrown.note.unlink()
                    return
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise OutputError(
                f"{path.name} cannot come back: {reason}.", hint="Look into the trash yourself."
            ) from error
        raise OutputError(f"{path.name} is not in the trash any more.", hint="The trash may have been emptied.")

    def _candidates(self, path: Path) -> Iterator[Thrown]:
        if self.platform == "darwin":
            return _by_ending(self.home / ".Trash", path)
        if self.platform == "win32":
            return _of_windows(self.bins or Path(path.anchor) / "$Recycle.Bin", path)
        return self._of_desktops(path)

    def _of_desktops(self, path: Path) -> Iterator[Thrown]:
        """The home's trash, and that of the disk on which the file was."""
        top = path.parent
        while not top.is_dir() or (top != top.parent and not top.is_mount()):
            top = top.parent
        number = os.getuid() if hasattr(os, "getuid") else 0
        # Paths in notes are absolute, or begin at the folder on the right.
        places = (
            (self.data / "Trash", self.data),
            (top / ".Trash" / str(number), top),
            (top / f".Trash-{number}", top),
        )
        for trash, beginning in places:
            for note in _newest(trash / "info", _NOTE):
                with contextlib.suppress(OSError):
                    if _said_by(note, beginning) == os.fsencode(path):
                        yield Thrown(trash / "files" / note.name.removesuffix(os.fsdecode(_NOTE)), note)


def _said_by(note: Path, beginning: Path) -> bytes | None:
    """The path in a note of a trash as freedesktop.org describes it."""
    with note.open("rb") as file:
        lines = file.read(_LARGEST_NOTE).splitlines()
    said = next((line.removeprefix(b"Path=") for line in lines if line.startswith(b"Path=")), None)
    # Joining with an absolute path gives that one.
    return None if said is None else os.path.join(os.fsencode(beginning), unquote_to_bytes(said))  # noqa: PTH118  # bytes


def _by_ending(trash: Path, path: Path) -> Iterator[Thrown]:
    """A trash without notes: files that were renamed there have at least their ending."""
    for file in _newest(trash, os.fsencode(path.suffix)):
        yield Thrown(file)


def _of_windows(bins: Path, path: Path) -> Iterator[Thrown]:
    """A folder for each user, most of which may not be read; $R... is a file, $I... the note about it."""
    with contextlib.suppress(OSError):
        for folder in list(bins.iterdir()):
            for note in _newest(folder, os.fsencode(path.suffix)):
                if note.name.startswith("$I"):
                    with contextlib.suppress(OSError, struct.error):
                        if _said_by_windows(note).casefold() == str(path).casefold():
                            yield Thrown(note.with_name(f"$R{note.name[2:]}"), note)


def _said_by_windows(note: Path) -> str:
    with note.open("rb") as file:
        data = file.read(_LARGEST_NOTE)
    (version, _, _), start = _WINDOWS_HEAD.unpack_from(data), _WINDOWS_HEAD.size
    if version >= 2:
        _WINDOWS_COUNT.unpack_from(data, start)
        start += _WINDOWS_COUNT.size
    return data[start:].decode("utf-16-le", "replace").partition("\0")[0]


def _newest(folder: Path, ending: bytes) -> list[Path]:
    """Files of a folder with an ending, those that came last first; none where it cannot be read."""
    found: list[tuple[int, str]] = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if os.fsencode(entry.name).lower().endswith(ending.lower()) and len(found) < MOST_FILES:
                with contextlib.suppress(OSError):
                    found.append((entry.stat(follow_symlinks=False).st_ctime_ns, entry.path))
    return [Path(path) for _, path in sorted(found, reverse=True)]


def _is_wanted(thrown: Thrown, content: bytes | None) -> bool:
    if thrown.file.is_symlink() or not thrown.file.is_file():
        return False
    if content is None:
        # Only a note tells where it came from.
        return thrown.note is not None
    with thrown.file.open("rb") as opened:
        return is_print_of(content, opened)


def _move(file: Path, path: Path) -> None:
    """Move without replacing; both names are on one disk, or one of them cannot be linked."""
    try:
        os.link(file, path)
    except FileExistsError:
        raise
    except OSError:
        with file.open("rb") as source, path.open("xb") as target:
            try:
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
            except BaseException:
                path.unlink()
                raise
        shutil.copystat(file, path)
    file.unlink()
