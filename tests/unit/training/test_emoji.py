from pathlib import Path

import pytest

from support.tiny_training import write_tiny_data
from training.emoji import Concept, other_pictures, read_concepts


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


def test_others_are_no_concepts_and_all_skin_tones_are_on_one_side_of_the_split(tmp_path: Path) -> None:
    data = write_tiny_data(tmp_path)
    for number in range(40):
        for tone in ("", "-1f3fb", "-1f3ff"):
            (data / f"pictures/assets/{0x1F600 + number:x}{tone}.webp").touch()
    concepts = read_concepts(data)
    held, trained = (other_pictures(data, concepts, held_out=side) for side in (True, False))
    assert not set(held) & set(trained)
    assert not {concept.picture for concept in concepts} & {*held, *trained}
    assert 0 < len(held) < len(trained)
    assert not {path.name.split("-")[0].split(".")[0] for path in held} & {
        path.name.split("-")[0].split(".")[0] for path in trained
    }
