from pathlib import Path

import pytest

from sana_desktop.cli.order import Wishes, order_for, pack_for
from sana_desktop.domain.choices import Conditioning, Emphasis, Precision, Solver
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import PackError, RecipeError
from support.packs import manifest, write_pack_file
from support.terminal import complete_pack


def test_what_is_not_said_comes_from_the_pack(tmp_path: Path):
    order = order_for(Wishes(prompt="a fox"), manifest(tmp_path), lambda: 99)

    recipe = order.recipe
    assert (recipe.prompt, recipe.negative, recipe.pack, recipe.seed) == ("a fox", "", "toy", 99)
    assert (recipe.size, recipe.steps, recipe.guidance) == (Size(128, 128), 4, 2.0)
    assert (recipe.solver, recipe.flow_shift, recipe.precision) == (Solver.FLOW_DPM, None, Precision.AUTO)
    assert (order.count, order.batch, order.latents) == (1, 1, None)


def test_what_is_said_counts(tmp_path: Path):
    wishes = Wishes(
        prompt="",
        negative="blurry",
        size="64x96",
        steps=7,
        guidance=0.0,
        seed=0,
        solver=Solver.FLOW_EULER,
        precision=Precision.FP32,
        conditioning=Conditioning.OFFICIAL,
        flow_shift=2.5,
        count=3,
        batch=2,
    )

    order = order_for(wishes, manifest(tmp_path), lambda: 99)

    recipe = order.recipe
    assert (recipe.negative, recipe.size, recipe.steps) == ("blurry", Size(64, 96), 7)
    assert (recipe.guidance, recipe.seed, recipe.flow_shift) == (0.0, 0, 2.5)
    assert (recipe.solver, recipe.precision, recipe.conditioning) == (
        Solver.FLOW_EULER,
        Precision.FP32,
        Conditioning.OFFICIAL,
    )
    assert (order.count, order.batch) == (3, 2)


@pytest.mark.parametrize(
    ("prompt", "negative", "said", "expected"),
    [
        ("a fox", "", None, Emphasis.LITERAL),
        ("a (small) fox", "16:9", None, Emphasis.LITERAL),
        ("a (red:1.3) fox", "", None, Emphasis.WEIGHTED),
        ("a fox", "(grey:1.2)", None, Emphasis.WEIGHTED),
        ("a (red:1.3) fox", "", Emphasis.LITERAL, Emphasis.LITERAL),
        ("a fox", "", Emphasis.WEIGHTED, Emphasis.WEIGHTED),
    ],
)
def test_weights_count_where_one_is_written_unless_somebody_says_otherwise(
    tmp_path: Path, prompt: str, negative: str, said: Emphasis | None, expected: Emphasis
):
    order = order_for(Wishes(prompt=prompt, negative=negative, emphasis=said), manifest(tmp_path), lambda: 99)

    assert (order.recipe.prompt, order.recipe.emphasis) == (prompt, expected)


def test_zero_is_not_nothing(tmp_path: Path):
    with pytest.raises(RecipeError, match="Steps 0"):
        order_for(Wishes(prompt="", steps=0), manifest(tmp_path), lambda: 99)


def test_the_pack_that_ships_is_the_default(tmp_path: Path):
    complete_pack(tmp_path / "packs" / "another", "another")
    shipped = complete_pack(tmp_path / "shipped", "starter")

    assert pack_for(None, (tmp_path / "packs", shipped), shipped).id == "starter"


def test_a_newer_one_of_the_same_id_takes_its_place(tmp_path: Path):
    newer = complete_pack(tmp_path / "packs" / "x", "starter")
    shipped = complete_pack(tmp_path / "shipped", "starter")

    assert pack_for(None, (tmp_path / "packs", shipped), shipped).folder == newer


def test_without_a_shipped_pack_an_installed_one_is_the_default(tmp_path: Path):
    complete_pack(tmp_path / "packs" / "another", "another")

    assert pack_for(None, (tmp_path / "packs",), tmp_path / "shipped").id == "another"


def test_without_any_pack_the_error_says_how_to_get_one(tmp_path: Path):
    with pytest.raises(PackError, match="No pack is installed") as caught:
        pack_for(None, (tmp_path,), tmp_path / "shipped")
    assert "packs import" in caught.value.hint


def test_a_broken_pack_is_named_where_there_is_no_other(tmp_path: Path):
    broken = write_pack_file(tmp_path / "shipped")
    (broken / "pack.toml").write_text("format = ", encoding="utf-8")

    with pytest.raises(PackError, match=r"pack\.toml"):
        pack_for(None, (broken,), broken)


def test_a_pack_without_its_parts_is_refused_before_anything_is_loaded(tmp_path: Path):
    write_pack_file(tmp_path / "half")

    with pytest.raises(PackError, match="cannot draw yet"):
        pack_for("toy", (tmp_path,), tmp_path / "shipped")
