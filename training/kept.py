"""Pictures with their latents, for training a decoder alone: on processors encoding costs as much as learning.

Shapes: B batch, N pictures that are kept, K latent channels, h w latent and H W picture height and width.
"""

from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

AT_ONCE = 16


class KeptPictures:
    """Pictures and their scaled latents, made once and kept in a file, dealt at random over and over.

    `make` gives so many pictures [B, 3, H, W] in [-1, 1] and their scaled latents [B, K, h, w].
    """

    def __init__(self, folder: Path, count: int, make: Callable[[int], tuple[Tensor, Tensor]]) -> None:
        path = folder / f"pictures-{count}.safetensors"
        if not path.exists():
            made: list[tuple[Tensor, Tensor]] = []
            while sum(len(latents) for _, latents in made) < count:
                pictures_B3HW, latents_BKhw = make(AT_ONCE)
                made.append((((pictures_B3HW + 1) * 127.5).round().byte().cpu(), latents_BKhw.cpu()))
            pictures, latents = zip(*made, strict=True)
            both = {"pictures": torch.cat(pictures).contiguous(), "latents": torch.cat(latents).contiguous()}
            save_file(both, path.with_suffix(".partial"))
            path.with_suffix(".partial").replace(path)
        kept = load_file(path)
        self._pictures_N3HW, self._latents_NKhw = kept["pictures"], kept["latents"]

    def deal(self, size: int) -> tuple[Tensor, Tensor]:
        """Pictures [B, 3, H, W] in [-1, 1] and their scaled latents [B, K, h, w], by torch's own random numbers."""
        rows = torch.randint(len(self._latents_NKhw), (size,))
        return self._pictures_N3HW[rows].float() / 127.5 - 1, self._latents_NKhw[rows]
