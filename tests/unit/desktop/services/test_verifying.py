import math
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import RecipeError
from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.services.verifying import Checked, Difference, Verdict, drawn_by, verify, verify_all
from support.fake_engine import PROVENANCE, FakeEngine, fake_picture
from support.foreign_pictures import png_with
from support.gallery import SMALL, write_own
from support.recipes import recipe
from support.tampering import tamper


def draw(recipes: tuple[Recipe, ...]) -> tuple[Picture, ...]:
    return tuple(map(fake_picture, recipes))


def draw_elsewhere(recipes: tuple[Recipe, ...]) -> tuple[Picture, ...]:
    """On another device, with a little noise."""
    drawn: list[Picture] = []
    for picture in draw(recipes):
        rgb = bytes(min(255, value + 2) for value in picture.rgb)
        drawn.append(replace(picture, rgb=rgb, provenance=replace(PROVENANCE, device="cuda", torch_version="9")))
    return tuple(drawn)


@pytest.mark.parametrize("kind", PictureKind)
def test_the_same_picture_is_bit_identical_in_every_format(tmp_path: Path, kind: PictureKind):
    path = write_own(tmp_path / f"x.{kind}", kind=kind)
    assert verify(path, draw) == Verdict(True, math.inf, ())
    assert verify(path, draw, recipe(size=SMALL)).text == "bit-identical"


def test_other_circumstances_are_named_with_how_near_it_is(tmp_path: Path):
    verdict = verify(write_own(tmp_path / "x.png"), draw_elsewhere)
    assert not verdict.identical
    assert verdict.psnr == pytest.approx(42.1, abs=0.2)
    assert verdict.differences == (
        Difference("device", "cpu (made of paper)", "cuda"), Difference("torch version", "none", "9"),
    )  # fmt: skip
    assert verdict.text.startswith("different, PSNR 42.")
    assert "torch version was none, is 9" in verdict.text


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"seed": 8}, "seed"),
        ({"solver": "flow-euler"}, "solver"),
        ({"steps": 19}, "steps"),
        ({"guidance": 9.0}, "guidance"),
    ],
)
def test_what_somebody_changed_in_the_file_is_named_and_nothing_else(
    tmp_path: Path, known: bool, changes: dict[str, object], name: str
):
    path = write_own(tmp_path / "x.png", solver=Solver.FLOW_DPM)
    tamper(path, **changes)
    verdict = verify(path, draw, recipe(size=SMALL) if known else None)
    assert [one.name for one in verdict.differences] == [name]


def test_a_seed_that_was_changed_gives_another_picture(tmp_path: Path):
    path = write_own(tmp_path / "x.png")
    tamper(path, seed=8)
    verdict = verify(path, draw)
    assert not verdict.identical
    assert verdict.text.endswith("seed was 7, is 8")


def test_a_changed_size_has_no_psnr(tmp_path: Path):
    path = write_own(tmp_path / "x.png")
    tamper(path, width=64)
    assert verify(path, draw, recipe(size=SMALL)).psnr is None


def test_a_picture_of_a_batch_is_drawn_with_the_others(tmp_path: Path):
    picture = replace(fake_picture(recipe(size=SMALL, seed=5)), provenance=replace(PROVENANCE, batch_seeds=(4, 5, 6)))
    with (tmp_path / "x.png").open("wb") as file:
        write_picture(picture, PictureKind.PNG, file)
    batches: list[tuple[int, ...]] = []

    def note(recipes: tuple[Recipe, ...]) -> tuple[Picture, ...]:
        batches.append(tuple(one.seed for one in recipes))
        return draw(recipes)

    assert verify(tmp_path / "x.png", note).identical
    assert batches == [(4, 5, 6)]


def test_pictures_of_others_and_damaged_ones_are_refused(tmp_path: Path):
    (tmp_path / "x.png").write_bytes(png_with(parameters="a fox\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 5"))
    with pytest.raises(RecipeError, match="no recipe of Sana Desktop"):
        verify(tmp_path / "x.png", draw)
    path = write_own(tmp_path / "y.png")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(RecipeError, match="damaged"):
        verify(path, draw)


def test_many_are_verified_and_one_without_a_recipe_stops_no_other(tmp_path: Path):
    (tmp_path / "bare.png").write_bytes(png_with())
    paths = [tmp_path / "bare.png", write_own(tmp_path / "x.png")]
    told: list[tuple[int, int]] = []
    bare, whole = verify_all([(path, None) for path in paths], draw, lambda *how_far: told.append(how_far))
    assert (bare.verdict, bare.problem) == (None, "bare.png holds no recipe of Sana Desktop.")
    assert whole == Checked(paths[1], Verdict(True, math.inf, ()))
    assert told == [(1, 2), (2, 2)]


def test_an_engine_draws_and_keeps_nothing():
    engine = FakeEngine()
    (picture,) = drawn_by(engine, CancelToken(), lambda event: None)((recipe(size=SMALL),))
    assert picture.recipe == recipe(size=SMALL)
    with pytest.raises(RecipeError, match="noise from a file"):
        drawn_by(engine, CancelToken(), lambda event: None)((recipe(latents_sha256="0" * 64),))
    assert len(engine.batches) == 1


def test_another_tiling_is_named_but_not_where_the_file_says_nothing_of_it(tmp_path: Path):
    def in_tiles(recipes: tuple[Recipe, ...]) -> tuple[Picture, ...]:
        tiled = replace(PROVENANCE, tiling="tiles of 512 px")
        return tuple(replace(picture, provenance=tiled) for picture in draw(recipes))

    path = write_own(tmp_path / "x.png")
    assert verify(path, in_tiles).text == "bit-identical (tiling was whole, is tiles of 512 px)"
    picture = replace(fake_picture(recipe(size=SMALL)), provenance=replace(PROVENANCE, kernels="", tiling=""))
    old = tmp_path / "old.png"
    with old.open("wb") as file:
        write_picture(picture, PictureKind.PNG, file)
    assert verify(old, in_tiles).text == "bit-identical"
