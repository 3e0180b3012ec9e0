from pathlib import Path

import torch

from support.tiny_training import write_tiny_data
from training.compose import read_cutout
from training.cutouts import Cutouts
from training.emoji import read_concepts


def test_cutouts_are_found_by_number(tmp_path: Path) -> None:
    paths = [concept.picture for concept in read_concepts(write_tiny_data(tmp_path))]
    cutouts = Cutouts(paths, torch.device("cpu"))
    assert len(cutouts) == 3
    found = cutouts.take([2, 0])
    assert found.dtype == torch.uint8
    assert torch.equal(found[0], torch.from_numpy(read_cutout(paths[2]).copy()).permute(2, 0, 1))
    assert torch.equal(found[1], torch.from_numpy(read_cutout(paths[0]).copy()).permute(2, 0, 1))
