"""What the program is made of: versions and licences of itself and of the libraries that are installed with it.

Everything is read from the packages' own pages, so no library is imported for it. A page costs about a
millisecond: all of them are not for the window's thread.
"""

import platform
import re
import sys
from dataclasses import dataclass
from importlib import metadata

from sana_desktop import __version__

OURS = "sana-desktop"
# The libraries that somebody who helps with a problem asks for first, and what they are called there.
SHOWN = (
    ("Qt for Python", "PySide6-Essentials"),
    ("torch", "torch"),
    ("transformers", "transformers"),
    ("tokenizers", "tokenizers"),
    ("safetensors", "safetensors"),
    ("numpy", "numpy"),
    ("Pillow", "pillow"),
)
ABSENT = "not installed"
UNKNOWN = "not stated"
# Some packages put the whole licence where its name belongs.
LONGEST_NAME = 200
# Packages whose page is silent; see NOTICE.
STATED_ELSEWHERE = (("gemma3-270m", "Gemma Terms of Use"),)
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, order=True)
class Library:
    """One installed library, as its own page describes it."""

    name: str
    version: str
    licence: str


def program_versions() -> tuple[tuple[str, str], ...]:
    """(name, version) of the program, the interpreter, the system and the main libraries."""
    libraries = ((name, _version(package)) for name, package in SHOWN)
    # A library that was imported may be another than the installed one, and then it is the one that counts.
    loaded = sys.modules.get("torch")
    torch = getattr(loaded, "__version__", None)
    return (
        ("Sana Desktop", __version__),
        ("Python", platform.python_version()),
        ("System", f"{platform.system()} {platform.release()} ({platform.machine()})"),
        *((name, str(torch) if name == "torch" and torch else version) for name, version in libraries),
    )


def installed_libraries(root: str = OURS) -> tuple[Library, ...]:
    """All libraries that `root` stands on, directly or not, in the order of their names; extras are left out."""
    found: dict[str, Library] = {}
    waiting = list(_requirements(root))
    while waiting:
        name = waiting.pop()
        key = _plain(name)
        if key in found:
            continue
        try:
            page = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            # For another system or Python.
            continue
        found[key] = Library(page["Name"] or name, page["Version"] or "", licence_name(page))
        waiting += _requirements(name)
    return tuple(sorted(found.values(), key=lambda library: library.name.casefold()))


def licence_name(page: metadata.PackageMetadata) -> str:
    """The licence that a package's page states, in one line."""
    for key in ("License-Expression", "License"):
        for value in page.get_all(key) or []:
            text = str(value).strip()
            if text and "\n" not in text and len(text) <= LONGEST_NAME and text != "UNKNOWN":
                return text
    classifiers = [str(value) for value in page.get_all("Classifier") or []]
    names = [value.rpartition(" :: ")[2] for value in classifiers if value.startswith("License ::")]
    elsewhere = [licence for start, licence in STATED_ELSEWHERE if _plain(page["Name"] or "").startswith(start)]
    return " / ".join(names or elsewhere) or UNKNOWN


def _requirements(name: str) -> list[str]:
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    matches = (_NAME.match(line) for line in lines if "extra ==" not in line)
    return [match.group() for match in matches if match]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ABSENT


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
