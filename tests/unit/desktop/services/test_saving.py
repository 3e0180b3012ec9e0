import errno
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import OutputError
from sana_desktop.gallery.latents_file import latents_beside
from sana_desktop.gallery.metadata import PictureKind, read_recipe
from sana_desktop.gallery.name_pattern import NamePattern
from sana_desktop.services.saving import (
    SECONDS_UNTIL_LEFT,
    OutputPlan,
    PictureSaver,
    holds_picture,
    plan_by_settings,
    plan_output,
)
from support.fake_engine import fake_picture
from support.settings import settings_in

NOW = datetime(2026, 3, 9, 14, 5, 59)
RECIPE = Recipe(
    prompt="a fox", size=Size(32, 32), steps=1, guidance=1.0, seed=7, solver=Solver.FLOW_DPM, pack="starter"
)


DAILY = NamePattern.parse("[date]/[number]-[seed]-[prompt_words]")


def save_all(out: str | None, folder: Path, count: int = 1, overwrite: bool = False) -> list[Path]:
    plan = plan_output(out, folder, count=count, overwrite=overwrite)
    plan.check(RECIPE)
    save = PictureSaver(plan, lambda: NOW)
    return [save(1, fake_picture(RECIPE.with_seed(RECIPE.seed + index))) for index in range(count)]


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_without_a_name_pictures_get_one_in_the_default_folder(tmp_path: Path):
    saved = save_all(None, tmp_path / "Pictures", count=2)

    assert [path.name for path in saved] == ["2026-03-09_14-05-59_7_a-fox.png", "2026-03-09_14-05-59_8_a-fox.png"]
    assert [read_recipe(path).seed for path in saved] == [7, 8]


def test_the_same_picture_twice_in_a_second_is_kept_twice(tmp_path: Path):
    assert save_all(None, tmp_path) != save_all(None, tmp_path)
    assert len(files_in(tmp_path)) == 2


@pytest.mark.parametrize("name", ["new", "new/", "with.dot/", "deep/er", ".hidden"])
def test_a_name_without_a_known_ending_or_with_a_slash_is_a_folder(tmp_path: Path, name: str):
    [path] = save_all(f"{tmp_path}/{name}", tmp_path / "unused")

    assert path.parent == tmp_path / name
    assert files_in(tmp_path) == [f"{name.rstrip('/')}/2026-03-09_14-05-59_7_a-fox.png"]


def test_a_folder_that_exists_may_have_any_name(tmp_path: Path):
    (tmp_path / "odd.png").mkdir()

    [path] = save_all(str(tmp_path / "odd.png"), tmp_path)

    assert path.parent.name == "odd.png"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x.png", PictureKind.PNG),
        ("x.jpg", PictureKind.JPEG),
        ("x.JPEG", PictureKind.JPEG),
        ("x.webp", PictureKind.WEBP),
        ("a.b.png", PictureKind.PNG),
    ],
)
def test_a_file_is_called_as_asked_and_its_ending_is_its_kind(tmp_path: Path, name: str, kind: PictureKind):
    [path] = save_all(str(tmp_path / "sub" / name), tmp_path)

    assert path == tmp_path / "sub" / name
    assert plan_output(name, tmp_path).kind is kind
    assert read_recipe(path) == RECIPE


def test_several_pictures_under_one_name_are_numbered(tmp_path: Path):
    saved = save_all(str(tmp_path / "x.png"), tmp_path, count=10)

    assert [path.name for path in saved] == [f"x-{number:02}.png" for number in range(1, 11)]


@pytest.mark.parametrize("name", ["x.gif", "x.pn", "x.txt", "a.b"])
def test_other_endings_are_refused_with_the_known_ones(tmp_path: Path, name: str):
    with pytest.raises(OutputError, match=r"expected \.png, \.jpg, \.jpeg, \.webp"):
        plan_output(str(tmp_path / name), tmp_path)


def test_standard_output_is_not_taken_for_a_folder(tmp_path: Path):
    with pytest.raises(OutputError, match="standard output"):
        plan_output("-", tmp_path)


@pytest.mark.parametrize("count", [1, 3])
def test_a_file_that_exists_is_refused_before_drawing(tmp_path: Path, count: int):
    taken = tmp_path / ("x.png" if count == 1 else "x-3.png")
    taken.write_bytes(b"mine")

    with pytest.raises(OutputError, match="exists already") as caught:
        save_all(str(tmp_path / "x.png"), tmp_path, count)
    assert "--overwrite" in caught.value.hint
    assert files_in(tmp_path) == [taken.name]
    assert taken.read_bytes() == b"mine"


def test_a_file_is_replaced_when_that_was_asked_for(tmp_path: Path):
    (tmp_path / "x.png").write_bytes(b"old")

    [path] = save_all(str(tmp_path / "x.png"), tmp_path, overwrite=True)

    assert read_recipe(path) == RECIPE
    assert files_in(tmp_path) == ["x.png"]


