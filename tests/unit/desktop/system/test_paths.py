"""Everything has its folder, and a folder that cannot be had is said so."""

import os
from dataclasses import asdict
from pathlib import Path

import pytest

from sana_desktop.errors import MachineError
from sana_desktop.system.paths import HOME_VARIABLE, AppPaths, writable_folder


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    paths = AppPaths.find({HOME_VARIABLE: str(tmp_path / "home")})
    assert paths == AppPaths.below(tmp_path / "home")
    assert all(folder.is_relative_to(tmp_path / "home") for folder in asdict(paths).values())


def test_a_relative_home_stays_where_it_was_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths = AppPaths.find({HOME_VARIABLE: "portable"})
    monkeypatch.chdir("/")
    assert paths == AppPaths.below(tmp_path / "portable")


@pytest.mark.parametrize("environment", [{}, {HOME_VARIABLE: ""}])
def test_without_it_the_systems_own_places_are_used(environment: dict[str, str]) -> None:
    folders = asdict(AppPaths.find(environment))
    assert all(folder.is_absolute() for folder in folders.values())
    # Each kind of thing has a place of its own, so that emptying the cache loses nothing else.
    assert len(set(folders.values())) == len(folders)
    assert not any(other.is_relative_to(folders["cache"]) for name, other in folders.items() if name != "cache")


def test_looking_for_folders_creates_none(tmp_path: Path) -> None:
    AppPaths.find({HOME_VARIABLE: str(tmp_path / "home")})
    assert not (tmp_path / "home").exists()


def test_a_missing_folder_is_created_with_its_parents(tmp_path: Path) -> None:
    folder = tmp_path / "one" / "two"
    assert writable_folder(folder) == folder
    assert folder.is_dir()
    assert writable_folder(folder) == folder


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("not a folder")
    with pytest.raises(MachineError, match=r"pictures, found: File exists") as caught:
        writable_folder(tmp_path / "pictures")
    assert HOME_VARIABLE in caught.value.hint
    assert (tmp_path / "pictures").read_text() == "not a folder"


def test_a_read_only_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Permissions do not stop root, who runs the tests in CI, so the system's answer is played.
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(MachineError, match="read-only"):
        writable_folder(tmp_path)
