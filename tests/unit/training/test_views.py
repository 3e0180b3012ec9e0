from pathlib import Path

import pytest
import torch

from support.tiny_models import TINY_DCAE_RESIDUAL, random_dcae
from support.tiny_training import write_tiny_data
from training import views
from training.compute import Compute
from training.dcae import PictureDealer, trained_pictures
from training.emoji import read_concepts
from training.sana_preview import Crops


def dealer(data: Path) -> PictureDealer:
    return PictureDealer(trained_pictures(data, read_concepts(data)), 0)


def test_shards_hold_latents_and_small_pictures_and_a_killed_run_writes_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_SHARD", 4)
    data = write_tiny_data(tmp_path / "data")
    vae = random_dcae(TINY_DCAE_RESIDUAL)
    out = tmp_path / "views"
    views.write_views(dealer(data), vae, out, 6, Compute())
    whole = Crops(out, "train")
    assert whole.latents_VKhw.shape == (6, 32, 8, 8)
    assert whole.pictures_V3HW.shape == (6, 3, views.SIDE, views.SIDE)
    (out / "train-001.safetensors").unlink()
    views.write_views(dealer(data), vae, out, 6, Compute())
    again = Crops(out, "train")
    assert torch.equal(again.latents_VKhw, whole.latents_VKhw)
    assert torch.equal(again.pictures_V3HW, whole.pictures_V3HW)
