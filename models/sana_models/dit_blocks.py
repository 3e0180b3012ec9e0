"""The block of the linear DiT: linear self-attention, cross-attention, Mix-FFN.

Shapes: B batch, N image tokens, L text tokens, D width, H heads, C channels per head, h w latent
height and width. Parameter names are those of the published diffusers checkpoints.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from sana_kernels import gated_depthwise_conv, gated_residual, modulated_layer_norm, relu_linear_attention
from sana_models.configs import DiTConfig
from sana_models.layers import RMSNorm

QK_NORM_EPS = 1e-5


class TextKeysValues(NamedTuple):
    """What one block's cross-attention needs of the prompt; the same for every step of a picture."""

    key_BHLC: Tensor
    value_BHLC: Tensor


def _split_heads(x_BND: Tensor, heads: int) -> Tensor:
    """[B, N, H*C] to [B, H, N, C]."""
    batch, tokens, width = x_BND.shape
    return x_BND.view(batch, tokens, heads, width // heads).transpose(1, 2)


def _merge_heads(x_BHNC: Tensor) -> Tensor:
    """[B, H, N, C] to [B, N, H*C]."""
    return x_BHNC.transpose(1, 2).flatten(2)


class LinearSelfAttention(nn.Module):
    """ReLU linear attention over the image tokens; no bias on q, k, v."""

    def __init__(self, config: DiTConfig) -> None:
        super().__init__()
        width = config.width
        self.heads = config.heads
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k = nn.Linear(width, width, bias=False)
        self.to_v = nn.Linear(width, width, bias=False)
        self.norm_q = RMSNorm(width, QK_NORM_EPS) if config.qk_norm else nn.Identity()
        self.norm_k = RMSNorm(width, QK_NORM_EPS) if config.qk_norm else nn.Identity()
        self.to_out = nn.Sequential(nn.Linear(width, width))

    def forward(self, x_BND: Tensor) -> Tensor:
        """Mix [B, N, D] over N. The norms see all heads together, before the split."""
        q_BHNC = _split_heads(self.norm_q(self.to_q(x_BND)), self.heads)
        k_BHNC = _split_heads(self.norm_k(self.to_k(x_BND)), self.heads)
        v_BHNC = _split_heads(self.to_v(x_BND), self.heads)
        return self.to_out(_merge_heads(relu_linear_attention(q_BHNC, k_BHNC, v_BHNC)))


class CrossAttention(nn.Module):
    """Softmax attention from image tokens to the prompt."""

    def __init__(self, config: DiTConfig) -> None:
        super().__init__()
        width = config.width
        self.heads = config.cross_heads
        self.to_q = nn.Linear(width, width)
        self.to_k = nn.Linear(width, width)
        self.to_v = nn.Linear(width, width)
        self.norm_q = RMSNorm(width, QK_NORM_EPS) if config.qk_norm else nn.Identity()
        self.norm_k = RMSNorm(width, QK_NORM_EPS) if config.qk_norm else nn.Identity()
        self.to_out = nn.Sequential(nn.Linear(width, width))

    def keys_values(self, text_BLD: Tensor) -> TextKeysValues:
        """Project the prompt once; every step of the picture reuses the result."""
        key_BHLC = _split_heads(self.norm_k(self.to_k(text_BLD)), self.heads)
        return TextKeysValues(key_BHLC, _split_heads(self.to_v(text_BLD), self.heads))

    def forward(self, x_BND: Tensor, text: TextKeysValues, mask_B11L: Tensor | None) -> Tensor:
        """Read the prompt into [B, N, D]; `mask_B11L` is True at tokens that may be read."""
        q_BHNC = _split_heads(self.norm_q(self.to_q(x_BND)), self.heads)
        mixed = functional.scaled_dot_product_attention(q_BHNC, text.key_BHLC, text.value_BHLC, attn_mask=mask_B11L)
        return self.to_out(_merge_heads(mixed))


class MixFFN(nn.Module):
    """Inverted feed-forward with a gated 3x3 depthwise convolution, which is also what tells positions.

    The two pointwise convolutions of the paper are linear layers on channels-last tokens here: no
    layout copies, and 8 and 4 bit quantisers, which see linear layers only, reach half of all weights.
    """

    def __init__(self, config: DiTConfig) -> None:
        super().__init__()
        hidden = config.ffn_width
        self.conv_inverted = nn.Linear(config.width, 2 * hidden)
        self.conv_depth = nn.Conv2d(2 * hidden, 2 * hidden, 3, padding=1, groups=2 * hidden)
        self.conv_point = nn.Linear(hidden, config.width, bias=False)

    def forward(self, x_BND: Tensor, height: int, width: int) -> Tensor:
        """Transform [B, N, D] with N = height * width tokens in row order."""
        x_BhwF = self.conv_inverted(x_BND).unflatten(1, (height, width))
        assert self.conv_depth.bias is not None
        gated_BhwF = gated_depthwise_conv(x_BhwF, self.conv_depth.weight, self.conv_depth.bias)
        return self.conv_point(gated_BhwF.flatten(1, 2))


def random_table(rows: int, width: int) -> nn.Parameter:
    """Shifts, scales and gates [rows, width] that are learned, at first random and small."""
    table = torch.empty(rows, width)
    # On the meta device there is nothing to fill, and to try loads torch's compiler, which takes longer than weights.
    return nn.Parameter(table if table.is_meta else nn.init.normal_(table, std=width**-0.5))


class SanaBlock(nn.Module):
    """One layer of the DiT: modulated self-attention, plain cross-attention, modulated Mix-FFN."""

    def __init__(self, config: DiTConfig) -> None:
        super().__init__()
        self.norm_eps = config.norm_eps
        self.scale_shift_table = random_table(6, config.width)
        self.attn1 = LinearSelfAttention(config)
        self.attn2 = CrossAttention(config)
        self.ff = MixFFN(config)

    def forward(
        self,
        x_BND: Tensor,
        modulation_B6D: Tensor,
        text: TextKeysValues,
        mask_B11L: Tensor | None,
        height: int,
        width: int,
    ) -> Tensor:
        """Return [B, N, D]. Cross-attention has neither a norm before it nor a gate after it."""
        signals = (self.scale_shift_table + modulation_B6D).chunk(6, dim=1)
        shift_attn, scale_attn, gate_attn, shift_ff, scale_ff, gate_ff = signals
        normed = modulated_layer_norm(x_BND, scale_attn, shift_attn, eps=self.norm_eps)
        x_BND = gated_residual(x_BND, gate_attn, self.attn1(normed))
        x_BND = x_BND + self.attn2(x_BND, text, mask_B11L)
        normed = modulated_layer_norm(x_BND, scale_ff, shift_ff, eps=self.norm_eps)
        return gated_residual(x_BND, gate_ff, self.ff(normed, height, width))
