"""A small encoder into the latents of the published Sana models, in the layout of TAESANA.

The published file is a sample of that latent space (MIT; github.com/madebyollin/taesd). It teaches: nothing of
it ships. Shapes: B batch, D width, H W picture and h w latent height and width, K latent channels.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

from sana_models.tiny_decoder import Block

STRIDE = 32
TEACHER_WIDTHS = (32, 64)
_STAGES, _BLOCKS_PER_STAGE = 3, 3
_LATENT_CHANNELS = 32


class TinyEncoder(nn.Sequential):
    """Pictures [B, 3, H, W] in [0, 1] to scaled latents [B, K, h, w]; H and W are multiples of 32."""

    def __init__(self, stem: int = TEACHER_WIDTHS[0], width: int = TEACHER_WIDTHS[1]) -> None:
        layers: list[nn.Module] = [nn.Conv2d(3, stem, 3, stride=2, padding=1), nn.ReLU()]
        layers += [nn.Conv2d(stem, width, 3, stride=2, padding=1), nn.ReLU(), Block(width)]
        for _ in range(_STAGES):
            layers.append(nn.Conv2d(width, width, 3, stride=2, padding=1, bias=False))
            layers += [Block(width) for _ in range(_BLOCKS_PER_STAGE)]
        layers.append(nn.Conv2d(width, _LATENT_CHANNELS, 3, padding=1))
        super().__init__(*layers)


def load_teacher(path: Path) -> TinyEncoder:
    """The published encoder, frozen, in fp32 on the CPU.

    Raises RuntimeError if the file holds other weights than this layout's; no code in it is run.
    """
    weights: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    teacher = TinyEncoder()
    teacher.load_state_dict({name: value.float() for name, value in weights.items()})
    return teacher.requires_grad_(False).eval()
