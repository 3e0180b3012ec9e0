from pathlib import Path

import pytest
import torch

from support.tiny_training import write_tiny_data, write_tiny_features
from training.emoji import read_concepts
from training.retrieval import Judge, captions_for, frechet
from training.scorer_net import Scorer
from training.text_states import TextStates


def test_captions_are_ordered_by_style_and_then_by_thing(tmp_path: Path) -> None:
    concepts = read_concepts(write_tiny_data(tmp_path))
    said = captions_for(concepts, [1, 0])
    one, other = concepts[1].names[0], concepts[0].names[0]
    assert said[:4] == [f"a 3d {one}", f"a 3d {other}", f"a flat {one}", f"a flat {other}"]
    assert len(said) == 6


def test_the_best_fitting_name_and_style_are_found(tmp_path: Path) -> None:
    torch.manual_seed(0)
    states = TextStates.read(write_tiny_features(tmp_path) / "text.safetensors")
    scorer = Scorer(12)
    judge = Judge(scorer, states, [4, 9])
    # A picture that lies exactly where a caption does: the second thing, in the second style.
    seen_F = judge._read_SNF[1, 1]
    assert judge.rank(seen_F, 9, "flat") == 1
    assert judge.rank(seen_F, 4, "flat") == 2
    assert judge.style(seen_F, 9) == "flat"


def test_the_distance_of_a_set_from_itself_is_zero_and_grows_with_what_parts_them() -> None:
    torch.manual_seed(0)
    vectors = torch.randn(200, 6)
    assert frechet(vectors, vectors) == pytest.approx(0, abs=1e-6)
    assert frechet(vectors, vectors + 1) == pytest.approx(6, abs=1e-4)
    assert frechet(vectors, 2 * vectors) > 1
