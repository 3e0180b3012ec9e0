from pathlib import Path, PurePosixPath

import pytest

from sana_desktop.domain.batch.axes import parse_axis
from sana_desktop.domain.batch.problem import Problem
from sana_desktop.domain.choices import Emphasis, Solver
from sana_desktop.domain.sizes import Size
from sana_desktop.domain.styles import Style
from sana_desktop.services.batch.prompt_list import Placed
from support.prompt_lists import USUAL, items_of, problems_of, prompt_list
from support.recipes import recipe


def test_a_line_without_wishes_is_drawn_as_usual_with_seeds_that_count_up(tmp_path: Path):
    items = items_of(prompt_list(tmp_path, "a fox\na dog --n_iter 2\na cat\n"))
    assert [(item.index, item.line, item.recipe.prompt, item.recipe.seed) for item in items] == [
        (0, 1, "a fox", 100),
        (1, 2, "a dog", 101),
        (2, 2, "a dog", 102),
        (3, 3, "a cat", 103),
    ]
    assert items[0].recipe == recipe(prompt="a fox", pack="toy", seed=100)


def test_what_a_line_says_wins(tmp_path: Path):
    line = "--prompt fox --negative dog --seed 5 --steps 3 --cfg_scale 2 --width 64 --solver flow-euler --flow_shift 2"
    (item,) = items_of(prompt_list(tmp_path, line))
    assert item.recipe == recipe(
        prompt="fox", negative="dog", seed=5, steps=3, guidance=2.0, size=Size(64, 256), solver=Solver.FLOW_EULER,
        flow_shift=2.0, pack="toy",
    )  # fmt: skip


def test_a_pack_brings_its_own_defaults(tmp_path: Path):
    (item,) = items_of(prompt_list(tmp_path, "fox --sd_model other"))
    assert (item.recipe.pack, item.recipe.size, item.recipe.steps) == ("other", Size(128, 128), 4)


def test_weights_in_a_prompt_count(tmp_path: Path):
    items = items_of(prompt_list(tmp_path, "a (red:1.3) fox\na (red) fox"))
    assert [item.recipe.emphasis for item in items] == [Emphasis.WEIGHTED, Emphasis.LITERAL]


def test_variants_are_picked_by_the_seed_of_the_picture(tmp_path: Path):
    many = items_of(prompt_list(tmp_path, "a __colours__ {fox|dog} --n_iter 30 --seed 7"))
    alone = items_of(prompt_list(tmp_path, "a __colours__ {fox|dog} --seed 20"))
    assert len({item.recipe.prompt for item in many}) == 4
    assert next(item for item in many if item.recipe.seed == 20).recipe.prompt == alone[0].recipe.prompt
    assert many[0].template == "a __colours__ {fox|dog}"


def test_combinatorial_variants_are_all_drawn(tmp_path: Path):
    items = items_of(prompt_list(tmp_path, "a __colours__ {fox|dog} --n_iter 2\nx", combinatorial=True))
    assert [(item.recipe.prompt, item.recipe.seed) for item in items] == [
        ("a red fox", 100), ("a red fox", 101), ("a red dog", 102), ("a red dog", 103),
        ("a green fox", 104), ("a green fox", 105), ("a green dog", 106), ("a green dog", 107), ("x", 108),
    ]  # fmt: skip


def test_a_grid_draws_every_cell_from_the_same_seed_x_changing_fastest(tmp_path: Path):
    axes = (parse_axis("Steps: 1,2"), parse_axis("Prompt S/R: fox, dog"))
    items = items_of(prompt_list(tmp_path, "a fox\n", axes=axes))
    assert [(item.recipe.steps, item.recipe.prompt, item.recipe.seed) for item in items] == [
        (1, "a fox", 100), (2, "a fox", 100), (1, "a dog", 100), (2, "a dog", 100),
    ]  # fmt: skip


def test_styles_are_put_around_by_name(tmp_path: Path):
    styles = (Style("Ink", "ink of {prompt}", "colour"), Style("Old", "old"))
    (item,) = items_of(prompt_list(tmp_path, 'a fox --styles "ink, OLD"', styles=styles))
    assert (item.recipe.prompt, item.recipe.negative) == ("ink of a fox, old", "colour")


def test_names_of_files_are_the_same_in_every_run(tmp_path: Path):
    items = items_of(prompt_list(tmp_path, "a Red fox!\n--prompt 火 --outpath_samples a/b\n"))
    assert [item.stem for item in items] == [
        PurePosixPath("000001-100-a-red-fox"),
        PurePosixPath("a/b/000002-101-火"),
    ]


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("a {fox", 3, "no closing"),
        ("--prompt 'a {fox' --steps 2", 12, "no closing"),
        ("a __nothing__", 3, "no wildcard"),
        ("a __egg__", 1, "circle"),
        ("{a|b}" * 40, 1, "stands for"),
        ("fox --styles ink", 14, "no style"),
        ("fox --width 1000", 13, "multiple of 32"),
        ("fox --cfg_scale nan", 1, "Guidance nan"),
        ("fox --sd_model none", 16, "no pack none"),
        ("fox --x 'Steps: 1-9999' --y 'Seed: 1-9999'", 1, "stands for 99,980,001 pictures"),
        ("fox --x 'Prompt S/R: dog, cat'", 1, "neither prompt"),
    ],
)
def test_what_cannot_be_drawn_is_named_and_leaves_the_rest_alone(tmp_path: Path, line: str, column: int, message: str):
    found = prompt_list(tmp_path, f"good\n{line}\ngood", combinatorial=True)
    problems = problems_of(found)
    assert [(one.line, one.column, message in one.message) for one in problems] == [(2, column, True)], problems
    good = [one for one in found.walk() if isinstance(one, Placed)]
    assert [(one.index, one.seed_at) for one in good] == [(0, 0), (2, 2)]


def test_firsts_are_one_for_each_cell_with_its_pictures(tmp_path: Path):
    found = prompt_list(tmp_path, "fox --n_iter 3 --x 'Steps: 1,2'")
    (placed,) = [one for one in found.walk() if isinstance(one, Placed)]
    firsts = [(item.recipe.steps, item.index, count) for item, count in found.firsts(placed)]
    assert firsts == [(1, 0, 3), (2, 3, 3)]
    assert [item.index for item in items_of(found)] == list(range(6))
    assert USUAL.prompt == ""


def test_a_picture_with_a_text_that_cannot_be_drawn_does_not_take_its_neighbours_along(tmp_path: Path):
    found = prompt_list(tmp_path, "{fox|dog} --n_iter 20 --seed 4 --x 'Prompt S/R: fox, cat'")
    (placed,) = [one for one in found.walk() if isinstance(one, Placed)]
    every = list(found.items(placed))
    problems = [one for one in every if isinstance(one, Problem)]
    assert len(every) == 40
    assert 0 < len(problems) < 40
    assert all("neither prompt" in one.message for one in problems)
