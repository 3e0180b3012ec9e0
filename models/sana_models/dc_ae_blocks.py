"""The parts of the deep-compression autoencoder (DC-AE, arXiv 2410.10733; blocks of EfficientViT, arXiv 2205.14756).

Shapes: B batch, D width, h w height and width of the stage, F any other channel count, N = h * w
positions, H heads, C channels per head. Parameter names and shapes are those of the published
diffusers checkpoints.
Everything works on torch's two image layouts; channels_last is the fast one, because norms and
linear layers then read rows without a copy.
The blocks of a decoder call their `on_layer` before everything that reads or makes a whole stage, for at full
size a block takes seconds on a CPU; what it raises ends the block there.
"""

from collections.abc import Callable, Iterator
from types import EllipsisType

import torch
from torch import Tensor, nn
from torch.nn import functional

from sana_kernels import add_pixel_shortcut, channel_rms_norm, gated_depthwise_conv, relu_linear_attention
from sana_kernels.conv3x3.reference import Finish
from sana_kernels.linear_attention.state import KeyValueState, key_value_state, read_state
from sana_models.strips import convolve

NORM_EPS = 1e-5
ATTENTION_EPS = 1e-15
FFN_EXPANSION = 4

# Positions a side of what attention sums at once.
STATE_BLOCK = 32

OnLayer = Callable[[], None]
Place = tuple[EllipsisType, slice, slice]


def nothing() -> None:
    """The `on_layer` of whoever need not stop."""


def activation(name: str) -> nn.Module:
    """The activation that a config names."""
    return {"relu": nn.ReLU, "silu": nn.SiLU}[name]()


