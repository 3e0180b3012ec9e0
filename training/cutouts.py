"""Cutouts by number, as tensors where a stage computes: a GPU holds all of them, processors read what is asked for.

Shapes: N cutouts of four channels (red, green, blue, opacity), S side.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from torch import Tensor

from training.compose import read_cutout


class Cutouts:
    """The pictures of `paths`, numbered in their order."""

    def __init__(self, paths: Sequence[Path], device: torch.device) -> None:
        self._paths, self._device = list(paths), device
        self._all_N4SS: Tensor | None = None
        if device.type == "cuda":
            # Files are decoded by libraries that let other threads run.
            with ThreadPoolExecutor() as pool:
                self._all_N4SS = torch.stack(list(pool.map(_read, self._paths))).to(device)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._paths)

    def take(self, numbers: Sequence[int]) -> Tensor:
        """The cutouts of these numbers [N, 4, 256, 256], bytes."""
        if self._all_N4SS is None:
            return torch.stack([_read(self._paths[number]) for number in numbers]).to(self._device)
        return self._all_N4SS[torch.tensor(numbers, device=self._device)]


def _read(path: Path) -> Tensor:
    return torch.from_numpy(read_cutout(path).transpose(2, 0, 1).copy())
