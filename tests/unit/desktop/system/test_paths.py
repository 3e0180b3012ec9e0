"""Everything has its folder."""

from dataclasses import asdict
from pathlib import Path

import pytest

from sana_desktop.system.paths import HOME_VARIABLE, AppPaths


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


def test_a_portable_bundle_keeps_everything_beside_it(tmp_path: Path) -> None:
    (tmp_path / "portable.txt").touch()
    program = tmp_path / "sana-desktop"
    assert AppPaths.find({}, program) == AppPaths.below(tmp_path / "home")
    # Whoever names a folder means it.
    assert AppPaths.find({HOME_VARIABLE: str(tmp_path / "other")}, program) == AppPaths.below(tmp_path / "other")