class ChannelRMSNorm(nn.Module):
    """Root-mean-square norm over the channels of every position, with learned scale and shift."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x_BDhw: Tensor) -> Tensor:
        """Normalise [B, D, h, w]; the mean square is taken in fp32."""
        return self.rows(x_BDhw.movedim(1, -1)).movedim(-1, 1)

    def rows(self, x_BhwD: Tensor) -> Tensor:
        """The same of [B, h, w, D]."""
        # In rows, so that the order of the additions does not depend on how many positions there are: a tile gets the
        # bits of the whole. It takes no longer; the norm itself would copy otherwise.
        return channel_rms_norm(x_BhwD.contiguous(), self.weight, self.bias, eps=NORM_EPS)


class ResBlock(nn.Module):
    """Two 3x3 convolutions with an activation between, a norm, and the skip."""

    def __init__(self, width: int, act: str) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.nonlinearity = activation(act)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = ChannelRMSNorm(width)

    def forward(self, x_BDhw: Tensor, on_layer: OnLayer = nothing) -> Tensor:
        """[B, D, h, w] to the same shape."""
        x_BhwD = x_BDhw.movedim(1, -1)
        y_BDhw = convolve(self.conv1, x_BDhw, on_layer, lambda made_BhwD, _: self.nonlinearity(made_BhwD))
        return convolve(
            self.conv2, y_BDhw, on_layer, lambda made_BhwD, place: _joined(self.norm.rows(made_BhwD), x_BhwD[place])
        )


class ScaleProjection(nn.Module):
    """Gathers queries, keys and values from a neighbourhood, then mixes within each third of a head."""

    def __init__(self, width: int, heads: int, kernel_size: int) -> None:
        super().__init__()
        channels = 3 * width
        self.proj_in = nn.Conv2d(channels, channels, kernel_size, padding=kernel_size // 2, groups=channels, bias=False)
        self.proj_out = nn.Conv2d(channels, channels, 1, groups=3 * heads, bias=False)

    def forward(self, qkv_BFhw: Tensor) -> Tensor:
        """[B, 3D, h, w] to the same shape."""
        return self.proj_out(self.proj_in(qkv_BFhw))


class MultiscaleLinearAttention(nn.Module):
    """ReLU linear attention in which each scale adds heads that see aggregated neighbourhoods."""

    def __init__(self, width: int, head_channels: int, kernel_sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.head_channels = head_channels
        heads = width // head_channels
        inner = heads * head_channels
        self.to_q = nn.Linear(width, inner, bias=False)
        self.to_k = nn.Linear(width, inner, bias=False)
        self.to_v = nn.Linear(width, inner, bias=False)
        # How far from its own position a projection sees.
        self.reach = max((size // 2 for size in kernel_sizes), default=0)
        self.to_qkv_multiscale = nn.ModuleList([ScaleProjection(inner, heads, size) for size in kernel_sizes])
        self.to_out = nn.Linear(inner * (1 + len(kernel_sizes)), width, bias=False)
        self.norm_out = ChannelRMSNorm(width)

    def forward(self, x_BDhw: Tensor, on_layer: OnLayer = nothing) -> Tensor:
        """Mix [B, D, h, w] over all positions, with the skip. Attention runs in fp32 whatever the weights are."""
        height, width = x_BDhw.shape[-2:]
        scales_BFhw = self.scales(x_BDhw, on_layer)
        q_BHNC, k_BHNC, v_BHNC = self.heads(scales_BFhw)
        on_layer()
        if height * width <= self.head_channels:
            # The full score matrix is the smaller one.
            mixed_BHNC = _relu_quadratic_attention(q_BHNC, k_BHNC, v_BHNC, eps=ATTENTION_EPS)
        elif torch.is_grad_enabled():
            mixed_BHNC = relu_linear_attention(q_BHNC, k_BHNC, v_BHNC, eps=ATTENTION_EPS)
        else:
            mixed_BHNC = read_state(q_BHNC, self.state(height, width, scales_BFhw.__getitem__), eps=ATTENTION_EPS)
        return self.leave(x_BDhw, mixed_BHNC, on_layer)

    def state(self, height: int, width: int, scales_of: Callable[[Place], Tensor]) -> KeyValueState:
        """The sums over all positions, of blocks of scales [B, F, h, w] that `scales_of` gives.

        Blocks and their order depend on the size of the stage only, so that whoever makes the scales in one piece
        and whoever makes them tile by tile get the same bits: in 16 bit any difference would grow with every layer.
        """
        state: KeyValueState | None = None
        for top in range(0, height, STATE_BLOCK):
            for left in range(0, width, STATE_BLOCK):
                rows, columns = slice(top, min(top + STATE_BLOCK, height)), slice(left, min(left + STATE_BLOCK, width))
                _, k_BHNC, v_BHNC = self.heads(scales_of((..., rows, columns)).contiguous())
                state = key_value_state(k_BHNC, v_BHNC, state)
        assert state is not None
        return state

    def scales(self, x_BDhw: Tensor, on_layer: OnLayer = nothing) -> Tensor:
        """The projections of every position, and of its neighbourhood at every scale: [B, F, h, w]."""
        on_layer()
        x_BhwD = x_BDhw.movedim(1, -1)
        qkv_BFhw = torch.cat([self.to_q(x_BhwD), self.to_k(x_BhwD), self.to_v(x_BhwD)], dim=-1).movedim(-1, 1)
        return torch.cat([qkv_BFhw, *self._projected(qkv_BFhw, on_layer)], dim=1)

    def heads(self, scales_BFhw: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values [B, H, N, C] of all positions."""
        # A head is 3C neighbouring channels of the joined projections, not C of each: `to_q`, `to_k` and
        # `to_v` are thirds of what was one projection in training, and only their names suggest roles.
        scales_BNF = scales_BFhw.flatten(2).transpose(1, 2)
        heads_BNH3C = torch.unflatten(scales_BNF, -1, (-1, 3, self.head_channels))
        q_BHNC, k_BHNC, v_BHNC = (part.transpose(1, 2) for part in heads_BNH3C.unbind(-2))
        return q_BHNC, k_BHNC, v_BHNC

    def leave(self, x_BDhw: Tensor, mixed_BHNC: Tensor, on_layer: OnLayer = nothing) -> Tensor:
        """What the heads read, back in the width of the stage and added to [B, D, h, w]."""
        mixed_BhwF = torch.unflatten(mixed_BHNC.transpose(1, 2).flatten(2), 1, tuple(x_BDhw.shape[-2:]))
        on_layer()
        return x_BDhw + self.norm_out(self.to_out(mixed_BhwF).movedim(-1, 1))

    def _projected(self, qkv_BFhw: Tensor, on_layer: OnLayer) -> Iterator[Tensor]:
        for project in self.to_qkv_multiscale:
            on_layer()
            yield project(qkv_BFhw)


def _relu_quadratic_attention(q_BHNC: Tensor, k_BHNC: Tensor, v_BHNC: Tensor, *, eps: float) -> Tensor:
    """The same function as `relu_linear_attention`, through the N x N scores; fp32 inside."""
    scores_BHNN = torch.relu(q_BHNC).float() @ torch.relu(k_BHNC).float().transpose(-2, -1)
    weights_BHNN = scores_BHNN / (scores_BHNN.sum(dim=-1, keepdim=True) + eps)
    return (weights_BHNN @ v_BHNC.float()).to(v_BHNC.dtype)


class GatedFFN(nn.Module):
    """Inverted feed-forward with a gated 3x3 depthwise convolution, a norm, and the skip."""

    def __init__(self, width: int) -> None:
        super().__init__()
        hidden = FFN_EXPANSION * width
        self.conv_inverted = nn.Conv2d(width, 2 * hidden, 1)
        self.conv_depth = nn.Conv2d(2 * hidden, 2 * hidden, 3, padding=1, groups=2 * hidden)
        self.conv_point = nn.Conv2d(hidden, width, 1, bias=False)
        self.norm = ChannelRMSNorm(width)

    def forward(self, x_BDhw: Tensor, on_layer: OnLayer = nothing) -> Tensor:
        """[B, D, h, w] to the same shape."""
        assert self.conv_depth.bias is not None
        on_layer()
        x_BhwF = self.conv_inverted(x_BDhw).movedim(1, -1)
        on_layer()
        gated_BhwF = gated_depthwise_conv(x_BhwF, self.conv_depth.weight, self.conv_depth.bias)
        on_layer()
        return x_BDhw + self.norm(self.conv_point(gated_BhwF.movedim(-1, 1)))


