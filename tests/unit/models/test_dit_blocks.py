from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from sana_models.configs import SANA_0_6B, DiTConfig
from sana_models.dit_blocks import CrossAttention, LinearSelfAttention, MixFFN, SanaBlock
from support.tiny_models import TINY_DIT, largest_error, noise, randomise

QK = replace(TINY_DIT, qk_norm=True)


def _in_file_layout(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        name: tensor[:, :, None, None] if "conv_inverted.weight" in name or "conv_point.weight" in name else tensor
        for name, tensor in state.items()
    }


@torch.inference_mode()
@pytest.mark.parametrize("config", [TINY_DIT, QK], ids=["plain", "qk-norm"])
@pytest.mark.parametrize("tokens", [1, 7, 40])
def test_linear_self_attention_weighs_values_by_products_of_rectified_features(config: DiTConfig, tokens: int):
    attention = randomise(LinearSelfAttention(config))
    x = noise(2, tokens, config.width)
    q = attention.norm_q(attention.to_q(x)).unflatten(-1, (config.heads, -1)).relu()
    k = attention.norm_k(attention.to_k(x)).unflatten(-1, (config.heads, -1)).relu()
    v = attention.to_v(x).unflatten(-1, (config.heads, -1))
    scores = torch.einsum("bnhc,bmhc->bhnm", q, k)
    mixed = torch.einsum("bhnm,bmhc->bnhc", scores / (scores.sum(dim=-1, keepdim=True) + 1e-15), v)
    assert largest_error(attention(x), attention.to_out(mixed.flatten(2))) <= 1e-4


@torch.inference_mode()
@pytest.mark.parametrize("config", [TINY_DIT, QK], ids=["plain", "qk-norm"])
def test_cross_attention_does_not_read_masked_tokens(config: DiTConfig):
    attention = randomise(CrossAttention(config))
    x, text = noise(2, 6, config.width), noise(2, 5, config.width)
    mask = torch.tensor([[True, True, False, True, False], [True] * 5])
    found = attention(x, attention.keys_values(text), mask[:, None, None, :])
    alone = attention(x[:1], attention.keys_values(text[:1, mask[0]]), None)
    assert largest_error(found[:1], alone) <= 1e-5
    text[0, ~mask[0]] = 1e3
    assert torch.equal(attention(x, attention.keys_values(text), mask[:, None, None, :]), found)


@torch.inference_mode()
@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 5), (8, 2)])
def test_feed_forward_equals_the_oracle(height: int, width: int):
    from diffusers.models.transformers.sana_transformer import GLUMBConv

    ours = randomise(MixFFN(TINY_DIT))
    oracle = GLUMBConv(TINY_DIT.width, TINY_DIT.width, TINY_DIT.mlp_ratio, norm_type=None, residual_connection=False)
    oracle.load_state_dict(_in_file_layout(ours.state_dict()), strict=True)
    x_BND = noise(2, height * width, TINY_DIT.width)
    expected = oracle(x_BND.unflatten(1, (height, width)).permute(0, 3, 1, 2)).flatten(2).transpose(1, 2)
    assert largest_error(ours(x_BND, height, width), expected) <= 1e-5


@torch.inference_mode()
@pytest.mark.parametrize(
    "config",
    [TINY_DIT, QK, replace(SANA_0_6B, layers=1), replace(SANA_0_6B, layers=1, qk_norm=True)],
    ids=["tiny", "tiny-qk-norm", "0.6B", "0.6B-qk-norm"],
)
def test_a_block_equals_the_oracle(config: DiTConfig):
    from diffusers.models.transformers.sana_transformer import SanaTransformerBlock

    ours = randomise(SanaBlock(config))
    oracle = SanaTransformerBlock(
        dim=config.width,
        num_attention_heads=config.heads,
        attention_head_dim=config.head_channels,
        num_cross_attention_heads=config.cross_heads,
        cross_attention_head_dim=config.cross_head_channels,
        cross_attention_dim=config.width,
        attention_bias=False,
        mlp_ratio=config.mlp_ratio,
        qk_norm="rms_norm_across_heads" if config.qk_norm else None,
    ).eval()
    oracle.load_state_dict(_in_file_layout(ours.state_dict()), strict=True)
    height, width, tokens = 3, 5, 7
    x_BND, text_BLD = noise(2, height * width, config.width), noise(2, tokens, config.width)
    modulation = noise(2, 6, config.width)
    mask = torch.tensor([[True] * 4 + [False] * 3, [True] * 7])
    bias = torch.zeros(2, 1, tokens).masked_fill(~mask[:, None], -10000.0)
    expected = oracle(x_BND, None, text_BLD, bias, modulation.flatten(1), height, width)
    found = ours(x_BND, modulation, ours.attn2.keys_values(text_BLD), mask[:, None, None, :], height, width)
    assert largest_error(found, expected) <= 1e-4


@torch.inference_mode()
def test_a_block_whose_gates_are_shut_only_reads_the_prompt():
    block = randomise(SanaBlock(TINY_DIT))
    block.scale_shift_table.zero_()
    x_BND, text = noise(1, 6, TINY_DIT.width), block.attn2.keys_values(noise(1, 3, TINY_DIT.width))
    found = block(x_BND, torch.zeros(1, 6, TINY_DIT.width), text, None, 2, 3)
    assert torch.equal(found, x_BND + block.attn2(x_BND, text, None))


@torch.inference_mode()
def test_self_attention_survives_fp16_sums_that_leave_its_range():
    attention = LinearSelfAttention(TINY_DIT)
    for name, parameter in attention.named_parameters():
        parameter.copy_(torch.eye(TINY_DIT.width) if name.endswith("weight") else torch.zeros(TINY_DIT.width))
    x_BND = torch.full((1, 1024, TINY_DIT.width), 200.0)
    found = attention.half()(x_BND.half())
    # Every weighted mean of equal values is that value, though the sum of products is 4e7 and more.
    assert largest_error(found, functional.relu(x_BND).half()) <= 0.5
