"""The built bundle, unpacked where nobody thought of."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.sources import REPOSITORY
from support.unpacked import AWKWARD, Unpacked


@pytest.fixture(scope="session")
def archive() -> Path:
    """What `make bundle` made."""
    found = sorted((REPOSITORY / "dist").glob("sana-desktop-*-linux-*.tar.gz"), key=os.path.getmtime)
    if not found:
        pytest.fail("there is no archive in dist/; `make bundle` makes one")
    return found[-1]


@pytest.fixture(scope="session")
def abroad() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="sana-bundle-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def bundle(archive: Path, abroad: Path) -> Unpacked:
    """The archive, unpacked with tar, as a person would."""
    target = abroad / AWKWARD
    target.mkdir(parents=True)
    subprocess.run(["tar", "-xf", str(archive), "-C", str(target)], check=True)
    home = abroad / "home"
    home.mkdir()
    home.chmod(0o777)
    return Unpacked(target / "sana-desktop", home)
