"""The steps after PyInstaller."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bundling import make
from bundling.inventory import write_inventory
from bundling.make import NO_COMMIT, add_desktop_files, archive_kind, commit_time, complete
from sana_desktop import __version__
from sana_desktop.system.bundle import LIST_NAME, Bundle

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)


def test_without_git_a_fixed_day_counts(tmp_path: Path) -> None:
    assert commit_time(tmp_path / "nowhere") == NO_COMMIT


def test_the_name_says_for_what_machine_it_is() -> None:
    assert archive_kind(False).endswith("-cpu")
    assert archive_kind(True).endswith("-cuda")


def test_desktop_files_stand_beside_the_program_with_their_version(tmp_path: Path) -> None:
    add_desktop_files(tmp_path, MOMENT)
    metainfo = (tmp_path / "share" / "org.sana_desktop.SanaDesktop.metainfo.xml").read_text(encoding="utf-8")
    assert f'version="{__version__}" date="2026-01-02"' in metainfo
    assert (tmp_path / "READ-ME-FIRST.txt").read_text(encoding="utf-8").startswith(f"Sana Desktop {__version__}")
    assert (tmp_path / "share" / "sana-desktop.png").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="a menu of Linux")
def test_the_menu_starts_the_program_wherever_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / 'Ästhetik $x `y` 50% "z"'
    folder.mkdir()
    add_desktop_files(folder, MOMENT)
    script, home = folder / "share" / "add-to-menu.sh", tmp_path / "home"
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    subprocess.run(["sh", str(script)], env=environment, check=True, capture_output=True)
    entry = home / ".local" / "share" / "applications" / "sana-desktop.desktop"
    (line,) = [line for line in entry.read_text(encoding="utf-8").splitlines() if line.startswith("Exec=")]
    assert unquoted(line.removeprefix("Exec=")) == f"{folder}/sana-desktop gui %F"
    subprocess.run(["sh", str(script), "remove"], env=environment, check=True, capture_output=True)
    assert list(home.rglob("sana-desktop*")) == []


def unquoted(value: str) -> str:
    """A command as desktops read it: the escapes of the file, then those of the quotes, then the codes."""
    string = value.replace("\\\\", "\\")
    assert string.startswith('"')
    letters, rest = [], string[1:]
    while rest[0] != '"':
        escaped = rest[0] == "\\"
        letters.append(rest[1] if escaped else rest[0])
        rest = rest[2:] if escaped else rest[1:]
    return "".join(letters).replace("%%", "%") + rest[1:]


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as PyInstaller leaves it, and where its inventory stands."""
    monkeypatch.setattr(make, "REPOSITORY", tmp_path)
    folder = tmp_path / "dist" / "sana-desktop"
    (folder / "_internal").mkdir(parents=True)
    (folder / "sana-desktop").write_bytes(b"program")
    monkeypatch.setattr(make, "add_desktop_files", lambda folder, moment: None)
    return folder


def test_a_complete_bundle_has_licences_parts_and_a_list_that_fits(built: Path, tmp_path: Path) -> None:
    write_inventory(tmp_path / "build" / "inventory.json", [("libz.so.1", "/lib/libz.so.1", "BINARY")])
    (built / "_internal" / "libz.so.1").write_bytes(b"library")
    assert complete(built, NO_COMMIT)
    parts = json.loads((built / "licences" / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert parts["metadata"]["timestamp"] == "2026-01-01T00:00:00Z"
    assert Bundle(built, built / "_internal" / LIST_NAME).check_contents() >= 4


def test_something_without_a_licence_stops_it(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_inventory(tmp_path / "build" / "inventory.json", [("libunheard.so", "/nowhere/libunheard.so", "BINARY")])
    assert not complete(built, NO_COMMIT)
    assert "libunheard.so" in capsys.readouterr().err
    assert not (built / "_internal" / LIST_NAME).exists()


def test_a_file_that_nobody_collected_stops_it(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_inventory(tmp_path / "build" / "inventory.json", [("libz.so.1", "/lib/libz.so.1", "BINARY")])
    (built / "_internal" / "stray.so").write_bytes(b"library")
    assert not complete(built, NO_COMMIT)
    assert "_internal/stray.so" in capsys.readouterr().err
