from dataclasses import replace
from pathlib import Path

import pytest

from support.tiny_training import write_tiny_data
from training.emoji import Concept, read_concepts
from training.layouts import LAYOUTS
from training.plan import Pair, kept, plan_formats, plan_pairs, plan_scenes, plan_styles, weight_of


@pytest.fixture
def concepts(tmp_path: Path) -> list[Concept]:
    return read_concepts(write_tiny_data(tmp_path))


def test_every_concept_has_a_plain_background_with_and_without_the_word(tmp_path: Path) -> None:
    pairs = plan_pairs(read_concepts(write_tiny_data(tmp_path)), seed=0)
    for number in range(3):
        own = [(pair.said, pair.painted) for pair in pairs if pair.number == number]
        assert own[:2] == [(None, "white"), ("white", "white")]
        assert len({painted for _, painted in own}) == 7
        assert all(said in (None, painted) for said, painted in own)


def test_the_thin_plan_is_part_of_the_whole(tmp_path: Path) -> None:
    concepts = [replace(concept, weight=0.7) for concept in read_concepts(write_tiny_data(tmp_path))]
    thin, whole = plan_pairs(concepts, seed=0, thin=True), plan_pairs(concepts, seed=0)
    assert set(thin) < set(whole)
    assert len(thin) == 3 * 3
    drawn = {"flat": {concept.key for concept in concepts}}
    some = plan_styles(concepts, drawn, 0, thin=True)
    assert set(some) < set(plan_styles(concepts, drawn, 0))
    assert sorted(pair.number for pair in some) == [0, 1, 2]


def test_styles_are_paired_with_colours_only_where_they_are_drawn(tmp_path: Path) -> None:
    concepts = read_concepts(write_tiny_data(tmp_path))
    apple = next(number for number, concept in enumerate(concepts) if concept.key == "1f34e")
    pairs = plan_styles(concepts, {"flat": {"1f34e"}, "line": set()}, 0)
    assert {(pair.number, pair.style) for pair in pairs} == {(apple, "flat")}
    assert len({pair.painted for pair in pairs}) == 6


def test_scenes_have_as_many_things_as_their_layout_has_places(concepts: list[Concept]) -> None:
    scenes = plan_scenes(concepts, plan_pairs(concepts, 0), 20, 0)
    assert all(len(scene.numbers) == len(LAYOUTS[scene.layout].corners) for scene in scenes)
    assert {scene.layout for scene in scenes} == {"beside", "above", "three", "four", "small", "big"}
    assert sum(len(set(scene.numbers)) > 1 for scene in scenes) == 20


def test_what_is_held_out_for_a_thing_is_held_out_of_its_scenes(concepts: list[Concept]) -> None:
    pairs = plan_pairs(concepts, 0)
    trained = {(pair.number, pair.painted) for pair in pairs}
    scenes = plan_scenes(concepts, pairs, 50, 0)
    assert {(number, scene.painted) for scene in scenes for number in scene.numbers} <= trained


def test_a_set_of_one_thing_has_no_scenes_of_two(concepts: list[Concept]) -> None:
    alone = concepts[:1]
    scenes = plan_scenes(alone, plan_pairs(alone, 0), 20, 0)
    assert all(set(scene.numbers) == {0} for scene in scenes)


def test_a_scene_weighs_what_its_most_wanted_thing_does(concepts: list[Concept]) -> None:
    wanted = [replace(concepts[0], weight=6.0), replace(concepts[1], weight=2.0)]
    scene = Pair(1, "red", "red", layout="beside", others=(0,))
    assert weight_of(scene, wanted) == 3 * weight_of(Pair(1, "red", "red", layout="small"), wanted)
    assert weight_of(Pair(0, "red", "red"), wanted) == 6.0


@pytest.mark.parametrize(("weight", "expected"), [(6.0, 6), (2.0, 3), (0.7, 1)])
def test_a_thin_plan_keeps_more_of_what_is_asked_for_more(
    concepts: list[Concept], weight: float, expected: int
) -> None:
    concept = replace(concepts[0], weight=weight)
    assert kept(concept, 6, thin=True) == expected
    assert kept(concept, 6, thin=False) == 6


def test_formats_show_pairs_that_are_there_on_another_canvas(concepts: list[Concept]) -> None:
    pairs = plan_pairs(concepts, 0)
    pairs += plan_scenes(concepts, pairs, 20, 0)
    found = plan_formats(pairs, concepts, 8, 0)
    assert {pair.layout for pair in found} == {"wide", "tall", "wider", "taller", "beside, wide", "above, tall"}
    assert {pair._replace(layout="") for pair in found} <= {pair._replace(layout="") for pair in pairs}
    assert all(len(pair.numbers) == len(LAYOUTS[pair.layout].corners) for pair in found)
    assert plan_formats(pairs, concepts, 0, 0) == []
    assert plan_scenes(concepts, pairs, 0, 0) == []
    assert {pair.layout for pair in plan_formats(plan_pairs(concepts, 0), concepts, 3, 0)} == {
        "wide",
        "tall",
        "wider",
        "taller",
    }