def test_a_file_that_appeared_while_drawing_stays_and_the_picture_gets_a_number(tmp_path: Path):
    plan = plan_output(str(tmp_path / "x.png"), tmp_path)
    plan.check(RECIPE)
    (tmp_path / "x.png").write_bytes(b"mine")

    assert PictureSaver(plan)(1, fake_picture(RECIPE)) == tmp_path / "x-2.png"
    assert (tmp_path / "x.png").read_bytes() == b"mine"


def test_checking_a_plan_leaves_no_trace(tmp_path: Path):
    plan_output(str(tmp_path / "new" / "x.png"), tmp_path).check(RECIPE)

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["file/x.png", "file", "file/below/", f"{'x' * 300}.png"])
def test_places_that_cannot_be_written_are_found_before_drawing(tmp_path: Path, name: str):
    (tmp_path / "file").write_bytes(b"mine")

    with pytest.raises(OutputError):
        plan_output(str(tmp_path / name), tmp_path).check(RECIPE)
    assert files_in(tmp_path) == ["file"]


def test_a_folder_cannot_be_replaced_by_a_picture(tmp_path: Path):
    (tmp_path / "x-1.png").mkdir()

    with pytest.raises(OutputError, match="is a folder"):
        save_all(str(tmp_path / "x.png"), tmp_path, count=2, overwrite=True)


def test_a_prompt_that_a_jpeg_cannot_hold_is_found_before_drawing(tmp_path: Path):
    recipe = replace(RECIPE, prompt="狐" * 50_000)

    plan_output(str(tmp_path / "x.png"), tmp_path).check(recipe)
    with pytest.raises(OutputError, match="JPEG"):
        plan_output(str(tmp_path / "x.jpg"), tmp_path).check(recipe)


def test_a_new_file_is_announced_before_it_is_there_under_the_name_that_it_gets(tmp_path: Path):
    announced: list[tuple[int, int, Path, bool]] = []

    def announce(job: int, picture: Picture, path: Path) -> None:
        announced.append((job, picture.recipe.seed, path, path.exists()))

    save = PictureSaver(plan_output(str(tmp_path / "x.png"), tmp_path), lambda: NOW, announce)
    (tmp_path / "x.png").write_bytes(b"mine")

    assert save(3, fake_picture(RECIPE)) == tmp_path / "x-2.png"
    assert announced == [(3, 7, tmp_path / "x-2.png", False)]


def test_a_file_that_is_replaced_is_not_announced_because_it_is_there_anyway(tmp_path: Path):
    def announce(job: int, picture: Picture, path: Path) -> None:
        raise AssertionError("the old file would be taken for the new one")

    (tmp_path / "x.png").write_bytes(b"old")
    save = PictureSaver(plan_output(str(tmp_path / "x.png"), tmp_path, overwrite=True), lambda: NOW, announce)

    assert save(3, fake_picture(RECIPE)) == tmp_path / "x.png"


def test_a_file_holds_a_picture_if_its_recipe_says_so(tmp_path: Path):
    def saved(recipe: Recipe) -> Path:
        return PictureSaver(plan_output(None, tmp_path))(1, fake_picture(recipe))

    three = replace(RECIPE, steps=3)
    assert holds_picture(saved(RECIPE), RECIPE)
    # Stopped, or drawn from noise in a file: the engine says so in the recipe.
    assert holds_picture(saved(three.stopped_after(2)), three)
    assert holds_picture(saved(RECIPE.with_latents("0" * 64)), RECIPE)
    assert not holds_picture(saved(RECIPE), RECIPE.with_seed(8))
    assert not holds_picture(tmp_path / "missing.png", RECIPE)
    (tmp_path / "reserved.png").touch()
    assert not holds_picture(tmp_path / "reserved.png", RECIPE)


def test_preferences_say_folder_format_and_name(tmp_path: Path):
    settings = settings_in(tmp_path)
    settings.set("files.pictures_folder", str(tmp_path / "here"))
    settings.set("files.format", "jpeg")
    settings.set("files.name_pattern", "[pack]/[number]-[seed]")
    save = PictureSaver(plan_by_settings(settings, tmp_path / "unused"), lambda: NOW)

    saved = [save(1, fake_picture(RECIPE)) for _ in range(2)]

    assert [path.relative_to(tmp_path / "here").as_posix() for path in saved] == [
        "starter/00001-7.jpg",
        "starter/00002-7.jpg",
    ]
    assert read_recipe(saved[0]) == RECIPE


def test_without_preferences_everything_is_as_ever(tmp_path: Path):
    plan = plan_by_settings(settings_in(tmp_path), tmp_path / "usual")

    assert replace(plan, pattern=DAILY) == OutputPlan(folder=tmp_path / "usual", pattern=DAILY)
    assert plan.pattern == DAILY


def test_a_name_pattern_that_will_not_do_is_found_before_drawing(tmp_path: Path):
    settings = settings_in(tmp_path, "[files]\nname_pattern = '[sed]'\n")

    with pytest.raises(OutputError, match=r"\[sed\] is not a word"):
        plan_by_settings(settings, tmp_path)


