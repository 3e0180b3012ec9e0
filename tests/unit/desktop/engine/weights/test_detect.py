import dataclasses

import pytest
import torch
from torch import Tensor

from sana_desktop.engine.weights.detect import detect_autoencoder, detect_transformer
from sana_desktop.errors import WeightsError
from sana_models.configs import (
    DC_AE_F32C32,
    DC_AE_LITE_F32C32,
    SANA_0_6B,
    SANA_1_5_1_6B,
    SANA_1_6B,
    SPRINT_0_6B,
    SPRINT_1_6B,
    DCAEConfig,
    DiTConfig,
)
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer
from support.tiny_checkpoints import original_autoencoder, original_transformer


def weights(config: DiTConfig) -> dict[str, Tensor]:
    with torch.device("meta"):
        return original_transformer(SanaTransformer(config))


@pytest.mark.parametrize(
    "config",
    [
        SANA_0_6B,
        SANA_1_6B,
        SANA_1_5_1_6B,
        SPRINT_0_6B,
        SPRINT_1_6B,
        # Padded for int4 tiles: 2240 * ratio is 5632 only if the ratio is not rounded down.
        dataclasses.replace(SANA_1_6B, mlp_ratio=5632 / 2240),
    ],
)
def test_every_published_shape_is_recognised(config: DiTConfig):
    config = dataclasses.replace(config, layers=3)
    found = detect_transformer(weights(config))
    assert found.ffn_width == config.ffn_width
    assert dataclasses.replace(found, mlp_ratio=config.mlp_ratio) == config


@pytest.mark.parametrize("hidden", range(5600, 5640))
def test_the_width_of_the_feed_forward_survives_the_ratio(hidden: int):
    found = weights(dataclasses.replace(SANA_1_6B, layers=1))
    found["blocks.0.mlp.inverted_conv.conv.weight"] = torch.empty(2 * hidden, 2240, 1, 1, device="meta")
    assert detect_transformer(found).ffn_width == hidden


@pytest.mark.parametrize(
    ("name", "tensor", "complaint"),
    [
        ("x_embedder.proj.weight", torch.empty(1152, 32, 2, 2, device="meta"), "expected patch size 1"),
        ("x_embedder.proj.weight", torch.empty(100, 32, 1, 1, device="meta"), "width 1152 or 2240, found 1 and 100"),
        ("x_embedder.proj.weight", torch.empty(1152, device="meta"), "has no `x_embedder.proj.weight` with 4 axes"),
        ("blocks.9999.attn.proj.bias", torch.empty(1, device="meta"), "expected 1 to 256 blocks, found 10000"),
    ],
)
def test_what_no_published_model_has_is_refused(name: str, tensor: Tensor, complaint: str):
    with pytest.raises(WeightsError, match=complaint):
        detect_transformer(weights(dataclasses.replace(SANA_0_6B, layers=1)) | {name: tensor})


def test_a_checkpoint_of_something_else_is_refused():
    with pytest.raises(WeightsError, match="This is no Sana checkpoint"):
        detect_transformer({"model.diffusion_model.input_blocks.0.0.weight": torch.zeros(1)})


@pytest.mark.parametrize("config", [DC_AE_F32C32, DC_AE_LITE_F32C32], ids=["full", "lite"])
def test_the_two_published_autoencoders_are_told_apart(config: DCAEConfig):
    with torch.device("meta"):
        assert detect_autoencoder(original_autoencoder(DCAutoencoder(config))) == config
