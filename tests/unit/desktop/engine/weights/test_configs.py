import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from sana_desktop.engine.weights.configs import (
    autoencoder_config_json,
    read_autoencoder_config,
    read_transformer_config,
    transformer_config_json,
)
from sana_desktop.errors import PackError
from sana_desktop.system.resources import resources_folder
from sana_models.configs import (
    DC_AE_F32C32,
    DC_AE_LITE_F32C32,
    SANA_0_6B,
    SANA_1_6B,
    SANA_1_6B_4K,
    SPRINT_1_6B,
    DCAEConfig,
    DiTConfig,
)
from support.tiny_models import SHALLOW_DCAE, TINY_DCAE, TINY_DCAE_LITE, TINY_DCAE_RESIDUAL, TINY_DIT

# The values that the first published 1.6B repository has, and no others.
OLD_TRANSFORMER = {
    "_class_name": "SanaTransformer2DModel",
    "_diffusers_version": "0.32.0.dev0",
    "attention_bias": False,
    "attention_head_dim": 32,
    "caption_channels": 2304,
    "cross_attention_dim": 2240,
    "cross_attention_head_dim": 112,
    "dropout": 0.0,
    "in_channels": 32,
    "mlp_ratio": 2.5,
    "norm_elementwise_affine": False,
    "norm_eps": 1e-06,
    "num_attention_heads": 70,
    "num_cross_attention_heads": 20,
    "num_layers": 20,
    "out_channels": 32,
    "patch_size": 1,
    "sample_size": 32,
}
OLD_AUTOENCODER = {
    key: value
    for key, value in autoencoder_config_json(DC_AE_F32C32).items()
    if key not in ("decoder_conv_act_fn", "encoder_out_shortcut", "decoder_in_shortcut")
}


def write(folder: Path, values: dict[str, Any]) -> Path:
    (folder / "config.json").write_text(json.dumps(values))
    return folder


def transformer(folder: Path, **changes: Any) -> DiTConfig:
    return read_transformer_config(write(folder, OLD_TRANSFORMER | changes))


def autoencoder(folder: Path, **changes: Any) -> DCAEConfig:
    return read_autoencoder_config(write(folder, OLD_AUTOENCODER | changes))


@pytest.mark.parametrize("config", [SANA_0_6B, SANA_1_6B_4K, SPRINT_1_6B, TINY_DIT])
def test_a_transformer_reads_back_as_it_was_written(tmp_path: Path, config: DiTConfig):
    assert read_transformer_config(write(tmp_path, transformer_config_json(config))) == config


@pytest.mark.parametrize(
    "config", [DC_AE_F32C32, DC_AE_LITE_F32C32, TINY_DCAE, TINY_DCAE_LITE, TINY_DCAE_RESIDUAL, SHALLOW_DCAE]
)
def test_an_autoencoder_reads_back_as_it_was_written(tmp_path: Path, config: DCAEConfig):
    assert read_autoencoder_config(write(tmp_path, autoencoder_config_json(config))) == config


def test_keys_that_older_files_lack_take_the_values_of_older_models(tmp_path: Path):
    assert transformer(tmp_path) == SANA_1_6B
    assert autoencoder(tmp_path) == DC_AE_F32C32


def test_the_starter_pack_is_read():
    starter = resources_folder() / "starter"
    assert read_transformer_config(starter / "transformer").caption_channels == 640
    assert read_autoencoder_config(starter / "vae").compression == 32


def test_nulls_mean_not_given(tmp_path: Path):
    assert transformer(tmp_path, qk_norm=None, interpolation_scale=None, out_channels=None) == SANA_1_6B


def test_what_draws_the_same_is_read_whatever_it_says(tmp_path: Path):
    assert transformer(tmp_path, dropout=0.1, _name_or_path="somewhere", future_switch=False) == SANA_1_6B
    assert autoencoder(tmp_path, downsample_block_type="conv") == DC_AE_F32C32


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"patch_size": 2}, "“patch_size” must be 1 .*, found 2"),
        ({"attention_bias": True}, "“attention_bias” must be False"),
        ({"norm_elementwise_affine": True}, "“norm_elementwise_affine” must be False"),
        ({"cross_attention_dim": 2048}, "“cross_attention_dim” must be 2240"),
        ({"qk_norm": "layer_norm"}, "“qk_norm” must be rms_norm_across_heads"),
        ({"use_rope": True}, "“use_rope” is not a known key"),
        ({"num_layers": 10**9}, "“num_layers” must be a whole number from 1 to 256"),
        ({"num_layers": None}, "“num_layers” is missing"),
        ({"num_cross_attention_heads": 21}, "cross-attention must be as wide as the network"),
        ({"timestep_scale": "1"}, "“timestep_scale” must be a number"),
        (
            {"_class_name": "FluxTransformer2DModel"},
            "expected a SanaTransformer2DModel, found 'FluxTransformer2DModel'",
        ),
        ({"quantization_config": {"load_in_8bit": True}}, "quantised by another program"),
    ],
)
def test_a_transformer_that_would_be_drawn_wrong_is_refused(tmp_path: Path, change: dict[str, Any], complaint: str):
    with pytest.raises(PackError, match=complaint):
        transformer(tmp_path, **change)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"encoder_block_types": "UNetBlock"}, "expected EfficientViTBlock or ResBlock, found UNetBlock"),
        ({"decoder_norm_types": "batch_norm"}, "expected rms_norm, found batch_norm"),
        ({"decoder_act_fns": ["silu"] * 5 + ["relu6"]}, "found relu6"),
        ({"decoder_layers_per_block": [3, 3]}, "expected one value for each of 6 stages, found 2"),
        ({"encoder_block_out_channels": [1] * 9}, "“encoder_block_out_channels” must be a list of 1 to 8 widths"),
        ({"encoder_qkv_multiscales": [[], [], [], ["5"], [5], [5]]}, "stage 3: “encoder_qkv_multiscales” must be"),
        ({"scaling_factor": 0}, "“scaling_factor” must be a number"),
        ({"scaling_factor": None}, "“scaling_factor” is missing"),
        ({"shift_factor": 0.1}, "“shift_factor” is not a known key"),
        ({"_class_name": "AutoencoderKL"}, "expected a AutoencoderDC"),
    ],
)
def test_an_autoencoder_that_would_decode_wrong_is_refused(tmp_path: Path, change: dict[str, Any], complaint: str):
    with pytest.raises(PackError, match=complaint):
        autoencoder(tmp_path, **change)


def test_no_field_of_a_configuration_is_forgotten_in_the_file():
    changed = DiTConfig(
        layers=3, heads=2, head_channels=6, cross_heads=3, cross_head_channels=4, caption_channels=5, in_channels=7,
        out_channels=8, mlp_ratio=1.5, norm_eps=1e-5, qk_norm=True, guidance_embeds=True, guidance_embeds_scale=0.2,
        timestep_scale=0.5, sample_size=9, interpolation_scale=0.7,
    )  # fmt: skip
    default = DiTConfig()
    for field in dataclasses.fields(DiTConfig):
        assert getattr(changed, field.name) != getattr(default, field.name), f"the test forgets {field.name}"
    written = set(map(str, transformer_config_json(changed).values()))
    for field in dataclasses.fields(DiTConfig):
        value = getattr(changed, field.name)
        assert str("rms_norm_across_heads" if field.name == "qk_norm" else value) in written
