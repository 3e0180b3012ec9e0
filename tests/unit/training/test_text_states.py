from pathlib import Path

import torch

from support.tiny_training import write_tiny_features
from training.text_states import TextStates, encode_texts


def test_captions_are_found_by_number(tmp_path: Path) -> None:
    states = TextStates.read(write_tiny_features(tmp_path) / "text.safetensors")
    assert len(states) == 6
    assert [len(states.of(number)) for number in range(6)] == [1, 3, 2, 4, 2, 3]
    assert states.of(1).shape == (3, 12)


def test_what_is_encoded_already_needs_no_encoder(tmp_path: Path) -> None:
    path = write_tiny_features(tmp_path) / "text.safetensors"
    found = encode_texts(["ignored"] * 6, tmp_path / "no such folder", path)
    assert torch.equal(found.of(2), TextStates.read(path).of(2))


def test_a_batch_is_as_long_as_the_longest_of_all_and_says_what_counts(tmp_path: Path) -> None:
    states = TextStates.read(write_tiny_features(tmp_path) / "text.safetensors")
    batch, mask = states.batch(torch.tensor([0, 2]))
    assert batch.shape == (2, 4, 12)
    assert mask.sum(dim=1).tolist() == [1, 2]
    assert torch.equal(batch[1, :2], states.of(2))
    assert batch[~mask].abs().max() == 0


def test_joined_captions_are_counted_on(tmp_path: Path) -> None:
    states = TextStates.read(write_tiny_features(tmp_path) / "text.safetensors")
    joined = states.joined(states)
    assert len(joined) == 12
    assert torch.equal(joined.of(8), states.of(2))
