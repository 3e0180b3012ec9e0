"""`make bundle`: builds the folder, completes it, and packs it.

The same commit on the same machine gives the same archive: hashes are seeded, and everything is as old as the commit.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bundling import contents
from bundling.archive import write_archive
from bundling.components import PYTHON, REPOSITORY, components, our_component
from bundling.deb import write_deb
from bundling.inventory import Collected, read_inventory
from bundling.licences import problems, write_licences, write_owners
from bundling.sbom import sbom
from sana_desktop import __version__
from sana_desktop.system.bundle import LIST_NAME, list_files

# Where no commit tells; the first day of 2026.
NO_COMMIT = 1767225600
LINUX = Path(__file__).resolve().parent / "linux"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build and pack; 1 if PyInstaller fails or something in the bundle must not be passed on."""
    parser = argparse.ArgumentParser(prog="make bundle", description="Make one folder that runs without Python.")
    parser.add_argument("--no-build", action="store_true", help="complete and pack what PyInstaller built before")
    parser.add_argument("--no-pack", action="store_true", help="make the folder only")
    parser.add_argument("--deb", action="store_true", help="also make a Debian package")
    options = parser.parse_args(arguments)
    timestamp = commit_time(REPOSITORY)
    if not options.no_build and not build(timestamp):
        return 1
    dist = REPOSITORY / "dist"
    folder = dist / "sana-desktop"
    if sys.platform == "darwin":
        print(f"bundle: {dist / 'Sana Desktop.app'}; next: sh bundling/macos/make-dmg.sh {__version__}")
        return 0
    if not complete(folder, timestamp):
        return 1
    if sys.platform == "win32":
        print(rf"bundle: {folder}; next: iscc /DVersion={__version__} bundling\windows\sana-desktop.iss")
        return 0
    name = f"sana-desktop-{__version__}-{archive_kind(contents.has_gpu_libraries())}"
    if not options.no_pack:
        archive = dist / f"{name}.tar.gz"
        write_archive(folder, archive, timestamp)
        print(f"bundle: {archive}, {archive.stat().st_size / 1e6:.0f} MB")
    if options.deb:
        print(f"bundle: {write_deb(folder, dist, timestamp)}")
    return 0


def commit_time(repository: Path) -> int:
    """When the commit that is checked out was made, in seconds since 1970; a fixed day without git."""
    try:
        asked = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=repository, capture_output=True, text=True, check=True
        )
        return int(asked.stdout)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return NO_COMMIT


def archive_kind(gpu: bool) -> str:
    """What a bundle is for, as its name says it."""
    return f"{platform.system().lower()}-{platform.machine()}-{'cuda' if gpu else 'cpu'}"


def build(timestamp: int) -> bool:
    """Run PyInstaller in an environment that gives the same result twice; whether it succeeded."""
    environment = os.environ | {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(timestamp)}
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", "dist", "--workpath", "build/pyinstaller", "build.spec"]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, check=False).returncode == 0


def complete(folder: Path, timestamp: int) -> bool:
    """Add what PyInstaller knows nothing of: licences, desktop files, the list of files; whether all is in order."""
    owners = components(read_inventory(REPOSITORY / "build" / "inventory.json"))
    # PyInstaller makes it of Python's own first modules, after it wrote down what it collected.
    owners[Collected("base_library.zip", "", "DATA")] = PYTHON
    troubles = problems(owners)
    if troubles:
        print("\n".join(troubles[:20]), file=sys.stderr)
        print(f"bundle: {len(troubles)} things in it have no licence that allows passing it on.", file=sys.stderr)
        return False
    known = {thing: owner for thing, owner in owners.items() if owner is not None}
    write_licences(folder / "licences", known)
    moment = datetime.fromtimestamp(timestamp, UTC)
    text = sbom(known.values(), moment.isoformat().replace("+00:00", "Z"))
    (folder / "licences" / "sbom.cdx.json").write_text(text, encoding="utf-8")
    if sys.platform == "linux":
        _strip(folder)
        add_desktop_files(folder, moment)
    libraries = folder / "_internal"
    # Written last, because it has the hashes of the others; it has an owner too.
    (libraries / LIST_NAME).write_text("", encoding="utf-8")
    known[Collected(LIST_NAME, "", "DATA")] = our_component()
    if lost := write_owners(folder, libraries, known):
        print(f"bundle: nobody knows whose these are: {', '.join(lost[:20])}", file=sys.stderr)
        return False
    (libraries / LIST_NAME).write_text(list_files(folder, libraries / LIST_NAME), encoding="utf-8")
    return True


def add_desktop_files(folder: Path, moment: datetime) -> None:
    """Everything with which the program becomes part of a Linux desktop, in `share`, and the page to read first."""
    share = folder / "share"
    shutil.rmtree(share, ignore_errors=True)
    share.mkdir()
    icons = REPOSITORY / "resources" / "icons"
    for source in (*sorted(icons.iterdir()), *sorted(LINUX.iterdir())):
        target = folder if source.name == "READ-ME-FIRST.txt" else share
        content = source.read_bytes()
        if source.suffix in (".txt", ".xml"):
            content = content.replace(b"@VERSION@", __version__.encode()).replace(b"@DATE@", f"{moment:%F}".encode())
        (target / source.name).write_bytes(content)


def _strip(folder: Path) -> None:
    """Take the names for debuggers out of Python's library: a fortieth of the bundle that nobody would miss."""
    strip = shutil.which("strip")
    for library in (folder / "_internal").glob("libpython*.so*"):
        if strip is not None and not library.is_symlink():
            subprocess.run([strip, "--strip-unneeded", str(library)], check=True)


if __name__ == "__main__":
    raise SystemExit(main())
