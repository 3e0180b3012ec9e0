from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.adoption import Adoption, Part, adopt, fitting_size
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.inspected import Inspected
from sana_desktop.domain.recipe import LARGEST_SEED, LONGEST_PROMPT, Recipe
from sana_desktop.domain.sizes import LARGEST_SIDE, MULTIPLE, Size
from support.recipes import APPLE, recipe

FOREIGN = Inspected(
    tool="A1111",
    prompt="a fox",
    negative="blurry",
    seed=5,
    steps=25,
    guidance=7.5,
    size=(1000, 700),
    sampler="Euler a",
    model="sd_xl",
)


def test_everything_of_a_foreign_picture_is_brought_to_what_can_be_drawn():
    taken = adopt(FOREIGN, Part.ALL)

    assert (taken.prompt, taken.negative, taken.seed) == ("a fox", "blurry", 5)
    assert (taken.size, taken.steps, taken.guidance) == (Size(992, 704), 25, 7.5)
    assert (taken.solver, taken.pack, taken.recipe) == (Solver.FLOW_DPM, None, None)
    assert taken.notes == (
        "Size 1000 × 700 → 992 × 704.",
        "Sampler “Euler a” is not ours: Flow-DPM is taken.",
        "Model “sd_xl” is not installed here: yours stays.",
    )


@pytest.mark.parametrize(
    ("part", "taken"),
    [
        (Part.PROMPT, Adoption(prompt="a fox", negative="blurry")),
        (Part.SEED, Adoption(seed=5)),
        (Part.SIZE, Adoption(size=Size(992, 704), notes=("Size 1000 × 700 → 992 × 704.",))),
    ],
)
def test_a_part_leaves_the_rest_alone(part: Part, taken: Adoption):
    assert adopt(FOREIGN, part) == taken


def test_all_but_the_seed_is_all_but_the_seed():
    assert adopt(FOREIGN, Part.ALL_BUT_SEED) == replace(adopt(FOREIGN, Part.ALL), seed=None)


def test_a_picture_of_ours_is_taken_as_it_is():
    made = recipe(flow_shift=3.5, solver=Solver.SPRINT)
    ours = Inspected(tool="Sana Desktop", prompt=made.prompt, sampler="sprint", recipe=made, size=(256, 256))

    taken = adopt(ours, Part.ALL, packs=["starter"])

    assert (taken.recipe, taken.solver, taken.pack, taken.notes) == (made, Solver.SPRINT, "starter", ())


def test_a_pack_that_is_not_installed_is_not_taken():
    taken = adopt(Inspected(tool="Sana Desktop", recipe=APPLE), Part.ALL, packs=["other"])

    assert taken.pack is None
    assert taken.notes == ("Model “starter” is not installed here: yours stays.",)


@pytest.mark.parametrize("name", ["Flow DPM++ 2M", "Euler", "euler", "Sprint"])
def test_samplers_that_are_ours_need_no_note(name: str):
    assert adopt(Inspected(tool="x", sampler=name), Part.ALL).notes == ()


def test_what_is_out_of_range_is_brought_back():
    odd = Inspected(tool="x", prompt="x" * (LONGEST_PROMPT + 1), seed=-1, steps=0, guidance=1e6, size=(1, 10**6))

    taken = adopt(odd, Part.ALL)

    assert taken.prompt is not None
    assert len(taken.prompt) == LONGEST_PROMPT
    assert (taken.seed, taken.steps, taken.guidance) == (None, 1, 100.0)
    assert taken.size == Size(MULTIPLE, LARGEST_SIDE)
    assert len(taken.notes) == 5


numbers = st.none() | st.integers(-(10**30), 10**30)


@given(
    st.builds(
        Inspected,
        tool=st.just("x"),
        prompt=st.text(),
        negative=st.text(),
        seed=numbers,
        steps=numbers,
        guidance=st.none() | st.floats(),
        size=st.none() | st.tuples(st.integers(-5, 10**20), st.integers(-5, 10**20)),
        sampler=st.text(),
        model=st.text(),
    ),
    st.sampled_from(Part),
)
def test_whatever_a_picture_says_what_is_taken_makes_a_recipe(found: Inspected, part: Part):
    taken = adopt(found, part)

    Recipe(
        prompt=taken.prompt or "",
        negative=taken.negative or "",
        size=taken.size or Size(256, 256),
        steps=taken.steps or 20,
        guidance=4.5 if taken.guidance is None else taken.guidance,
        seed=0 if taken.seed is None else taken.seed,
        solver=taken.solver or Solver.FLOW_DPM,
        pack="starter",
    )


@pytest.mark.parametrize(("side", "fitting"), [(31, 32), (48, 32), (49, 64), (1024, 1024), (9000, 8192)])
def test_a_side_goes_to_the_nearest(side: int, fitting: int):
    assert fitting_size(side, side) == Size(fitting, fitting)


def test_the_largest_seed_is_taken():
    assert adopt(Inspected(tool="x", seed=LARGEST_SEED), Part.SEED).seed == LARGEST_SEED
