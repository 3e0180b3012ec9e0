"""Latents to pixels.

Shapes: B pictures, K latent channels, h w latent height and width, H W picture height and width.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from sana_models.dc_ae import DCAutoencoder


def decode_latents(vae: DCAutoencoder, latents_BKhw: Tensor, on_layer: Callable[[], None]) -> Tensor:
    """Decode scaled latents to images [B, 3, H, W] in [-1, 1], fp32 on the CPU.

    One picture at a time, whatever the batch: the decode, not the transformer, is where memory peaks.
    `on_layer` is called before every layer; what it raises ends the decode.
    """
    parameter = next(vae.parameters())
    images: list[Tensor] = []
    with torch.inference_mode():
        for latents_Khw in latents_BKhw:
            unscaled_1Khw = latents_Khw[None].to(parameter.device, torch.float32) / vae.config.scaling_factor
            image_13HW = vae.decode(unscaled_1Khw.to(parameter.dtype), on_layer)
            images.append(image_13HW.float().cpu())
    return torch.cat(images)


def to_pixels(images_B3HW: Tensor) -> list[bytes]:
    """Round images in [-1, 1] to rows of 8-bit RGB, one `bytes` of H * W * 3 per picture."""
    levels = ((images_B3HW.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return [level.permute(1, 2, 0).contiguous().numpy().tobytes() for level in levels]
