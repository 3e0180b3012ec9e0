"""Lists from the issue threads about prompt lists become the recipes that their authors meant.

A1111 issue 248 (how is a list written, and not the same seed everywhere?) and pull requests 3820 (CSV) and 5699
(negative prompts), Forge pull request 2811 (comments, names, ranges), InvokeAI issue 8358 (iterations and names). The
lists are those of the threads; where a thread asks in words, the list is what answers.
"""

from pathlib import Path

import pytest

from sana_desktop.domain.batch.problem import Problem, Weight
from sana_desktop.domain.choices import Solver
from sana_desktop.services.batch.prompt_list import Item
from support.prompt_lists import items_of, problems_of, prompt_list


def items(folder: Path, text: str, name: str = "list.txt") -> list[Item]:
    found = prompt_list(folder, text, name)
    assert [one for one in problems_of(found) if one.weight is Weight.ERROR] == []
    return items_of(found)


def test_248_each_line_has_a_seed_of_its_own_and_everything_can_be_said(tmp_path: Path):
    found = items(
        tmp_path,
        "a castle\na dog\n"
        '--prompt "a portrait" --negative_prompt "blurry" --cfg_scale 8.5 --sampler_name "Euler a" --seed 7\n',
    )
    assert [one.recipe.seed for one in found] == [100, 101, 7]
    last = found[2].recipe
    assert (last.prompt, last.negative, last.guidance) == ("a portrait", "blurry", 8.5)


def test_5699_negative_prompts_without_quotes(tmp_path: Path):
    found = items(
        tmp_path,
        "--prompt a castle --negative_prompt trees, shrubs, plants\n"
        "--prompt a dog --negative_prompt golden retriever, pug \n"
        "--prompt a portrait of a person --negative_prompt mangled hands, poorly drawn\n",
    )
    assert [(one.recipe.prompt, one.recipe.negative) for one in found] == [
        ("a castle", "trees, shrubs, plants"),
        ("a dog", "golden retriever, pug"),
        ("a portrait of a person", "mangled hands, poorly drawn"),
    ]


def test_3820_a_table_with_a_prompt_and_a_negative_prompt_for_every_picture(tmp_path: Path):
    text = "filename,prompt,negative_prompt\n00000-0.png,a red fox,blurry\n00000-1.png,a dog,\n"
    found = prompt_list(tmp_path, text, "batch_prompts.csv")
    assert [(one.recipe.prompt, one.recipe.negative) for one in items_of(found)] == [
        ("a red fox", "blurry"),
        ("a dog", ""),
    ]
    # The pictures that img2img would begin with are not passed over in silence.
    assert [(one.line, one.weight) for one in problems_of(found)] == [(2, Weight.WARNING), (3, Weight.WARNING)]


def test_2811_comments_names_and_ranges(tmp_path: Path):
    found = items(
        tmp_path,
        "# notes and headers\n"
        "// a line that is off for now --seed x\n"
        "$ARTIST=Greg Rutkowski\n"
        "$STYLE=cinematic lighting\n"
        "a cat by $ARTIST, $STYLE --seed 123\n"
        "a dog --cfg_scale [5..10 step 1]\n"
        "a cow --steps [20, 30, 50]\n",
    )
    assert (found[0].recipe.prompt, found[0].recipe.seed) == ("a cat by Greg Rutkowski, cinematic lighting", 123)
    assert [one.recipe.guidance for one in found[1:7]] == [5, 6, 7, 8, 9, 10]
    assert [one.recipe.steps for one in found[7:]] == [20, 30, 50]
    # A name that nothing has is not drawn as it stands.
    wrong = prompt_list(tmp_path, "$STYLE=soft\na cat, $STYEL\n", "wrong.txt")
    (problem,) = problems_of(wrong)
    assert isinstance(problem, Problem)
    assert (problem.line, problem.column) == (2, 8)


def test_8358_iterations_for_each_prompt_and_names_that_say_it(tmp_path: Path):
    found = items(tmp_path, '{"prompt": "a red fox", "repeat": 2}\n{"prompt": "a dog", "repeat": 3}\n', "list.jsonl")
    assert [str(one.stem) for one in found] == [
        "000001-100-a-red-fox",
        "000002-101-a-red-fox",
        "000003-102-a-dog",
        "000004-103-a-dog",
        "000005-104-a-dog",
    ]
    # All combinations of prompts and seeds, as its answer draws them with batch nodes.
    grid = items(tmp_path, 'a red fox --x "Seed: 1, 2"\na dog --x "Seed: 1, 2"\n', "grid.txt")
    assert [(one.recipe.prompt, one.recipe.seed) for one in grid] == [
        ("a red fox", 1),
        ("a red fox", 2),
        ("a dog", 1),
        ("a dog", 2),
    ]


@pytest.mark.parametrize(("sampler", "solver"), [("DPM++ 2M Karras", Solver.FLOW_DPM), ("Euler", Solver.FLOW_EULER)])
def test_samplers_of_a1111_are_drawn_by_their_nearest(tmp_path: Path, sampler: str, solver: Solver):
    (found,) = items(tmp_path, f'--prompt "a cat" --sampler_name "{sampler}"\n')
    assert found.recipe.solver is solver
