import re
from dataclasses import replace

import pytest

from sana_desktop.domain.choices import Emphasis, Solver
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.gallery.infotext import infotext
from support.fake_engine import fake_picture

RECIPE = Recipe(
    prompt="a red fox",
    negative="blurry",
    size=Size(64, 32),
    steps=20,
    guidance=4.5,
    seed=77,
    solver=Solver.FLOW_DPM,
    pack="starter",
    flow_shift=3.0,
)
# How readers of this format find the pairs: a key of two letters or more, a value in quotes or up to the comma.
PAIR = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')


def settings(text: str) -> dict[str, str]:
    return dict(PAIR.findall(text.splitlines()[-1]))


def test_the_text_is_what_other_tools_expect():
    assert infotext(fake_picture(RECIPE)) == (
        "a red fox\n"
        "Negative prompt: blurry\n"
        "Steps: 20, Sampler: Flow DPM++ 2M, Schedule type: Simple, CFG scale: 4.5, Seed: 77, Size: 64x32, "
        "Model: starter, RNG: CPU, Flow shift: 3.0, Precision: fp32, Version: Sana Desktop 0"
    )


def test_weights_that_count_are_named_and_others_are_not():
    weighted = infotext(fake_picture(replace(RECIPE, prompt="a (red:1.3) fox", emphasis=Emphasis.WEIGHTED)))
    assert weighted.startswith("a (red:1.3) fox\n")
    assert settings(weighted)["Emphasis"] == "Sana"
    assert "Emphasis" not in settings(infotext(fake_picture(RECIPE)))


@pytest.mark.parametrize("solver", list(Solver))
def test_readers_find_enough_pairs_to_know_the_line(solver: Solver):
    picture = fake_picture(replace(RECIPE, prompt="", negative="", flow_shift=None, solver=solver))

    text = infotext(picture)

    assert text.count("\n") == 0
    assert len(settings(text)) >= 5
    assert settings(text)["Seed"] == "77"
    assert all(settings(text).values())


def test_values_with_commas_are_quoted():
    picture = fake_picture(RECIPE)
    picture = replace(picture, provenance=replace(picture.provenance, app_version='1, "beta": 2'))

    assert settings(infotext(picture))["Version"] == r'"Sana Desktop 1, \"beta\": 2"'


def test_control_characters_become_spaces_and_lines_stay():
    picture = fake_picture(replace(RECIPE, prompt="a\x00b\x1b[31m\nnext\tline"))

    assert infotext(picture).startswith("a b [31m\nnext\tline\nNegative")
