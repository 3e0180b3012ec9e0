"""The picture as the network would finish it now, cheap enough for every step.

Both previews read the predicted clean latents in the transformer's space (scaled), not the noisy
ones. Shapes: K latent channels, h w latent height and width, H W height and width of the preview.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from sana_models.patch_decoder import PatchDecoder
from sana_models.tiny_decoder import TinyDecoder

PreviewDecoder = TinyDecoder | PatchDecoder


class Preview(NamedTuple):
    """RGB rows of 8-bit pixels, top row first: width * height * 3 bytes."""

    rgb: bytes
    width: int
    height: int


class LinearMap(NamedTuple):
    """Mean colour in [0, 1] under a latent position, as a linear function of its K channels."""

    weight_3K: Tensor
    bias_3: Tensor


# Mean colour of the 32 x 32 pixels behind a latent position of dc-ae-f32c32-sana-1.0 and 1.1, as a linear
# function: least squares over 16,972 positions of 16 pictures, R^2 0.96. Weights under 0.005, which do
# not last from one picture to another, are zero. Channel 24 is brightness; 6 and 20 are colour axes.
_SANA_BIAS = (0.4509, 0.4139, 0.3822)
_SANA_WEIGHTS = (
    (0, 0, 0),
    (0, 0.0057, 0),
    (0.0067, 0, -0.0134),
    (0, 0.005, 0),
    (-0.0121, -0.0061, -0.0247),
    (-0.0193, -0.0255, -0.0204),
    (-0.0625, 0.0178, 0.036),
    (0.0106, 0.0082, 0.007),
    (0, -0.007, 0),
    (-0.02, -0.0104, 0.0066),
    (-0.0156, -0.0156, -0.0229),
    (0.0103, 0.0097, 0.0075),
    (0.0169, 0.0076, 0.0117),
    (0.0094, 0, 0),
    (0.0191, 0.0143, 0.0104),
    (0.0112, -0.0136, 0.0116),
    (0, -0.0229, 0),
    (-0.009, 0, 0),
    (0, 0, 0),
    (-0.0098, -0.0075, 0),
    (-0.0118, 0.006, -0.0433),
    (0, 0, 0),
    (0, 0, 0),
    (0, 0, 0),
    (-0.0834, -0.0911, -0.086),
    (-0.0134, -0.0142, 0.0196),
    (0.0103, 0.0378, 0),
    (0, 0.0076, 0),
    (0, 0, 0),
    (0, 0, 0),
    (-0.0117, -0.0064, 0),
    (-0.0072, 0, -0.0113),
)


def sana_linear_map() -> LinearMap:
    """The map for latents of the published Sana autoencoders."""
    return LinearMap(torch.tensor(_SANA_WEIGHTS, dtype=torch.float32).T, torch.tensor(_SANA_BIAS))


def linear_preview(mapping: LinearMap, latents_1Khw: Tensor) -> Preview:
    """One pixel per latent position, from latents on any device.

    Raises ValueError for latents that are not one picture of the channels that the map reads.
    """
    _check_one_picture(latents_1Khw, mapping.weight_3K.shape[1])
    latents_Khw = latents_1Khw[0].detach().float().cpu()
    image_3hw = mapping.bias_3[:, None, None] + torch.einsum("khw,ck->chw", latents_Khw, mapping.weight_3K)
    return _to_preview(image_3hw)


def decoded_preview(decoder: PreviewDecoder, latents_1Khw: Tensor) -> Preview:
    """A preview of the size that `decoder` makes of a latent position, where and how precisely `decoder` computes.

    Raises ValueError for latents that are not one picture of the channels that the decoder reads.
    """
    # The first convolution of either, [D, K, 3, 3].
    weight = next(decoder.parameters())
    _check_one_picture(latents_1Khw, weight.shape[1])
    with torch.inference_mode():
        image_13HW = decoder(latents_1Khw.to(weight))
    return _to_preview(image_13HW[0].float().cpu())


def _check_one_picture(latents_1Khw: Tensor, channels: int) -> None:
    if latents_1Khw.ndim != 4 or latents_1Khw.shape[:2] != (1, channels):
        raise ValueError(f"expected latents of shape [1, {channels}, h, w], found {list(latents_1Khw.shape)}")


def _to_preview(image_3HW: Tensor) -> Preview:
    """Round a picture in [0, 1] to 8 bit; values outside are clipped."""
    _, height, width = image_3HW.shape
    levels_HW3 = (image_3HW.clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0)
    return Preview(levels_HW3.contiguous().numpy().tobytes(), width, height)
