from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.job import LARGEST_BATCH, NEXT_STATES, JobState, Order, next_state
from sana_desktop.domain.recipe import LARGEST_SEED, Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import BugError, RecipeError


def recipe(seed: int = 5, solver: Solver = Solver.FLOW_DPM) -> Recipe:
    return Recipe(prompt="", size=Size(64, 32), steps=2, guidance=1.0, seed=seed, solver=solver, pack="paper")


@given(st.integers(1, 40), st.integers(1, LARGEST_BATCH))
def test_rounds_hold_every_seed_once_and_in_order(count: int, batch: int):
    rounds = list(Order(recipe=recipe(seed=7), count=count, batch=batch).rounds())

    assert [one.seed for together in rounds for one in together] == list(range(7, 7 + count))
    assert all(len(together) == batch for together in rounds[:-1])
    assert {one.with_seed(0) for together in rounds for one in together} == {recipe(seed=0)}


@given(st.integers(1, 40), st.integers(1, LARGEST_BATCH), st.data())
def test_what_is_left_are_the_batches_that_lack_a_picture(count: int, batch: int, data: st.DataObject):
    order = Order(recipe=recipe(seed=7), count=count, batch=batch)
    done = data.draw(st.integers(0, count))
    left = list(order.rounds(done))

    assert left == [round_ for round_ in order.rounds() if round_[-1].seed >= 7 + done]
    assert bool(left) is (done < count)


def test_an_order_without_what_is_done_asks_for_the_other_seeds():
    order = Order(recipe=recipe(seed=7), count=5, batch=2)

    assert order.without(0) == order
    assert order.without(3) == Order(recipe=recipe(seed=10), count=2, batch=2)


def test_the_last_seed_must_fit_too():
    assert Order(recipe=recipe(seed=LARGEST_SEED - 1), count=2)
    with pytest.raises(RecipeError, match="last of 3 seeds"):
        Order(recipe=recipe(seed=LARGEST_SEED - 1), count=3)


@pytest.mark.parametrize(("count", "batch"), [(0, 1), (10_001, 1), (1, 0), (1, 65)])
def test_numbers_that_cannot_be_drawn_are_refused(count: int, batch: int):
    with pytest.raises(RecipeError, match="is not between 1 and"):
        Order(recipe=recipe(), count=count, batch=batch)


def test_noise_from_a_file_is_not_drawn_twice_unless_the_solver_adds_its_own():
    file = Path("noise.npy")

    assert Order(recipe=recipe(), latents=file)
    assert Order(recipe=recipe(solver=Solver.SPRINT), latents=file, count=2)
    with pytest.raises(RecipeError, match="every seed would draw the same"):
        Order(recipe=recipe(), latents=file, count=2)


@pytest.mark.parametrize("now", list(JobState))
@pytest.mark.parametrize("wanted", list(JobState))
def test_only_the_listed_changes_of_state_happen(now: JobState, wanted: JobState):
    if wanted in NEXT_STATES[now]:
        assert next_state(now, wanted) is wanted
    else:
        with pytest.raises(BugError, match=f"is {now} cannot become {wanted}"):
            next_state(now, wanted)


def test_a_job_that_has_ended_stays_so():
    assert {state for state in JobState if state.ended} == {JobState.FINISHED, JobState.FAILED, JobState.CANCELLED}


def test_an_order_of_several_recipes_is_one_batch_of_them():
    recipes = [recipe(seed=3), replace(recipe(seed=3), prompt="dog"), replace(recipe(seed=1), negative="no")]
    order = Order.together(recipes)
    assert (order.count, order.batch) == (3, 3)
    assert list(order.rounds()) == list(order.rounds(2)) == [tuple(recipes)]
    assert list(order.rounds(3)) == []
    assert [order.recipe_at(place) for place in range(3)] == recipes
    assert order.without(1) == Order.together(recipes[1:])


def test_what_cannot_be_drawn_together_is_no_order():
    with pytest.raises(BugError, match="words and seeds"):
        Order.together([recipe(), replace(recipe(), guidance=2.25)])
    with pytest.raises(BugError, match="one batch"):
        Order(recipe=recipe(), count=3, batch=1, others=(recipe(seed=1),))
