from pathlib import PurePosixPath

import pytest

from sana_desktop.domain.batch.fields import Cell, entry_from, folder_below, known_flags
from sana_desktop.domain.batch.problem import Problem, Weight
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import PromptListError


def cells(**values: str) -> dict[str, Cell]:
    return {name: Cell(value, 10 * number) for number, (name, value) in enumerate(values.items(), start=1)}


def test_every_flag_finds_its_place():
    found: list[Problem] = []
    entry = entry_from(
        4,
        cells(
            prompt="fox", negative_prompt="dog", seed="7", steps="3", size="64x32", cfg_scale="2.5", solver="flow-dpm",
            styles="ink, oil", batch_size="2", repeat="3", folder="a/b", pack="toy", flow_shift="1.5", x="Steps: 1,2",
        ),
        found,
    )  # fmt: skip
    assert (entry.line, entry.prompt, entry.negative, entry.seed, entry.steps) == (4, "fox", "dog", 7, 3)
    assert (entry.size, entry.guidance, entry.solver) == (Size(64, 32), 2.5, Solver.FLOW_DPM)
    assert (entry.styles, entry.count, entry.folder) == (("ink", "oil"), 6, PurePosixPath("a/b"))
    assert (entry.pack, entry.flow_shift, entry.axes[0].values) == ("toy", 1.5, (1, 2))
    assert entry.column("steps") == 40
    assert not found


def test_blank_cells_are_not_given_and_a_seed_of_minus_one_is_any():
    entry = entry_from(1, cells(prompt="fox", seed="-1", steps=" "), [])
    assert (entry.seed, entry.steps) == (None, None)


@pytest.mark.parametrize(
    ("given", "column", "message"),
    [
        ({"prompt": "fox", "stpes": "3"}, 20, "no flag “stpes”"),
        ({"prompt": "fox", "steps": "3.5"}, 20, "whole number"),
        ({"prompt": "fox", "steps": "0"}, 20, "between 1 and 1000"),
        ({"prompt": "fox", "seed": "9" * 5000}, 20, "whole number"),
        ({"prompt": "fox", "cfg_scale": "much"}, 20, "a number"),
        ({"prompt": "fox", "size": "500x500"}, 20, "multiple of 32"),
        ({"prompt": "fox", "x": "Steps: many"}, 20, "whole number"),
        ({"prompt": "fox", "guidance": "1", "cfg_scale": "1"}, 30, "again"),
        ({"steps": "3"}, 1, "no prompt"),
        ({"prompt": "fox", "outpath_samples": "../x"}, 20, "not below"),
    ],
)
def test_what_is_wrong_is_named_with_its_column(given: dict[str, str], column: int, message: str):
    with pytest.raises(PromptListError, match=message) as caught:
        entry_from(1, cells(**given), [])
    assert caught.value.column == column


@pytest.mark.parametrize(
    "text", ["../up", "a/../../b", "/etc", "C:\\x", "c:x", "..\\up", "a/\0", "a|b", ".. /x", "a/" * 9, "x" * 101]
)
def test_folders_stay_below_the_run(text: str):
    with pytest.raises(PromptListError):
        folder_below(text)


@pytest.mark.parametrize(
    ("name", "value", "noticed"),
    [
        ("restore_faces", "true", True),
        ("restore_faces", "false", False),
        ("tiling", "True", False),
        ("subseed_strength", "0.5", True),
        ("subseed_strength", "0", False),
        ("sampler_name", "DDIM", True),
        ("sampler_index", "1", True),
        ("do_not_save_grid", "true", False),
    ],
)
def test_what_has_no_effect_is_noticed(name: str, value: str, noticed: bool):
    found: list[Problem] = []
    entry_from(1, cells(prompt="fox", **{name: value}), found)
    assert [problem.weight for problem in found] == ([Weight.WARNING] if noticed else [])


def test_all_of_a1111s_flags_are_known():
    theirs = """sd_model outpath_samples outpath_grids prompt_for_display prompt negative_prompt styles seed
    subseed_strength subseed seed_resize_from_h seed_resize_from_w sampler_index sampler_name batch_size n_iter steps
    cfg_scale width height restore_faces tiling do_not_save_samples do_not_save_grid"""
    assert set(theirs.split()) <= set(known_flags())
