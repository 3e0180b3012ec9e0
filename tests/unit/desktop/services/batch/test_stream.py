from pathlib import Path

import pytest

from sana_desktop.domain.batch.problem import Problem
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.stream import parse_shard, pictures
from support.prompt_lists import prompt_list

TEXT = "a\nb --n_iter 3\nbad --sed 1\nc\nd\n"


def indexes(folder: Path, **wishes: object) -> list[int]:
    listed = prompt_list(folder, TEXT)
    return [item.index for item in pictures(listed, lambda problem: None, **wishes)]  # pyright: ignore[reportArgumentType]


def test_all_pictures_come_in_order_and_problems_are_told(tmp_path: Path):
    told: list[Problem] = []
    found = [item.recipe.prompt for item in pictures(prompt_list(tmp_path, TEXT), told.append)]
    assert found == ["a", "b", "b", "b", "c", "d"]
    assert [problem.line for problem in told] == [3]


def test_shards_have_every_picture_once(tmp_path: Path):
    parts = [indexes(tmp_path, shard=(number, 3)) for number in (1, 2, 3)]
    assert sorted(index for part in parts for index in part) == indexes(tmp_path)
    assert parts[0] == [0, 3, 6]


def test_a_limit_ends_the_list(tmp_path: Path):
    assert indexes(tmp_path, limit=3) == [0, 1, 2]
    assert indexes(tmp_path, limit=0) == []


def test_shards_are_read():
    assert parse_shard("2/8") == (2, 8)
    for text in ("", "2", "0/3", "4/3", "a/b", "1/", "²/3", "1/99999999999999"):
        with pytest.raises(KnownError, match="part of a list"):
            parse_shard(text)
