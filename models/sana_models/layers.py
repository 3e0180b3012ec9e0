"""Embeddings and norms shared by the blocks of the linear DiT.

Shapes: B batch, N image tokens, L text tokens, D width, E width of the text encoder.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

TIME_CHANNELS = 256


class RMSNorm(nn.Module):
    """Root-mean-square norm over the last axis, with a learned scale."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """Normalise `x` [..., width]; the mean square is taken in fp32."""
        # The weight follows x: under autocast it would otherwise be fp32 and miss the fused path.
        return functional.rms_norm(x, self.weight.shape, self.weight.to(x.dtype), self.eps)


class TwoLayerMLP(nn.Module):
    """Linear, activation, Linear: the shape of every embedder in Sana."""

    def __init__(self, in_width: int, width: int, activation: nn.Module) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(in_width, width)
        self.activation = activation
        self.linear_2 = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Map [..., in_width] to [..., width]."""
        return self.linear_2(self.activation(self.linear_1(x)))


def sinusoid(value_B: Tensor) -> Tensor:
    """Embed scalars as 128 cosines followed by 128 sines, periods up to 10000; fp32 [B, 256]."""
    half = TIME_CHANNELS // 2
    exponent = torch.arange(half, dtype=torch.float32, device=value_B.device) / half
    angle = value_B.float()[:, None] * torch.exp(-math.log(10000.0) * exponent)
    return torch.cat([angle.cos(), angle.sin()], dim=-1)


class _TimestepEmbedder(nn.Module):
    """Holds the timestep MLP one level down, where checkpoints without guidance embedding keep it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.timestep_embedder = TwoLayerMLP(TIME_CHANNELS, width, nn.SiLU())


class TimeEmbedding(nn.Module):
    """Timestep to the two signals that modulate the DiT: the embedding and its six-fold expansion."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.emb = _TimestepEmbedder(width)
        self.linear = nn.Linear(width, 6 * width)

    def forward(self, timestep_B: Tensor, guidance_B: Tensor | None, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """Return the embedding [B, D] and the modulation [B, 6D]; `guidance_B` has no meaning here."""
        del guidance_B
        embedding_BD = self.emb.timestep_embedder(sinusoid(timestep_B).to(dtype))
        return embedding_BD, self.linear(functional.silu(embedding_BD))


class TimeGuidanceEmbedding(nn.Module):
    """As `TimeEmbedding`, plus the guidance scale as a second input (Sana-Sprint, arXiv 2503.09641)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.timestep_embedder = TwoLayerMLP(TIME_CHANNELS, width, nn.SiLU())
        self.guidance_embedder = TwoLayerMLP(TIME_CHANNELS, width, nn.SiLU())
        self.linear = nn.Linear(width, 6 * width)

    def forward(self, timestep_B: Tensor, guidance_B: Tensor | None, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """Return the embedding [B, D] and the modulation [B, 6D].

        Raises ValueError without a guidance scale: a Sprint network has no meaning without it.
        """
        if guidance_B is None:
            raise ValueError("this network embeds the guidance scale: expected guidance_B, found None")
        embedding_BD = self.timestep_embedder(sinusoid(timestep_B).to(dtype))
        embedding_BD = embedding_BD + self.guidance_embedder(sinusoid(guidance_B).to(dtype))
        return embedding_BD, self.linear(functional.silu(embedding_BD))


def sincos_positions(height: int, width: int, channels: int, base: int, interpolation: float) -> Tensor:
    """Two-dimensional sine-cosine positions of the 2K and 4K models; fp32 [height * width, channels].

    A grid of any size is stretched over the `base` grid of training and divided by `interpolation`.
    The first half of the channels encodes the column, the second the row; in each half all sines
    come before all cosines.
    """

    def encode(position_N: Tensor) -> Tensor:
        quarter = channels // 4
        omega = 10000.0 ** (-torch.arange(quarter, dtype=torch.float64) / quarter)
        angle = position_N[:, None] * omega
        return torch.cat([angle.sin(), angle.cos()], dim=-1)

    rows = torch.arange(height, dtype=torch.float64) / (height / base) / interpolation
    columns = torch.arange(width, dtype=torch.float64) / (width / base) / interpolation
    column_N = columns.repeat(height)
    row_N = rows.repeat_interleave(width)
    return torch.cat([encode(column_N), encode(row_N)], dim=-1).float()
