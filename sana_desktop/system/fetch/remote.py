"""What a hub says it has: the files of one revision of a repository, with sizes and hashes, read with distrust."""

import hashlib
import re
from dataclasses import dataclass
from typing import cast

from sana_desktop.errors import FetchError, PackError
from sana_desktop.system.pack_file import stays_inside
from sana_desktop.system.small_files import parse_json_object

MOST_FILES = 10_000
LARGEST_FILE = 2**40
LONGEST_PATH = 400

_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Digest:
    """The hash of a file that is seen piece by piece, in one of the two ways in which hubs write them.

    Large files have a sha256. Small ones have git's: the sha1 of a line with the size, and the content.
    """

    def __init__(self, file: "RemoteFile") -> None:
        self._sum = hashlib.sha256() if file.sha256 else hashlib.sha1(usedforsecurity=False)
        if not file.sha256:
            self._sum.update(f"blob {file.size}\0".encode())

    def update(self, data: bytes | memoryview) -> None:
        """See another piece."""
        self._sum.update(data)

    def text(self) -> str:
        """The hash of what was seen so far."""
        return self._sum.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file by its path in the repository. One of the two hashes is known; the other is empty."""

    path: str
    size: int
    sha256: str = ""
    git_sha1: str = ""

    @property
    def hash(self) -> str:
        """The one that is known."""
        return self.sha256 or self.git_sha1


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteListing:
    """All files of a repository at one commit: fetched by that name, they never change."""

    repository: str
    revision: str
    files: tuple[RemoteFile, ...]


def is_commit(text: str) -> bool:
    """Whether `text` names one state of a repository for good."""
    return _COMMIT.fullmatch(text) is not None


def read_listing(data: bytes, repository: str) -> RemoteListing:
    """Read a hub's answer about a repository; raises `FetchError` unless all of it is sound."""
    try:
        document = parse_json_object(data, f"The list of files of {repository}")
    except PackError as error:
        raise _nonsense(repository, str(error)) from error
    revision, siblings = document.get("sha"), document.get("siblings")
    if not isinstance(revision, str) or not is_commit(revision):
        raise _nonsense(repository, f"expected a commit of 40 hexadecimal digits, found {str(revision)[:60]!r}")
    if not isinstance(siblings, list) or len(cast(list[object], siblings)) > MOST_FILES:
        raise _nonsense(repository, f"expected a list of at most {MOST_FILES} files")
    files = tuple(_file(entry, repository) for entry in cast(list[object], siblings))
    if len({file.path for file in files}) != len(files):
        raise _nonsense(repository, "a file is listed twice")
    return RemoteListing(repository=repository, revision=revision, files=files)


def checked_file(path: object, size: object, sha256: object, git_sha1: object) -> RemoteFile:
    """A file as a stranger describes it; raises `ValueError` saying what is wrong with it."""
    if not isinstance(path, str) or len(path) > LONGEST_PATH or not stays_inside(path) or "\\" in path:
        raise ValueError(f"{str(path)[:80]!r} is not a path inside the repository")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= LARGEST_FILE:
        raise ValueError(f"{path[:80]}: expected a size in bytes, found {str(size)[:60]!r}")
    if isinstance(sha256, str) and _SHA256.fullmatch(sha256):
        return RemoteFile(path=path, size=size, sha256=sha256)
    if isinstance(git_sha1, str) and _COMMIT.fullmatch(git_sha1):
        return RemoteFile(path=path, size=size, git_sha1=git_sha1)
    raise ValueError(f"{path[:80]}: it has no hash to check it by")


def _file(entry: object, repository: str) -> RemoteFile:
    values = cast(dict[str, object], entry) if isinstance(entry, dict) else {}
    large = values.get("lfs")
    details = cast(dict[str, object], large) if isinstance(large, dict) else {}
    size = details.get("size", values.get("size"))
    try:
        return checked_file(values.get("rfilename"), size, details.get("sha256"), values.get("blobId"))
    except ValueError as error:
        raise _nonsense(repository, str(error)) from error


def _nonsense(repository: str, what: str) -> FetchError:
    return FetchError(
        f"The list of files of {repository} makes no sense: {what}.",
        hint="If you use a mirror or a proxy, it may not be one for Hugging Face; try without.",
    )
