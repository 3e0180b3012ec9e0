"""A preview decoder that works at the size of the latents: every position becomes a patch of pixels.

All convolutions see the small grid and the patches are laid out at the end, so a preview costs a hundredth of what
a decoder with convolutions at the size of the picture does. A linear part says what a patch looks like on average;
the rest corrects it. Shapes: B batch, K latent channels, h w latent height and width, D width, P side of a patch.
"""

from torch import Tensor, nn
from torch.nn import functional

from sana_models.configs import PatchDecoderConfig
from sana_models.tiny_decoder import Block, SoftClamp


class PatchDecoder(nn.Module):
    """Scaled latents to a picture with P pixels per latent position.

    Input [B, K, h, w] of any h and w; output [B, 3, h * P, w * P], about [0, 1] and not clamped.
    """

    def __init__(self, config: PatchDecoderConfig) -> None:
        super().__init__()
        pixels = 3 * config.patch**2
        self.patch = config.patch
        self.clamp = SoftClamp()
        self.linear = nn.Conv2d(config.latent_channels, pixels, 3, padding=1)
        self.stem = nn.Conv2d(config.latent_channels, config.width, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(config.width) for _ in range(config.blocks)])
        self.correction = nn.Conv2d(config.width, pixels, 1, bias=False)

    def forward(self, latents_BKhw: Tensor) -> Tensor:
        """[B, K, h, w] to [B, 3, h * P, w * P]."""
        x_BKhw = self.clamp(latents_BKhw)
        features_BDhw = self.blocks(self.stem(x_BKhw).relu())
        return functional.pixel_shuffle(self.linear(x_BKhw) + self.correction(features_BDhw), self.patch)
