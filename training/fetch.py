"""Fetch what is trained on: npm packages for the starter pack, Debian packages of pictures for the preview decoder.

    python -m training.fetch build/training
    python -m training.fetch build/training --pictures

npm checks its packages, which are pinned; apt checks those of the release that it is set up for (Debian 12 here).
`--pictures` needs apt and dpkg, takes 480 MB, and leaves each package unpacked in `packages/`, with its licence in
`usr/share/doc`.
"""

import argparse
import subprocess
import tarfile
from pathlib import Path

from training.pictures import SOURCES

PICTURES = "@lobehub/fluent-emoji-3d@1.1.0"
NAMES = "emojibase-data@17.0.0"
FLAT = "@iconify-json/fluent-emoji-flat@1.2.6"
LINE = "@iconify-json/fluent-emoji-high-contrast@1.2.6"


def fetch(folder: Path) -> None:
    """Download and unpack the packages into `folder`; what is there already is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    for package, name in ((PICTURES, "pictures"), (NAMES, "names"), (FLAT, "flat"), (LINE, "line")):
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


def fetch_pictures(folder: Path) -> None:
    """Download and unpack the Debian packages of `training.pictures.SOURCES`; what is there already is kept.

    The emoji among the sources are those that `fetch` brought: a link stands for them.
    """
    packages = folder / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    for name in (source.package for source in SOURCES if source.debian):
        if (packages / name).exists():
            continue
        partial = packages / f"{name}.partial"
        partial.mkdir(exist_ok=True)
        subprocess.run(["apt-get", "download", name], check=True, cwd=partial, capture_output=True)
        (archive,) = partial.glob("*.deb")
        subprocess.run(["dpkg-deb", "--extract", archive.name, "content"], check=True, cwd=partial)
        (partial / "content").rename(packages / name)
        archive.unlink()
        partial.rmdir()
    emoji = packages / "fluent-emoji-3d"
    if not emoji.exists():
        emoji.symlink_to((folder / "pictures").resolve())


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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", action="store_true", help="also the packages of varied pictures")
    options = parser.parse_args()
    fetch(options.folder)
    if options.pictures:
        fetch_pictures(options.folder)


if __name__ == "__main__":
    main()
