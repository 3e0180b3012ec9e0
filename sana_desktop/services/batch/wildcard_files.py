"""Folders of wildcards: text files whose lines stand in for `__name__`."""

import re
from pathlib import Path

from sana_desktop.errors import PromptListError

LARGEST_BYTES = 8 * 2**20
MOST_FILES = 2_000


class WildcardFolder:
    """Reads `name.txt` below `folder`; `*` stands for any letters within a folder, `**` for folders, too.

    A line is a value; blank ones and those that begin with “#” are none. Without a folder there are no wildcards.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def values(self, name: str) -> tuple[str, ...]:
        """The values, not empty. Raises `PromptListError` for what is missing, outside, or no text."""
        if self._folder is None:
            raise PromptListError(
                f"There are no wildcards for __{name}__.", hint="Name their folder with --wildcards FOLDER."
            )
        if name.startswith("/") or ".." in name.split("/"):
            raise PromptListError(f"__{name}__ leads out of the folder of wildcards.")
        values = tuple(value for file in self._files(self._folder, name) for value in _values(file, name))
        if not values:
            raise PromptListError(
                f"There is no wildcard __{name}__.", hint=f"Expected lines in {self._folder / name}.txt."
            )
        return values

    def _files(self, folder: Path, name: str) -> list[Path]:
        root = folder.resolve()
        if "*" not in name:
            found = [root / f"{name}.txt"]
        else:
            # `**` within a name means any letters to pathlib, too, but it wants it to stand alone.
            pattern = re.sub(r"(?<=[^/])\*\*|\*\*(?=[^/])", "*", f"{name}.txt".replace("/**.txt", "/**/*.txt"))
            found = sorted(root.glob(pattern))[:MOST_FILES]
        return [file for file in found if file.is_file() and file.resolve().is_relative_to(root)]


def _values(file: Path, name: str) -> list[str]:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptListError(f"The wildcard __{name}__ cannot be read ({error}).") from None
    if len(data) > LARGEST_BYTES:
        raise PromptListError(f"The wildcard __{name}__ has more than {LARGEST_BYTES // 2**20} MiB.")
    if "\0" in text:
        raise PromptListError(f"The wildcard __{name}__ holds a zero byte.")
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
