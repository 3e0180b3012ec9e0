"""Reads the features folder and deals batches for the DiT.

Shapes: B batch, K latent channels, h w latent height and width, L tokens, E text width.
"""

import json
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from training.text_states import TextStates


class Batch(NamedTuple):
    """Clean latents and the captions that go with them."""

    latents_BKhw: Tensor
    text_BLE: Tensor
    mask_BL: Tensor


class PairDealer:
    """Deals random batches: pairs by weight, one of their captions at random, sometimes none at all.

    `caption_weights`, a file by `training.scorer`, says how often each caption of a pair is drawn; without it, all
    are drawn as often. `single` draws the first caption only. Everything lies on `device`, and so do the batches;
    all captions are as long as the longest there is, so that batches have one shape.
    """

    def __init__(
        self,
        folder: Path,
        caption_weights: Path | None = None,
        *,
        single: bool = False,
        device: torch.device | None = None,
    ) -> None:
        self._device = device or torch.device("cpu")
        self._latents = load_file(folder / "latents.safetensors")["latents"].to(self._device)
        text = {name: value.to(self._device) for name, value in load_file(folder / "text.safetensors").items()}
        self._states = TextStates(text["states"], text["offsets"])
        self._caption_of_pair, self._first_caption = text["caption_of_pair"], text["first_caption"]
        described = json.loads((folder / "pairs.json").read_text(encoding="utf-8"))
        self._weights = torch.tensor([pair["weight"] for pair in described], device=self._device)
        self._single = single
        self._ends: Tensor | None = None
        if caption_weights is not None:
            self._ends = load_file(caption_weights)["weights"].to(self._device).double().cumsum(0)

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of one sample."""
        channels, height, width = self._latents.shape[1:]
        return channels, height, width

    def deal(self, size: int, dropout: float, generator: torch.Generator) -> Batch:
        """Draw `size` pairs; a share of `dropout` wears the empty caption, for guidance.

        `generator` is one of the dealer's device.
        """
        pairs = torch.multinomial(self._weights, size, replacement=True, generator=generator)
        first, end = self._first_caption[pairs], self._first_caption[pairs + 1]
        pick = torch.rand(size, generator=generator, device=self._device)
        if self._single:
            places = first
        elif self._ends is None:
            places = first + (pick * (end - first)).long()
        else:
            # The weights of a pair add up to one, so the pair's part of the running sum is one long.
            begins = torch.where(first > 0, self._ends[first - 1], 0.0)
            places = torch.searchsorted(self._ends, begins + pick, right=True).clamp(first, end - 1)
        captions = self._caption_of_pair[places]
        captions[torch.rand(size, generator=generator, device=self._device) < dropout] = 0
        return Batch(self._latents[pairs], *self._states.batch(captions))
