"""The set-up does its work once, and never takes half of it for the whole."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.sources import REPOSITORY

# Stands in for every Python: writes down each call of pip, and lacks or fails what a file of that name says.
FAKE_PYTHON = """#!/bin/sh
case "$*" in
    -V) echo "Python 3.12.1" ;;
    *"sys.exit(not (3, 11)"*) [ ! -e other-version ] ;;
    *"pip install"*) echo "$*" >>calls.txt; [ ! -e pip-fails ] ;;
    *"import ensurepip") [ ! -e no-ensurepip ] ;;
    *"print("*) echo 3.12 ;;
    *"import ctypes"*libEGL.so.1) [ ! -e no-egl ] ;;
    "-m venv --clear .venv") rm -rf .venv; mkdir -p .venv/bin; touch .venv/bin/activate; cp "$0" .venv/bin/python ;;
esac
"""
# Stands in for Debian's tools: installing a package makes it be there.
FAKE_APT_GET = """#!/bin/sh
echo "$*" >>apt.txt
case "$*" in
    install*python3.12-venv*) rm no-ensurepip ;;
    install*libegl1*) rm no-egl ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose environment exists and only pretends to install."""
    root = tmp_path / "checkout"
    (root / "scripts").mkdir(parents=True)
    shutil.copy(REPOSITORY / "scripts" / "setup.sh", root / "scripts")
    (root / "pyproject.toml").write_text("ranges\n")
    (root / "constraints.txt").write_text("pins\n")
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "activate").touch()
    write_program(root / ".venv" / "bin" / "python", FAKE_PYTHON)
    write_program(root / "tools" / "python3", FAKE_PYTHON)
    write_program(root / "tools" / "apt-get", FAKE_APT_GET)
    be_root(root, True)
    return root


def write_program(path: Path, text: str) -> None:
    """An executable file."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def be_root(checkout: Path, root: bool) -> None:
    """Decide what `id -u` answers."""
    write_program(checkout / "tools" / "id", f"#!/bin/sh\necho {0 if root else 1000}\n")


def set_up(checkout: Path, mode: str = "run") -> subprocess.CompletedProcess[str]:
    """Run the set-up as the Makefile does."""
    return subprocess.run(
        ["sh", "scripts/setup.sh", mode],
        cwd=checkout,
        env={"PATH": f"{checkout / 'tools'}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def apt_calls(checkout: Path) -> str:
    """What apt-get was asked for so far."""
    calls = checkout / "apt.txt"
    return calls.read_text() if calls.exists() else ""


def installs(checkout: Path) -> list[str]:
    """The calls of pip so far."""
    calls = checkout / "calls.txt"
    return calls.read_text().splitlines() if calls.exists() else []


def test_the_second_run_does_and_says_nothing(checkout: Path) -> None:
    assert set_up(checkout).returncode == 0
    assert len(installs(checkout)) == 1
    again = set_up(checkout)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert len(installs(checkout)) == 1


def test_versions_are_pinned_and_the_checkout_is_installed_in_place(checkout: Path) -> None:
    set_up(checkout)
    assert installs(checkout)[0].endswith("--constraint constraints.txt --editable .")


def test_the_developers_environment_serves_the_program_but_not_the_other_way_round(checkout: Path) -> None:
    set_up(checkout, "run")
    set_up(checkout, "dev")
    assert installs(checkout)[-1].endswith("--editable .[dev]")
    set_up(checkout, "run")
    assert len(installs(checkout)) == 2
    (checkout / ".venv" / ".ready-run").unlink()
    set_up(checkout, "run")
    assert len(installs(checkout)) == 2


def test_for_a_bundle_it_brings_the_bundler_and_the_program_runs_there_too(checkout: Path) -> None:
    set_up(checkout, "dev")
    result = set_up(checkout, "bundle")
    assert result.returncode == 0, result.stderr
    assert installs(checkout)[-1].endswith("--editable .[bundle]")
    assert len(installs(checkout)) == 2
    (checkout / ".venv" / ".ready-dev").unlink()
    set_up(checkout, "run")
    assert len(installs(checkout)) == 2


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt", "scripts/setup.sh"])
def test_a_change_of_what_it_depends_on_runs_it_again(checkout: Path, name: str) -> None:
    set_up(checkout)
    with (checkout / name).open("a") as file:
        file.write("# changed\n")
    set_up(checkout)
    assert len(installs(checkout)) == 2


def test_a_moved_checkout_is_installed_again(checkout: Path) -> None:
    set_up(checkout)
    moved = checkout.with_name("moved")
    checkout.rename(moved)
    set_up(moved)
    assert len(installs(moved)) == 2


def test_a_set_up_that_failed_is_taken_up_again(checkout: Path) -> None:
    (checkout / "pip-fails").touch()
    assert set_up(checkout).returncode != 0
    (checkout / "pip-fails").unlink()
    assert set_up(checkout).returncode == 0
    assert len(installs(checkout)) == 2
    set_up(checkout)
    assert len(installs(checkout)) == 2


def test_a_package_that_was_cut_short_is_forgotten_so_that_pip_installs_it(checkout: Path) -> None:
    packages = checkout / ".venv" / "lib" / "python3.12" / "site-packages"
    whole, cut = packages / "whole-1.0.dist-info", packages / "cut-1.0.dist-info"
    whole.mkdir(parents=True)
    cut.mkdir()
    (whole / "RECORD").touch()
    assert "cut-1.0" in set_up(checkout).stderr
    assert whole.exists()
    assert not cut.exists()


def test_an_unknown_mode_is_refused(checkout: Path) -> None:
    result = set_up(checkout, "everything")
    assert result.returncode == 2
    assert "everything" in result.stderr


def test_an_environment_is_made_where_there_is_none(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    assert set_up(checkout).returncode == 0
    assert len(installs(checkout)) == 1
    assert apt_calls(checkout) == ""


def test_a_python_of_another_version_is_named_and_left_alone(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    (checkout / "other-version").touch()
    for name in ("python3.11", "python3.12", "python3.13"):
        write_program(checkout / "tools" / name, FAKE_PYTHON)
    result = set_up(checkout)
    assert result.returncode == 1
    assert "expected Python 3.11, 3.12 or 3.13, found Python 3.12.1" in result.stderr
    assert apt_calls(checkout) == ""


def test_root_gets_what_debian_keeps_apart_installed(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    (checkout / "no-ensurepip").touch()
    (checkout / "no-egl").touch()
    assert set_up(checkout).returncode == 0
    assert "python3.12-venv" in apt_calls(checkout)
    assert "libegl1" in apt_calls(checkout)
    assert "libgl1" not in apt_calls(checkout)


def test_others_are_told_what_to_type_and_nothing_is_installed(checkout: Path) -> None:
    be_root(checkout, False)
    shutil.rmtree(checkout / ".venv")
    (checkout / "no-ensurepip").touch()
    result = set_up(checkout)
    assert result.returncode == 1
    assert "sudo apt-get update && sudo apt-get install -y --no-install-recommends python3.12-venv\n" in result.stderr
    assert apt_calls(checkout) == ""
    assert installs(checkout) == []


def test_a_library_that_only_the_window_needs_stops_nobody(checkout: Path) -> None:
    be_root(checkout, False)
    (checkout / "no-egl").touch()
    result = set_up(checkout)
    assert result.returncode == 0
    assert "sudo apt-get install -y --no-install-recommends libegl1\n" in result.stderr
    assert len(installs(checkout)) == 1
