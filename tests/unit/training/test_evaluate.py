from pathlib import Path

import numpy as np
import pytest
import torch

from sana_models.configs import PatchDecoderConfig
from sana_models.patch_decoder import PatchDecoder
from support.tiny_models import TINY_DCAE_RESIDUAL, random_dcae
from support.tiny_training import write_tiny_data
from training.compose import read_cutout
from training.emoji import Concept, other_pictures, read_concepts
from training.evaluate import (
    Combination,
    as_tensor,
    held_out_combinations,
    in_styles,
    names_with,
    prompt_for,
    score,
    tiny_likeness,
    true_picture,
    unseen_pictures,
)
from training.measures import Shelf
from training.palette import BACKGROUNDS
from training.plan import plan_pairs


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_tiny_data(tmp_path / "data")


@pytest.fixture
def concepts(data: Path) -> list[Concept]:
    return read_concepts(data)


def test_combinations_are_those_that_training_never_paired(concepts: list[Concept]) -> None:
    found = held_out_combinations(concepts, 1000, 0)
    trained = {(pair.number, pair.painted) for pair in plan_pairs(concepts, 0)}
    assert not {(one.number, one.color) for one in found} & trained
    assert len(found) + len(trained) == len(concepts) * len(BACKGROUNDS)
    assert held_out_combinations(concepts, 4, 1) == held_out_combinations(concepts, 4, 1)


def test_prompts_are_what_a_person_would_type(concepts: list[Concept]) -> None:
    (apple,) = [concept for concept in concepts if concept.names[0] == "red apple"]
    assert prompt_for(apple, "orange") == "a red apple on an orange background"
    assert prompt_for(apple, "teal", "3D") == "a 3d red apple on a teal background"
    assert prompt_for(apple, "teal", "flat") == "a flat red apple on a teal background"
    assert prompt_for(apple, "teal", "line") == "line art of a red apple on a teal background"


def test_styles_follow_each_other_and_what_was_trained_is_left_out() -> None:
    plain = [Combination(number, "red") for number in range(4)]
    found = in_styles(plain, ["3D", "flat"], {(3, "red", "flat"), (0, "red", "flat")})
    assert [(one.number, one.expected) for one in found] == [(0, "3D"), (1, "flat"), (2, "3D")]


def test_unseen_pictures_are_the_held_out_emoji(data: Path, concepts: list[Concept]) -> None:
    for number in range(40):
        (data / f"pictures/assets/{0x1F600 + number:x}.webp").write_bytes(concepts[0].picture.read_bytes())
    held_out = other_pictures(data, concepts, held_out=True)
    assert held_out
    assert unseen_pictures(data, concepts, 96, 0).shape == (len(held_out), 3, 256, 256)


def test_a_preview_decoder_is_measured_at_the_size_of_the_picture_and_by_its_work() -> None:
    torch.manual_seed(0)
    decoder = PatchDecoder(PatchDecoderConfig(width=8, blocks=0, patch=16))
    found = tiny_likeness(random_dcae(TINY_DCAE_RESIDUAL), decoder, torch.zeros(2, 3, 64, 64))
    assert found["share of operations"] > 0
    assert found["PSNR"] > 0


def test_names_are_those_asked_for_and_others(concepts: list[Concept]) -> None:
    found = names_with([Combination(3, "red"), Combination(5, "teal")], 40, 10, 0)
    assert {3, 5} < set(found)
    assert len(set(found)) == 10
    assert names_with([Combination(3, "red")], 4, 1, 0) == [3]


def test_the_true_pictures_score_in_full_and_strangers_do_not(concepts: list[Concept]) -> None:
    cutouts = [read_cutout(concept.picture) for concept in concepts]
    # Squares of one size differ in colour only: on one background each is told from the others by that.
    combinations = [Combination(number, "teal") for number in range(len(concepts))]
    true = [true_picture(concept.picture, one) for concept, one in zip(concepts, combinations, strict=True)]
    shelves = {"3D": Shelf(cutouts, "3D")}
    figures = score(true, combinations, shelves)
    assert (figures["background"], figures["top-1"], figures["median rank"]) == (1, 1, 1)
    wrong = score([-picture for picture in true], combinations, shelves)
    assert wrong["background"] == 0
    assert wrong["top-1"] < 1


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    from PIL import Image

    levels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    Image.fromarray(levels).save(tmp_path / "a.png")
    expected = torch.from_numpy(levels).permute(2, 0, 1).float() / 127.5 - 1
    torch.testing.assert_close(as_tensor(tmp_path / "a.png"), expected)
