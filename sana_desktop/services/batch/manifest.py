"""The book of a run: a line of JSON for every picture, written when it is on the disk or was given up.

The first line says what the run is: its base seed above all, without which it could not be gone on with.
"""

import hashlib
import json
import os
from array import array
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from sana_desktop.domain.codec import recipe_to_plain
from sana_desktop.domain.picture import Timings
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import KnownError, OutputError
from sana_desktop.services.batch.prompt_list import Item

VERSION = 1
_LONGEST_LINE = 2_000_000
# Of more pictures nobody could wait for the last.
MOST_ITEMS = 10_000_000


class ItemState(StrEnum):
    """What became of a picture."""

    SAVED = "saved"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHead:
    """What a run is: where its seeds begin, and which part of the list it draws."""

    base_seed: int
    shard: tuple[int, int] = (1, 1)
    app_version: str = ""
    list_name: str = ""


class Manifest:
    """The book of one run at `path`; made by `begin` or `go_on`, and closed by its user.

    `record_*` may be called on any one thread at a time. A line is on the disk when they return; they raise
    `OutputError` for a disk that is full, and may be called again then.
    """

    def __init__(
        self, path: Path, file: BinaryIO, head: RunHead, done: "array[int]", given_up: set[int] | None = None
    ) -> None:
        self.path = path
        self.head = head
        self._file = file
        self._done = done
        self._given_up = given_up or set()
        self._end = file.tell()

    @classmethod
    def begin(cls, path: Path, head: RunHead) -> "Manifest":
        """Start a new book; raises `OutputError` where there is one, because that run is not to be lost."""
        with _complaints(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                file = path.open("xb")
            except FileExistsError:
                raise OutputError(
                    f"{path.parent} holds a run already.", hint="Go on with it with --resume, or choose another folder."
                ) from None
        _claim(path, file)
        book = cls(path, file, head, array("Q"))
        book._append({"sana_desktop_batch": VERSION, **asdict(head)})
        return book

    @classmethod
    def go_on(cls, path: Path) -> "Manifest":
        """Open a book again; a line that was being written when the program ended is taken away.

        Raises `KnownError` for a file that is no book of a run.
        """
        done = array("Q")
        given_up: set[int] = set()
        try:
            # Read first: what is not ours is not touched.
            end, head = 0, None
            with path.open("rb") as file:
                for line in iter(lambda: file.readline(_LONGEST_LINE), b""):
                    if not line.endswith(b"\n"):
                        break
                    end += len(line)
                    if head is None:
                        head = _head(line, path)
                        continue
                    _note(done, given_up, line)
                size = file.seek(0, os.SEEK_END)
            if head is None:
                raise _no_book(path)
            opened = path.open("r+b")
            _claim(path, opened)
            if opened.seek(0, os.SEEK_END) != size:
                raise _in_use(path)
            opened.truncate(end)
            opened.seek(end)
        except FileNotFoundError:
            raise KnownError(f"There is no run to go on with in {path.parent}.", hint="Leave out --resume.") from None
        except OSError as error:
            raise KnownError(f"{path} cannot be used ({error.strerror or error}).") from error
        return cls(path, opened, head, done, given_up)

    def is_done(self, item: Item) -> bool:
        """Whether exactly this picture was saved."""
        return item.index < len(self._done) and self._done[item.index] == fingerprint(item.recipe)

    def was_given_up(self, item: Item) -> bool:
        """Whether a picture in this place was given up by an earlier run."""
        return item.index in self._given_up

    def record_saved(self, item: Item, file: Path, recipe: Recipe, timings: Timings | None) -> None:
        """Note a picture that is on the disk; without `timings` where it was found there."""
        relative = file.relative_to(self.path.parent) if file.is_relative_to(self.path.parent) else file
        self._append(
            {
                **_common(item),
                "status": ItemState.SAVED,
                "file": str(PurePosixPath(relative)),
                "seconds": None if timings is None else round(timings.total, 4),
                "recipe": recipe_to_plain(recipe),
            }
        )
        _mark(self._done, item.index, fingerprint(item.recipe))

    def record_failed(self, item: Item, reason: str) -> None:
        """Note a picture that was given up; it is tried again when the run is gone on with."""
        self._append(
            {
                **_common(item),
                "status": ItemState.FAILED,
                "error": reason,
                "recipe": recipe_to_plain(item.recipe),
            }
        )

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _append(self, document: Mapping[str, object]) -> None:
        # ASCII, so that every reader of lines counts the same lines.
        data = json.dumps(document).encode("ascii") + b"\n"
        with _complaints(self.path):
            try:
                self._file.write(data)
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError:
                # Half a line must not become the beginning of the next one.
                self._file.seek(self._end)
                self._file.truncate(self._end)
                raise
        self._end += len(data)


@contextmanager
def _complaints(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"{path} cannot be written: {reason}.", hint="Free some space, or choose another folder."
        ) from error


def _claim(path: Path, file: BinaryIO) -> None:
    """Keep other programs from drawing the same run until the file is closed; the system does so after a kill, too."""
    try:
        # Imported here because Windows has none; there nothing keeps two programs apart.
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise _in_use(path) from None
    except OSError:
        # Some network drives know no locks.
        return


def _in_use(path: Path) -> OutputError:
    return OutputError(f"Another program is drawing the run in {path.parent}.", hint="Wait for it, or stop it.")


def fingerprint(recipe: Recipe) -> int:
    """A number of 64 bits that, for all that matters, only this recipe has; never 0."""
    data = json.dumps(recipe_to_plain(recipe)).encode("ascii")
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big") or 1


def read_items(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a book but the first, in the order in which they were written; broken ones are left out."""
    with path.open("rb") as file:
        next(file, None)
        for line in file:
            document = _object(line)
            if document is not None and "index" in document:
                yield document


def _common(item: Item) -> dict[str, object]:
    """What is said of every picture; the prompt as it was written only where the recipe says another."""
    common: dict[str, object] = {"index": item.index, "line": item.line, "seed": item.recipe.seed}
    if item.template != item.recipe.prompt:
        common["template"] = item.template
    common["asked"] = f"{fingerprint(item.recipe):016x}"
    return common


def _head(line: bytes, path: Path) -> RunHead:
    found = _object(line)
    if found is None or found.get("sana_desktop_batch") != VERSION:
        raise _no_book(path)
    seed, shard = found.get("base_seed"), found.get("shard")
    if (
        type(seed) is not int
        or not isinstance(shard, list)
        or [type(one) for one in cast(list[object], shard)]
        != [
            int,
            int,
        ]
    ):
        raise _no_book(path)
    first, second = cast(list[int], shard)
    return RunHead(
        base_seed=seed,
        shard=(first, second),
        app_version=str(found.get("app_version", "")),
        list_name=str(found.get("list_name", "")),
    )


def _no_book(path: Path) -> KnownError:
    return KnownError(f"{path} is not the book of a run of this program.", hint="Choose another folder.")


def _note(done: "array[int]", given_up: set[int], line: bytes) -> None:
    found = _object(line)
    index = None if found is None else found.get("index")
    if found is None or type(index) is not int or not 0 <= index < MOST_ITEMS:
        return
    if found.get("status") == ItemState.FAILED:
        given_up.add(index)
    asked = found.get("asked")
    if found.get("status") == ItemState.SAVED and isinstance(asked, str):
        try:
            number = int(asked, 16)
        except ValueError:
            return
        if number < 2**64:
            _mark(done, index, number)
            given_up.discard(index)


def _mark(done: "array[int]", index: int, number: int) -> None:
    if index >= len(done):
        done.frombytes(bytes(8 * (index + 1 - len(done))))
    done[index] = number


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return cast(dict[str, Any], found) if isinstance(found, dict) else None