class EfficientViTBlock(nn.Module):
    """Multi-scale linear attention, then the gated feed-forward."""

    def __init__(self, width: int, head_channels: int, kernel_sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.attn = MultiscaleLinearAttention(width, head_channels, kernel_sizes)
        self.conv_out = GatedFFN(width)

    def forward(self, x_BDhw: Tensor, on_layer: OnLayer = nothing) -> Tensor:
        """[B, D, h, w] to the same shape."""
        return self.conv_out(self.attn(x_BDhw, on_layer), on_layer)


class Downsample(nn.Module):
    """Halves the side: a strided convolution, or one followed by space-to-channel (`unshuffle`).

    The shortcut folds each 2x2 square into channels and averages groups of them
    (arXiv 2410.10733, section 3.1, residual autoencoding).
    """

    def __init__(self, in_width: int, out_width: int, *, unshuffle: bool, shortcut: bool) -> None:
        super().__init__()
        self.unshuffle = unshuffle
        self.group = 4 * in_width // out_width if shortcut else 0
        self.conv = nn.Conv2d(
            in_width, out_width // 4 if unshuffle else out_width, 3, stride=1 if unshuffle else 2, padding=1
        )

    def forward(self, x_BDhw: Tensor) -> Tensor:
        """[B, D, h, w] to [B, F, h/2, w/2]; h and w are even."""
        out_BFhw = self.conv(x_BDhw)
        if self.unshuffle:
            out_BFhw = functional.pixel_unshuffle(out_BFhw, 2)
        if self.group:
            out_BFhw = out_BFhw + average_channels(functional.pixel_unshuffle(x_BDhw, 2), self.group)
        return out_BFhw


class Upsample(nn.Module):
    """Doubles the side: nearest neighbours then a convolution, or one followed by channel-to-space (`shuffle`).

    The shortcut repeats channels and unfolds them into 2x2 squares.
    """

    def __init__(self, in_width: int, out_width: int, *, shuffle: bool, shortcut: bool) -> None:
        super().__init__()
        self.shuffle = shuffle
        self.repeats = 4 * out_width // in_width if shortcut else 0
        self.conv = nn.Conv2d(in_width, 4 * out_width if shuffle else out_width, 3, padding=1)

    def forward(self, x_BDhw: Tensor, on_layer: OnLayer = nothing) -> Tensor:
        """[B, D, h, w] to [B, F, 2h, 2w]."""
        if not self.shuffle:
            finish = self.shortcut(x_BDhw) if self.repeats else None
            return convolve(self.conv, x_BDhw, on_layer, finish, doubled=True)
        out_BFhw = functional.pixel_shuffle(convolve(self.conv, x_BDhw, on_layer), 2)
        if self.repeats:
            on_layer()
            out_BFhw = add_pixel_shortcut(out_BFhw, x_BDhw)
        return out_BFhw

    def shortcut(self, x_BDhw: Tensor) -> Finish:
        """Adds to any part of the result what the shortcut has there."""

        def add(made_BhwF: Tensor, place: tuple[slice, slice, slice]) -> Tensor:
            batch, rows, columns = place
            top, left = rows.start or 0, columns.start or 0
            height, width = made_BhwF.shape[1:3]
            if (height, width) == (2 * x_BDhw.shape[2], 2 * x_BDhw.shape[3]):
                return add_pixel_shortcut(made_BhwF.movedim(-1, 1), x_BDhw[batch]).movedim(1, -1)
            # The squares that the part touches, and then the part of them.
            read_BDhw = x_BDhw[batch, :, top // 2 : (top + height + 1) // 2, left // 2 : (left + width + 1) // 2]
            squares_BhwF = functional.pixel_shuffle(repeat_channels(read_BDhw, self.repeats), 2).movedim(1, -1)
            return made_BhwF + squares_BhwF[:, top % 2 :, left % 2 :][:, :height, :width]

        return add


def _joined(made: Tensor, skip: Tensor) -> Tensor:
    """`skip + made`; into the memory of `made`, which nobody else has, where no gradient needs it.

    Not where the sum would have another layout: the next convolution would add in another order.
    """
    if torch.is_grad_enabled() or made.dtype != skip.dtype or made.stride() != skip.stride():
        return skip + made
    return made.add_(skip)


def average_channels(x_BDhw: Tensor, group: int) -> Tensor:
    """Average every `group` neighbouring channels: [B, D, h, w] to [B, D/group, h, w]."""
    return torch.unflatten(x_BDhw, 1, (-1, group)).mean(dim=2)


def repeat_channels(x_BDhw: Tensor, repeats: int) -> Tensor:
    """Repeat every channel in place: [B, D, h, w] to [B, D*repeats, h, w]."""
    return x_BDhw.repeat_interleave(repeats, dim=1)
