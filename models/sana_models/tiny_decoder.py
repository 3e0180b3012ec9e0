"""A small latent decoder for previews, in the layout of TAESANA (github.com/madebyollin/taesd).

Shapes: B batch, K latent channels, h w latent height and width, D width of a stage, H W height and
width of the picture. A network is one sequence; its numbering is the naming of the published file.
"""

import itertools

import torch
from torch import Tensor, nn

from sana_models.configs import TinyDecoderConfig

LATENT_RANGE = 3.0


class SoftClamp(nn.Module):
    """Bends latents smoothly into (-3, 3): half-done pictures have outliers that would burn spots."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape to the same shape."""
        return torch.tanh(x / LATENT_RANGE) * LATENT_RANGE


class Block(nn.Module):
    """Three 3x3 convolutions with the skip, and a ReLU after the sum."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1),
        )

    def forward(self, x_BDhw: Tensor) -> Tensor:
        """[B, D, h, w] to the same shape."""
        return torch.relu(self.conv(x_BDhw) + x_BDhw)


class TinyDecoder(nn.Sequential):
    """Scaled latents (the space in which the transformer works) to a picture of full size.

    Input [B, K, h, w] of any h and w; output [B, 3, H, W], about [0, 1] and not clamped, so that
    training sees the gradient outside. H and W are h and w doubled once per stage.
    """

    def __init__(self, config: TinyDecoderConfig) -> None:
        widths = config.widths
        layers: list[nn.Module] = [SoftClamp(), nn.Conv2d(config.latent_channels, widths[0], 3, padding=1), nn.ReLU()]
        for width, next_width in itertools.pairwise(widths):
            layers += [Block(width) for _ in range(config.blocks_per_stage)]
            layers += [nn.Upsample(scale_factor=2), nn.Conv2d(width, next_width, 3, padding=1, bias=False)]
        layers += [Block(widths[-1]) for _ in range(config.blocks_in_head)]
        layers.append(nn.Conv2d(widths[-1], 3, 3, padding=1))
        super().__init__(*layers)
