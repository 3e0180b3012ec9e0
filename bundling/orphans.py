"""Leaving out the system's libraries that nothing needs any more once other files stay out."""

from collections.abc import Callable, Iterable
from pathlib import PurePath

Entry = tuple[str, str, str]


def without_orphans(entries: Iterable[Entry], imports_of: Callable[[str], Iterable[str]]) -> list[Entry]:
    """`entries` of PyInstaller's table of binaries, less what it added for the sake of binaries that are gone.

    `imports_of` gives the file names of the libraries that the file at a path is linked to, directly or not. What
    stands in a folder was asked for by its package and stays, and so does Python itself; links go with their file.
    """
    table = list(entries)
    asked_for = [entry for entry in table if _is_asked_for(entry)]
    needed = {name for _, source, kind in asked_for if kind != "SYMLINK" for name in imports_of(source)}
    files = {place for place, _, kind in table if kind != "SYMLINK"}
    kept: list[Entry] = []
    for entry in table:
        place, source, kind = entry
        name = PurePath(place).name
        if kind == "SYMLINK":
            # The source of a link is its target's place.
            if source in files and (name in needed or _is_asked_for(entry)):
                kept.append(entry)
        elif _is_asked_for(entry) or name in needed:
            kept.append(entry)
    return kept


def _is_asked_for(entry: Entry) -> bool:
    place, _, kind = entry
    return kind == "EXTENSION" or "/" in place or place.startswith("libpython")
