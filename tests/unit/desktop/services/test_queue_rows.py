import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.codec import recipe_to_plain
from sana_desktop.domain.job import LARGEST_BATCH, Order
from sana_desktop.domain.recipe import LARGEST_SEED, Recipe
from sana_desktop.errors import RecipeError
from sana_desktop.services.queue_rows import (
    LARGEST_JOB,
    LARGEST_RECIPE,
    LONGEST_PATH,
    job_from_row,
    order_to_row,
    path_from_text,
    path_to_text,
)
from support.recipes import recipe, recipes

ORDER = Order(recipe=recipe(seed=7), count=4, batch=2)
ROW = (1, *order_to_row(ORDER))


def with_value(place: int, value: object) -> tuple[object, ...]:
    return (*ROW[:place], value, *ROW[place + 1 :])


@given(recipes.filter(lambda one: one.seed < LARGEST_SEED - 10), st.integers(1, 10), st.integers(1, LARGEST_BATCH))
def test_every_order_comes_back_as_it_was(one: Recipe, count: int, batch: int):
    order = Order(recipe=one, count=count, batch=batch)

    assert job_from_row((3, *order_to_row(order)), []).order == order


def test_the_file_with_the_noise_is_found_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    row = order_to_row(Order(recipe=recipe(), latents=Path("noise.npy")))

    assert job_from_row((1, *row), []).order.latents == tmp_path / "noise.npy"


@pytest.mark.skipif(os.name != "posix", reason="only here may a name be no text")
def test_a_name_that_is_no_text_comes_back_too():
    path = Path(os.fsdecode(b"/tmp/\xff.png"))

    assert path_from_text(path_to_text(path)) == path
    assert path_to_text(path).isascii()


@pytest.mark.parametrize(
    ("pictures", "done", "announced"),
    [
        ([], 0, None),
        ([(7, '"/a.png"', 1)], 1, None),
        ([(8, '"/b.png"', 0), (7, '"/a.png"', 1)], 1, Path("/b.png")),
        ([(7, '"/a.png"', 0)], 0, Path("/a.png")),
        # Only the pictures from the first on count: the others are drawn again rather than missed.
        ([(7, '"/a.png"', 1), (9, '"/c.png"', 1)], 1, None),
        ([(seed, '"/x.png"', 1) for seed in range(7, 11)], 4, None),
        ([(seed, '"/x.png"', 1) for seed in range(20)], 4, None),
        ([(8, 5, 0), ("7", b"", None)], 0, None),
    ],
)
def test_the_first_pictures_that_are_saved_are_done(
    pictures: list[tuple[object, ...]], done: int, announced: Path | None
):
    stored = job_from_row(ROW, pictures)

    assert (stored.done, stored.announced) == (done, announced)


@pytest.mark.parametrize(
    "row",
    [
        with_value(0, 0),
        with_value(0, LARGEST_JOB + 1),
        with_value(0, "1"),
        with_value(0, 1.0),
        with_value(1, None),
        with_value(1, b"{}"),
        with_value(1, ""),
        with_value(1, "{}"),
        with_value(1, "[" * 100_000),
        with_value(1, "\udcff"),
        with_value(1, '"' + "x" * LARGEST_RECIPE),
        with_value(1, json.dumps(recipe_to_plain(recipe()) | {"version": 99})),
        with_value(1, json.dumps(recipe_to_plain(recipe()) | {"prompt": "\ud800"})),
        with_value(2, 0),
        with_value(2, 10**9),
        with_value(2, "4"),
        with_value(2, None),
        with_value(3, LARGEST_BATCH + 1),
        with_value(3, 1.0),
        with_value(4, 5),
        with_value(4, "noise.npy"),
        with_value(4, "[]"),
        with_value(4, json.dumps("x" * LONGEST_PATH)),
    ],
)
def test_a_row_that_cannot_be_ours_is_refused(row: tuple[object, ...]):
    with pytest.raises((RecipeError, ValueError, RecursionError)):
        job_from_row(row, [])


def test_a_path_of_the_announced_picture_that_is_none_is_refused():
    with pytest.raises(ValueError, match="path"):
        job_from_row(ROW, [(7, "a.png", 0), (7, "[]", 0)])
