"""The Debian package."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bundling.deb import write_deb
from bundling.make import add_desktop_files
from sana_desktop import __version__


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="not a Debian")
def test_it_brings_program_command_menu_and_licences(tmp_path: Path) -> None:
    folder = tmp_path / "sana-desktop"
    (folder / "licences").mkdir(parents=True)
    (folder / "licences" / "NOTICE.txt").write_text("notice")
    (folder / "sana-desktop").write_text("program")
    (folder / "sana-desktop").chmod(0o755)
    add_desktop_files(folder, datetime(2026, 1, 2, tzinfo=UTC))
    package = write_deb(folder, tmp_path, 1767225600)
    listed = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True).stdout
    for place in (
        "./opt/sana-desktop/sana-desktop",
        "./usr/bin/sana-desktop -> /opt/sana-desktop/sana-desktop",
        "./usr/share/applications/sana-desktop.desktop",
        "./usr/share/metainfo/org.sana_desktop.SanaDesktop.metainfo.xml",
        "./usr/share/doc/sana-desktop/copyright",
    ):
        assert place in listed
    assert all("root/root" in line for line in listed.splitlines())
    field = ["dpkg-deb", "--field", str(package), "Version"]
    assert subprocess.run(field, capture_output=True, text=True, check=True).stdout.strip() == __version__
    again = package.read_bytes()
    package.unlink()
    assert write_deb(folder, tmp_path, 1767225600).read_bytes() == again
