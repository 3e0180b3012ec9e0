from dataclasses import replace

import pytest
import torch

from sana_desktop.engine.weights.key_maps import count_blocks, is_pointwise, rename_original
from sana_models.configs import SANA_0_6B, SPRINT_0_6B, DiTConfig
from sana_models.dit import SanaTransformer

# The names of all published files: whoever renames a module breaks them.
OURS = {
    "caption_norm.weight",
    "caption_projection.linear_1.bias",
    "caption_projection.linear_1.weight",
    "caption_projection.linear_2.bias",
    "caption_projection.linear_2.weight",
    "patch_embed.proj.bias",
    "patch_embed.proj.weight",
    "proj_out.bias",
    "proj_out.weight",
    "scale_shift_table",
    "time_embed.linear.bias",
    "time_embed.linear.weight",
}
PLAIN = {
    "time_embed.emb.timestep_embedder.linear_1.bias",
    "time_embed.emb.timestep_embedder.linear_1.weight",
    "time_embed.emb.timestep_embedder.linear_2.bias",
    "time_embed.emb.timestep_embedder.linear_2.weight",
}
SPRINT = {
    "time_embed.guidance_embedder.linear_1.bias",
    "time_embed.guidance_embedder.linear_1.weight",
    "time_embed.guidance_embedder.linear_2.bias",
    "time_embed.guidance_embedder.linear_2.weight",
    "time_embed.timestep_embedder.linear_1.bias",
    "time_embed.timestep_embedder.linear_1.weight",
    "time_embed.timestep_embedder.linear_2.bias",
    "time_embed.timestep_embedder.linear_2.weight",
}
PER_BLOCK = {
    "attn1.to_k.weight",
    "attn1.to_out.0.bias",
    "attn1.to_out.0.weight",
    "attn1.to_q.weight",
    "attn1.to_v.weight",
    "attn2.to_k.bias",
    "attn2.to_k.weight",
    "attn2.to_out.0.bias",
    "attn2.to_out.0.weight",
    "attn2.to_q.bias",
    "attn2.to_q.weight",
    "attn2.to_v.bias",
    "attn2.to_v.weight",
    "ff.conv_depth.bias",
    "ff.conv_depth.weight",
    "ff.conv_inverted.bias",
    "ff.conv_inverted.weight",
    "ff.conv_point.weight",
    "scale_shift_table",
}
QK_NORM_PER_BLOCK = {"attn1.norm_k.weight", "attn1.norm_q.weight", "attn2.norm_k.weight", "attn2.norm_q.weight"}


def names(config: DiTConfig) -> set[str]:
    with torch.device("meta"):
        return set(SanaTransformer(replace(config, layers=2)).state_dict())


def in_blocks(inside: set[str]) -> set[str]:
    return {f"transformer_blocks.{block}.{name}" for block in range(2) for name in inside}


def test_our_names_are_the_published_ones():
    assert names(SANA_0_6B) == OURS | PLAIN | in_blocks(PER_BLOCK)


def test_our_names_for_sprint_are_the_published_ones():
    assert names(SPRINT_0_6B) == OURS | SPRINT | in_blocks(PER_BLOCK | QK_NORM_PER_BLOCK)


def test_pointwise_convolutions_are_the_three_kinds_that_became_linear_layers():
    found = {name for name in names(SANA_0_6B) if is_pointwise(name)}
    assert found == {"patch_embed.proj.weight"} | in_blocks({"ff.conv_inverted.weight", "ff.conv_point.weight"})


def test_the_autoencoder_has_no_pointwise_weights_in_our_sense():
    assert not is_pointwise("encoder.down_blocks.3.0.conv_out.conv_inverted.weight")


@pytest.mark.parametrize(
    ("original", "ours"),
    [
        ("blocks.12.attn.qkv.weight", ("12.attn1.to_q.weight", "12.attn1.to_k.weight", "12.attn1.to_v.weight")),
        ("blocks.0.cross_attn.kv_linear.bias", ("0.attn2.to_k.bias", "0.attn2.to_v.bias")),
        ("blocks.3.mlp.point_conv.conv.weight", ("3.ff.conv_point.weight",)),
        ("blocks.3.scale_shift_table", ("3.scale_shift_table",)),
    ],
)
def test_block_tensors_are_renamed_and_cut(original: str, ours: tuple[str, ...]):
    assert rename_original(original, sprint=False) == tuple(f"transformer_blocks.{name}" for name in ours)


def test_the_time_embedder_moves_with_the_guidance():
    plain = rename_original("t_embedder.mlp.2.bias", sprint=False)
    assert plain == ("time_embed.emb.timestep_embedder.linear_2.bias",)
    sprint = rename_original("t_embedder.mlp.2.bias", sprint=True)
    assert sprint == ("time_embed.timestep_embedder.linear_2.bias",)
    assert rename_original("t_block.1.weight", sprint=True) == ("time_embed.linear.weight",)


@pytest.mark.parametrize("name", ["pos_embed", "y_embedder.y_embedding", "logvar_linear.weight", "logvar_linear.bias"])
def test_what_only_training_needs_is_dropped(name: str):
    assert rename_original(name, sprint=True) is None


@pytest.mark.parametrize(
    "name",
    [
        "blocks.0.attn.qkv.running_mean",
        "blocks.x.attn.qkv.weight",
        "blocks.99999.attn.qkv.weight",
        "attn.qkv.weight",
        "scale_shift_table",
        "cfg_embedder.mlp.0.weight",
        "controlnet.0.before_proj.weight",
        "",
    ],
)
def test_a_tensor_that_no_table_knows_is_an_error(name: str):
    with pytest.raises(KeyError):
        rename_original(name, sprint=False)


def test_blocks_are_counted_by_the_highest_number():
    assert count_blocks(["blocks.0.a", "blocks.11.b", "blocks.x.c", "final_layer.linear.bias"]) == 12
    assert count_blocks(["final_layer.linear.bias"]) == 0
