from pathlib import Path

import pytest

from support.tiny_training import write_tiny_data
from training.emoji import Concept, read_concepts


@pytest.fixture
def concepts(tmp_path: Path) -> dict[str, Concept]:
    return {concept.names[0]: concept for concept in read_concepts(write_tiny_data(tmp_path))}


def test_clocks_flags_and_what_is_left_out_by_name_are_no_concepts(concepts: dict[str, Concept]) -> None:
    assert sorted(concepts) == ["cat", "red apple", "sun"]


def test_a_picture_is_found_with_and_without_the_variation_selector_in_its_name(concepts: dict[str, Concept]) -> None:
    assert concepts["sun"].picture.name == "2600-fe0f.webp"
    assert concepts["cat"].picture.name == "1f408.webp"


def test_everyday_synonyms_follow_the_official_name(concepts: dict[str, Concept]) -> None:
    assert concepts["red apple"].names == ("red apple", "apple")


def test_what_newcomers_ask_for_is_shown_more_often(concepts: dict[str, Concept]) -> None:
    assert concepts["cat"].weight == concepts["red apple"].weight == 6.0
