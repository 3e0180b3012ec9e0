from pathlib import Path

import pytest

from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.token_count import TokenCount
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.sheet import row_with, sheet_text
from sana_desktop.services.batch.sheet_look import look_at
from sana_desktop.services.forecast import SpeedBook
from support.fake_engine import fake_picture
from support.prompt_lists import prompt_list
from support.recipes import recipe

ROWS = [
    row_with(prompt="a {red} fox", n_iter="3"),
    row_with(prompt="a cat", steps="many"),
    row_with(prompt="__nothing__"),
    row_with(prompt="a dog", seed="7"),
]


def count(found: Recipe) -> TokenCount | None:
    if "dog" in found.prompt:
        raise KnownError("no tokenizer")
    return TokenCount(len(found.prompt.split()), 300)


def test_every_row_is_told_what_it_stands_for_or_what_is_wrong(tmp_path: Path):
    listed = prompt_list(tmp_path, sheet_text(ROWS), "list.csv")
    fox, cat, nothing, dog = look_at(listed, SpeedBook(), count, lambda: None)
    assert fox.first is not None
    assert (fox.row, fox.count, fox.first.recipe.prompt, fox.tokens) == (0, 3, "a red fox", TokenCount(3, 300))
    assert (cat.row, cat.count) == (1, 0)
    assert cat.problem is not None
    assert "whole number" in cat.problem.message
    assert nothing.problem is not None
    assert dog.first is not None
    assert (dog.row, dog.first.recipe.seed, dog.tokens, dog.seconds) == (3, 7, None, None)


def test_the_time_is_that_of_all_pictures_of_the_row(tmp_path: Path):
    speeds = SpeedBook()
    usual = recipe(prompt="", pack="toy")
    for seed in range(3):
        speeds.learn(fake_picture(usual.with_seed(seed)))
    listed = prompt_list(
        tmp_path, sheet_text([row_with(prompt="a fox"), row_with(prompt="a fox", n_iter="4")]), "list.csv"
    )
    one, four = look_at(listed, speeds, count, lambda: None)
    assert one.seconds is not None
    assert four.seconds == pytest.approx(4 * one.seconds)


def test_a_check_ends_the_look(tmp_path: Path):
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look_at(prompt_list(tmp_path, sheet_text(ROWS), "list.csv"), SpeedBook(), count, stop)