def test_what_is_named_wins_over_the_preferences(tmp_path: Path):
    settings = settings_in(tmp_path, "[files]\nformat = 'webp'\nname_pattern = '[seed]'\n")
    usual = plan_by_settings(settings, tmp_path / "usual")

    assert plan_output(None, usual) == usual
    assert plan_output(str(tmp_path / "x.png"), usual).kind is PictureKind.PNG
    elsewhere = PictureSaver(plan_output(f"{tmp_path}/there/", usual))(1, fake_picture(RECIPE))
    assert elsewhere == tmp_path / "there" / "7.webp"


def test_another_plan_counts_from_the_next_picture_on(tmp_path: Path):
    save = PictureSaver(OutputPlan(folder=tmp_path / "one"))
    save(1, fake_picture(RECIPE))
    save.use(OutputPlan(folder=tmp_path / "two", pattern=NamePattern.parse("[seed]")))

    assert save(1, fake_picture(RECIPE)) == tmp_path / "two" / "7.png"


def test_the_first_picture_in_a_folder_sweeps_what_a_killed_program_left(tmp_path: Path) -> None:
    left, fresh = tmp_path / ".sana-desktop-0a.part", tmp_path / ".sana-desktop-0b.part"
    for path, age in ((left, 2 * SECONDS_UNTIL_LEFT), (fresh, 1.0)):
        path.write_bytes(b"half")
        os.utime(path, (NOW.timestamp() - age, NOW.timestamp() - age))
    PictureSaver(OutputPlan(folder=tmp_path), now=lambda: NOW)(1, fake_picture(RECIPE))
    assert (left.exists(), fresh.exists()) == (False, True)


def test_every_file_is_recorded_once_it_is_there(tmp_path: Path):
    recorded: list[tuple[Path, bool, Picture]] = []

    def record(path: Path, picture: Picture) -> None:
        recorded.append((path, path.is_file(), picture))

    save = PictureSaver(plan_output(str(tmp_path / "x.png"), tmp_path, overwrite=True), record=record)
    picture = fake_picture(RECIPE)
    save(1, picture)
    assert recorded == [(tmp_path / "x.png", True, picture)]


def test_latents_are_kept_beside_the_picture_if_the_preferences_say_so(tmp_path: Path):
    settings = settings_in(tmp_path)
    settings.set("files.keep_latents", True)
    picture = replace(
        fake_picture(RECIPE), latents=bytes(2 * 32 * RECIPE.size.latent_height * RECIPE.size.latent_width)
    )
    save = PictureSaver(plan_by_settings(settings, tmp_path / "kept"))

    path = save(1, picture)

    assert latents_beside(path).stat().st_size == 128 + len(picture.latents)
    # An engine that gives none is no trouble, and neither is a job of its own name.
    assert not latents_beside(save(1, fake_picture(RECIPE))).exists()
    named = plan_output(str(tmp_path / "fox.jpg"), plan_by_settings(settings, tmp_path))
    assert latents_beside(PictureSaver(named)(1, picture)).is_file()


def test_latents_that_find_no_room_cost_no_picture(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    picture = replace(
        fake_picture(RECIPE), latents=bytes(2 * 32 * RECIPE.size.latent_height * RECIPE.size.latent_width)
    )
    plan = OutputPlan(folder=tmp_path, stem="fox", keep_latents=True)
    (tmp_path / "fox.latents.npy").mkdir()

    assert PictureSaver(plan)(1, picture).is_file()
    assert "were not kept" in caplog.text


def test_pictures_of_a_day_share_a_folder_unless_one_is_named(tmp_path: Path):
    usual = plan_by_settings(settings_in(tmp_path), tmp_path / "usual")

    saved = PictureSaver(usual, lambda: NOW)(1, fake_picture(RECIPE))
    named = PictureSaver(plan_output(f"{tmp_path}/there/", usual), lambda: NOW)(1, fake_picture(RECIPE))

    assert saved.relative_to(tmp_path).parent.as_posix() == f"usual/{NOW:%Y-%m-%d}"
    assert saved.name.startswith(f"00001-{RECIPE.seed}-")
    assert named.parent == tmp_path / "there"


def test_on_a_full_disk_the_picture_stays_in_memory_and_saving_again_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    picture, recorded = fake_picture(RECIPE), []
    save = PictureSaver(OutputPlan(folder=tmp_path), record=lambda path, picture: recorded.append(path))
    real = os.fsync

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device") as caught:
        save(1, picture)
    assert "Free some space" in caught.value.hint
    assert [*tmp_path.iterdir()] == recorded == []

    monkeypatch.setattr(os, "fsync", real)
    path = save(1, picture)
    assert read_recipe(path) == RECIPE
    with Image.open(path) as image:
        assert image.tobytes() == picture.rgb
    assert recorded == [path]
