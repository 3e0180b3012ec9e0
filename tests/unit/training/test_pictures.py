from pathlib import Path

import pytest
from PIL import Image

from support.tiny_packages import write_tiny_packages
from training.pictures import SIDE, SOURCES, find_pictures, is_held_out, views


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_packages(tmp_path_factory.mktemp("packages"))


def source(package: str):
    (found,) = [source for source in SOURCES if source.package == package]
    return found


def test_every_picture_is_on_exactly_one_side_of_the_split(packages: Path) -> None:
    train, held = (find_pictures(packages, source("fluent-emoji-3d"), held_out=side) for side in (False, True))
    assert len(train) + len(held) == 40
    assert not set(train) & set(held)
    assert held


def test_the_split_depends_on_the_name_alone() -> None:
    assert [is_held_out(f"fluent-emoji-3d/1f{number:03}") for number in range(3)] == [False, False, False]
    share = sum(is_held_out(str(number)) for number in range(2000)) / 2000
    assert share == pytest.approx(20 / 256, abs=0.02)


def test_sizes_and_shades_of_a_wallpaper_are_split_together(tmp_path: Path) -> None:
    for name in ("Altai", "Autumn", "Canopee", "Flow", "Kay", "Opal", "Path", "Shell"):
        for inside in ("images/a.png", "images/b.png"):
            path = tmp_path / "plasma-workspace-wallpapers/usr/share/wallpapers" / name / "contents" / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    wallpapers = source("plasma-workspace-wallpapers")
    train = {path.parts[-4] for path in find_pictures(tmp_path, wallpapers, held_out=False)}
    held = {path.parts[-4] for path in find_pictures(tmp_path, wallpapers, held_out=True)}
    assert train | held == {"Altai", "Autumn", "Canopee", "Flow", "Kay", "Opal", "Path", "Shell"}
    assert not train & held


def test_some_packages_are_never_trained_on(tmp_path: Path) -> None:
    lomiri = source("lomiri-wallpapers-16.04")
    place = tmp_path / lomiri.package / "usr/share/backgrounds"
    place.mkdir(parents=True)
    for number in range(30):
        (place / f"{number}.jpg").touch()
    assert find_pictures(tmp_path, lomiri, held_out=False) == []
    assert len(find_pictures(tmp_path, lomiri, held_out=True)) == 30


def test_views_are_square_opaque_and_repeat_with_their_seed(packages: Path) -> None:
    first, again = (list(views(packages, 12, 4, held_out=False)) for _ in range(2))
    assert {(view.size, view.mode) for _, view in first} == {((SIDE, SIDE), "RGB")}
    assert [(package, view.tobytes()) for package, view in first] == [
        (package, view.tobytes()) for package, view in again
    ]
    assert len({view.tobytes() for _, view in first}) > 6


def test_pictures_of_absurd_size_are_passed_over(packages: Path, tmp_path: Path) -> None:
    place = tmp_path / "fluent-emoji-3d/assets"
    place.mkdir(parents=True)
    for number in range(40):
        Image.new("RGBA", (64, 64) if number % 2 else (20, 20), "red").save(place / f"{number}.webp")
    assert len(list(views(tmp_path, 10, 0, held_out=False))) == 10


def test_a_folder_without_packages_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"run `training\.fetch` first"):
        list(views(tmp_path, 1, 0, held_out=False))
