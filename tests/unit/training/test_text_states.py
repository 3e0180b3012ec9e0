from pathlib import Path

import torch

from support.tiny_training import write_tiny_features
from training.text_states import TextStates, kept_states


def test_captions_are_found_by_number(tmp_path: Path) -> None:
    states = TextStates.read(write_tiny_features(tmp_path) / "text.safetensors")
    assert len(states) == 6
    assert [len(states.of(number)) for number in range(6)] == [1, 3, 2, 4, 2, 3]
    assert states.of(1).shape == (3, 12)


class CountingEncoder:
    """Stands in for Gemma: states that tell how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> dict[str, torch.Tensor]:
        self.asked += 1
        return {"states": torch.full((3, 12), float(self.asked)), "offsets": torch.tensor([0, 1, 3])}


def test_the_same_captions_are_encoded_once(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    first, second = (kept_states(["a boat", "a red boat"], tmp_path / "kept.safetensors", encoder) for _ in range(2))
    assert encoder.asked == 1
    assert torch.equal(first.of(1), second.of(1))


def test_states_that_were_kept_of_other_captions_are_made_anew(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    kept_states(["a boat", "a red boat"], tmp_path / "kept.safetensors", encoder)
    found = kept_states(["a cat", "a red boat"], tmp_path / "kept.safetensors", encoder)
    assert found.of(0).eq(2).all()


def test_a_file_that_does_not_say_whose_states_it_holds_is_not_believed(tmp_path: Path) -> None:
    path = write_tiny_features(tmp_path) / "text.safetensors"
    found = kept_states(["a boat", "a red boat"], path, CountingEncoder())
    assert len(found) == 2


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
