"""Fetch the two npm packages that the starter pack is drawn from, pinned and checked by npm.

python -m training.fetch build/training
"""

import argparse
import subprocess
import tarfile
from pathlib import Path

PICTURES = "@lobehub/fluent-emoji-3d@1.1.0"
NAMES = "emojibase-data@17.0.0"


def fetch(folder: Path) -> None:
    """Download and unpack both packages into `folder`; what is there already is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    for package, name in ((PICTURES, "pictures"), (NAMES, "names")):
        target = folder / name
        if target.exists():
            continue
        packed = subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", str(folder), package],
            check=True,
            capture_output=True,
            text=True,
        )
        archive = folder / packed.stdout.strip().splitlines()[-1]
        partial = folder / f"{name}.partial"
        _unpack(archive, partial)
        (partial / "package").rename(target)
        partial.rmdir()
        archive.unlink()


def _unpack(archive: Path, folder: Path) -> None:
    """Write the plain files of a tar archive into `folder`; ValueError for one that would land outside.

    By hand, because Debian 12's Python is older than the safe filters of `tarfile`.
    """
    with tarfile.open(archive) as opened:
        for member in opened:
            content = opened.extractfile(member)
            if content is None or not member.isfile():
                continue
            target = folder / member.name
            if not target.resolve().is_relative_to(folder.resolve()):
                raise ValueError(f"{archive.name} wants to write outside its folder: {member.name}")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())


def main() -> None:
    """Read the command line and fetch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    fetch(parser.parse_args().folder)


if __name__ == "__main__":
    main()
