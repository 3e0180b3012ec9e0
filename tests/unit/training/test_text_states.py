from pathlib import Path

import torch

from support.tiny_training import write_tiny_features
from training.text_states import TextStates, encode_texts


def test_captions_are_found_by_number(tmp_path: Path) -> None:
    states = TextStates(write_tiny_features(tmp_path) / "text.safetensors")
    assert len(states) == 6
    assert [len(states.of(number)) for number in range(6)] == [1, 3, 2, 4, 2, 3]
    assert states.of(1).shape == (3, 12)


def test_what_is_encoded_already_needs_no_encoder(tmp_path: Path) -> None:
    path = write_tiny_features(tmp_path) / "text.safetensors"
    found = encode_texts(["ignored"] * 6, tmp_path / "no such folder", path)
    assert torch.equal(found.of(2), TextStates(path).of(2))
