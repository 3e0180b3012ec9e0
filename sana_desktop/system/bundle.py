"""The program's own files, where it was installed as one folder: whether they are all there, and whole."""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sana_desktop.errors import MachineError

LIST_NAME = "files.txt"
PORTABLE_NAME = "portable.txt"
_HINT = "Unpack or install Sana Desktop again, into a new folder. Your pictures and settings stand elsewhere and stay."
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class BundledFile:
    """A file as it was packed; `place` is its path below the folder of the program, with slashes."""

    place: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """An installation in one folder. `folder` holds the executable, `files` the list of everything in it."""

    folder: Path
    list_file: Path

    @classmethod
    def running(cls) -> "Bundle | None":
        """The bundle that this process runs from, None in a checkout."""
        # PyInstaller says where it put the libraries; the attribute exists nowhere else.
        libraries = getattr(sys, "_MEIPASS", None)
        if libraries is None:
            return None
        return cls(Path(sys.executable).parent, Path(libraries) / LIST_NAME)

    @property
    def files(self) -> tuple[BundledFile, ...]:
        """What was packed. Raises `MachineError` if the list itself is missing or damaged."""
        try:
            lines = self.list_file.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise MachineError(
                f"The list of the program's files, {self.list_file}, cannot be read.", hint=_HINT
            ) from error
        count, *rest = lines or ["0"]
        if count != str(len(rest)) or not rest:
            raise MachineError(f"The list of the program's files, {self.list_file}, is not whole.", hint=_HINT)
        return tuple(_parse(line) for line in rest)

    def check(self) -> int:
        """Compare the size of every file, in milliseconds; how many there are. Raises `MachineError` naming the bad."""
        files = self.files
        self._complain([trouble for file in files if (trouble := self._size_trouble(file))])
        return len(files)

    def check_contents(self) -> int:
        """As `check`, but reads every byte, which takes seconds."""
        files = self.files
        self._complain([trouble for file in files if (trouble := self._size_trouble(file) or self._changed(file))])
        return len(files)

    def _size_trouble(self, file: BundledFile) -> str:
        try:
            size = (self.folder / file.place).stat().st_size
        except OSError:
            return f"{file.place} is missing"
        return "" if size == file.size else f"{file.place} has {size} bytes instead of {file.size}"

    def _changed(self, file: BundledFile) -> str:
        try:
            digest = _sha256(self.folder / file.place)
        except OSError as error:
            return f"{file.place} cannot be read ({error.strerror or error})"
        return "" if digest == file.sha256 else f"{file.place} was changed"

    def _complain(self, troubles: list[str]) -> None:
        if not troubles:
            return
        others = f" And {len(troubles) - 1} more." if len(troubles) > 1 else ""
        raise MachineError(f"Sana Desktop in {self.folder} is damaged: {troubles[0]}.{others}", hint=_HINT)


def list_files(folder: Path, list_file: Path) -> str:
    """The text of the list for all files below `folder`, links followed, without the list itself."""
    lines = [
        f"{_sha256(path)} {path.stat().st_size} {path.relative_to(folder).as_posix()}"
        for path in _files_below(folder)
        if path != list_file
    ]
    return "\n".join([str(len(lines)), *lines]) + "\n"


def portable_home(program: Path | None) -> Path | None:
    """The folder beside the executable `program` for everything that is the user's; None if it should not be there.

    A file called portable.txt beside it asks for that. On macOS “beside” means beside the .app.
    """
    if program is None:
        return None
    inside = [parent for parent in program.parents if parent.suffix == ".app"]
    folder = inside[-1].parent if inside else program.parent
    return folder / "home" if (folder / PORTABLE_NAME).is_file() else None


def frozen_program() -> Path | None:
    """The executable of the bundle that runs; None in a checkout, where it would be Python's."""
    return Path(sys.executable) if hasattr(sys, "_MEIPASS") else None


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _parse(line: str) -> BundledFile:
    digest, _, rest = line.partition(" ")
    size, _, place = rest.partition(" ")
    return BundledFile(place, int(size), digest)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
