"""Latents to pixels.

Shapes: B pictures, K latent channels, h w latent height and width, H W picture height and width.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from sana_models.dc_ae import DCAutoencoder
from sana_models.dc_ae_tiles import decode_by_tiles

# Rows that are rounded at once, so that rounding a large picture needs no second and third copy of it.
ROWS_AT_ONCE = 256


def decode_latents(
    vae: DCAutoencoder, latents_BKhw: Tensor, on_layer: Callable[[], None], tile: int | None = None
) -> Tensor:
    """Decode scaled latents to images [B, 3, H, W] in [-1, 1], fp32 on the CPU.

    One picture at a time, whatever the batch: the decode, not the transformer, is where memory peaks.
    `tile` is the largest side, in latent positions, of what is decoded at once; None decodes in one piece. It changes
    memory and time, and the pixels by rounding only. `on_layer` is called before every layer; what it raises ends the
    decode.
    """
    parameter = next(vae.parameters())
    images: list[Tensor] = []
    with torch.inference_mode():
        for latents_Khw in latents_BKhw:
            unscaled_1Khw = latents_Khw[None].to(parameter.device, torch.float32) / vae.config.scaling_factor
            # Channels last, which everything after the first layer keeps: norms and products then read rows.
            unscaled_1Khw = unscaled_1Khw.to(parameter.dtype).contiguous(memory_format=torch.channels_last)
            if tile is None:
                image_13HW = vae.decode(unscaled_1Khw, on_layer).float().cpu()
            else:
                image_13HW = decode_by_tiles(
                    vae,
                    unscaled_1Khw,
                    tile=tile,
                    on_layer=on_layer,
                    keep_on=torch.device("cpu"),
                    keep_as=torch.float32,
                )
            images.append(image_13HW)
    # Nothing is copied where there is one picture, which may be a large one.
    return images[0] if len(images) == 1 else torch.cat(images)


def to_pixels(images_B3HW: Tensor) -> list[bytes]:
    """Round images in [-1, 1] to rows of 8-bit RGB, one `bytes` of H * W * 3 per picture."""
    return [
        b"".join(_levels(image[:, row : row + ROWS_AT_ONCE]) for row in range(0, image.shape[1], ROWS_AT_ONCE))
        for image in images_B3HW
    ]


def _levels(rows_3hW: Tensor) -> bytes:
    levels_3hW = ((rows_3hW.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return levels_3hW.permute(1, 2, 0).contiguous().numpy().tobytes()
