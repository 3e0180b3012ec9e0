import subprocess
import tarfile
from pathlib import Path

import pytest

from training.fetch import fetch, fetch_pictures
from training.pictures import SOURCES

# Stands in for npm: packs an archive of the form that npm makes and names it on standard output.
FAKE_NPM = """#!/bin/sh
while [ $# -gt 1 ]; do [ "$1" = --pack-destination ] && folder=$2; shift; done
mkdir -p "$folder/made/package" && echo "$1" > "$folder/made/package/spec.txt"
tar -czf "$folder/archive.tgz" -C "$folder/made" package && rm -r "$folder/made" && echo archive.tgz
"""


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(FAKE_NPM)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return program


def test_all_packages_are_unpacked_in_their_pinned_versions(npm: Path, tmp_path: Path) -> None:
    fetch(tmp_path / "data")
    found = {path.parent.name: path.read_text().strip() for path in (tmp_path / "data").rglob("spec.txt")}
    assert found == {
        "pictures": "@lobehub/fluent-emoji-3d@1.1.0",
        "names": "emojibase-data@17.0.0",
        "flat": "@iconify-json/fluent-emoji-flat@1.2.6",
        "line": "@iconify-json/fluent-emoji-high-contrast@1.2.6",
    }
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["flat", "line", "names", "pictures"]


def test_what_is_there_is_not_fetched_again(npm: Path, tmp_path: Path) -> None:
    fetch(tmp_path / "data")
    npm.write_text("#!/bin/sh\nexit 1\n")
    fetch(tmp_path / "data")


def test_an_archive_that_would_write_elsewhere_is_refused(npm: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tgz", "w:gz") as archive:
        archive.add(npm, "package/../../../escaped")
    npm.write_text(f'#!/bin/sh\ncp "{tmp_path}/evil.tgz" "{tmp_path}/data/" && echo evil.tgz\n')
    with pytest.raises(ValueError, match="outside its folder"):
        fetch(tmp_path / "data")
    assert not (tmp_path / "escaped").exists()


def test_a_failed_download_leaves_nothing_that_looks_complete(npm: Path, tmp_path: Path) -> None:
    npm.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(subprocess.CalledProcessError):
        fetch(tmp_path / "data")
    assert not (tmp_path / "data/pictures").exists()


def test_every_debian_package_is_unpacked_and_the_emoji_are_those_at_hand(npm: Path, tmp_path: Path) -> None:
    # Stand-ins for apt-get, which leaves a file in the working folder, and for dpkg-deb, which unpacks it.
    (npm.parent / "apt-get").write_text('#!/bin/sh\necho "$2" > "$2_1_all.deb"\n')
    (npm.parent / "dpkg-deb").write_text('#!/bin/sh\nmkdir "$3" && cp "$2" "$3/inside"\n')
    for name in ("apt-get", "dpkg-deb"):
        (npm.parent / name).chmod(0o755)
    fetch(tmp_path / "data")
    fetch_pictures(tmp_path / "data")
    packages = tmp_path / "data/packages"
    assert {path.name for path in packages.iterdir()} == {source.package for source in SOURCES}
    assert (packages / "mate-backgrounds/inside").read_text().strip() == "mate-backgrounds"
    assert (packages / "fluent-emoji-3d/spec.txt").is_file()
    (npm.parent / "apt-get").write_text("#!/bin/sh\nexit 1\n")
    fetch_pictures(tmp_path / "data")
