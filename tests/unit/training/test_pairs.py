import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from support.tiny_training import write_tiny_features
from training.pairs import PairDealer


@pytest.fixture
def dealer(tmp_path: Path) -> PairDealer:
    return PairDealer(write_tiny_features(tmp_path))


def test_a_batch_is_padded_to_the_longest_caption_of_all(dealer: PairDealer) -> None:
    batch = dealer.deal(64, 0.0, torch.Generator().manual_seed(0))
    assert batch.latents_BKhw.shape == (64, 32, 2, 2)
    assert batch.text_BLE.shape == (64, 4, 12)
    assert sorted(set(batch.mask_BL.sum(dim=1).tolist())) == [2, 3, 4]
    assert batch.text_BLE[~batch.mask_BL].abs().max() == 0


def test_a_pair_without_weight_is_never_dealt(dealer: PairDealer) -> None:
    batch = dealer.deal(200, 0.0, torch.Generator().manual_seed(0))
    # The third pair alone has a caption of four tokens besides the second's; its latents tell it apart.
    assert len({tuple(latents.flatten().tolist()) for latents in batch.latents_BKhw}) == 3


def test_dropout_gives_the_empty_caption(dealer: PairDealer) -> None:
    batch = dealer.deal(16, 1.0, torch.Generator().manual_seed(0))
    assert batch.mask_BL.sum(dim=1).unique().tolist() == [1]
    assert len({tuple(text.flatten().tolist()) for text in batch.text_BLE}) == 1


def test_the_same_generator_deals_the_same_batch(dealer: PairDealer) -> None:
    one, other = (dealer.deal(8, 0.1, torch.Generator().manual_seed(5)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_captions_are_drawn_by_their_weights(tmp_path: Path) -> None:
    folder = write_tiny_features(tmp_path)
    save_file({"weights": torch.tensor([0.0, 1.0, 1.0, 1.0, 1.0])}, folder / "weights.safetensors")
    batch = PairDealer(folder, folder / "weights.safetensors").deal(200, 0.0, torch.Generator().manual_seed(0))
    # Only the first caption of the first pair is one token long.
    assert batch.mask_BL.sum(dim=1).min() > 1


def test_a_single_caption_is_the_first(tmp_path: Path) -> None:
    batch = PairDealer(write_tiny_features(tmp_path), single=True).deal(200, 0.0, torch.Generator().manual_seed(0))
    assert len({tuple(text.flatten().tolist()) for text in batch.text_BLE}) == 3


def test_a_batch_has_the_shape_that_is_asked_for(tmp_path: Path) -> None:
    folder = write_tiny_features(tmp_path)
    described = json.loads((folder / "pairs.json").read_text(encoding="utf-8"))
    described[1]["shape"] = "2x3"
    (folder / "pairs.json").write_text(json.dumps(described), encoding="utf-8")
    save_file({"2x2": torch.randn(3, 32, 2, 2), "2x3": torch.ones(1, 32, 2, 3)}, folder / "latents.safetensors")
    dealer = PairDealer(folder)
    assert dealer.shapes == 2
    square, wide = (dealer.deal(5, 0.0, torch.Generator().manual_seed(0), shape) for shape in (0, 1))
    assert square.latents_BKhw.shape == (5, 32, 2, 2)
    assert torch.equal(wide.latents_BKhw, torch.ones(5, 32, 2, 3))
    # The second pair's caption has two tokens, whatever number it has on its shelf.
    assert wide.mask_BL.sum(dim=1).unique().tolist() == [4]
