"""Reads the features folder and deals batches for the DiT.

Shapes: B batch, P pairs, K latent channels, h w latent height and width, L tokens, E text width.
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


class Shelf(NamedTuple):
    """The pairs of one shape: their latents, how often each is drawn, and their numbers among all."""

    latents_PKhw: Tensor
    weights: Tensor
    numbers: Tensor


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
        latents = load_file(folder / "latents.safetensors")
        text = {name: value.to(self._device) for name, value in load_file(folder / "text.safetensors").items()}
        self._states = TextStates(text["states"], text["offsets"])
        self._caption_of_pair, self._first_caption = text["caption_of_pair"], text["first_caption"]
        described = json.loads((folder / "pairs.json").read_text(encoding="utf-8"))
        shapes: dict[str, list[int]] = {}
        for number, pair in enumerate(described):
            shapes.setdefault(pair["shape"], []).append(number)
        # The shape of most pairs first.
        self._shelves = [
            Shelf(
                latents[shape].to(self._device),
                torch.tensor([described[number]["weight"] for number in numbers], device=self._device),
                torch.tensor(numbers, device=self._device),
            )
            for shape, numbers in sorted(shapes.items(), key=lambda item: -len(item[1]))
        ]
        self._single = single
        self._ends: Tensor | None = None
        if caption_weights is not None:
            self._ends = load_file(caption_weights)["weights"].to(self._device).double().cumsum(0)

    @property
    def shapes(self) -> int:
        """How many shapes of latents there are; 0 is the shape of most pairs."""
        return len(self._shelves)

    def deal(self, size: int, dropout: float, generator: torch.Generator, shape: int = 0) -> Batch:
        """Draw `size` pairs of one shape; a share of `dropout` wears the empty caption, for guidance.

        `generator` is one of the dealer's device.
        """
        shelf = self._shelves[shape]
        rows = torch.multinomial(shelf.weights, size, replacement=True, generator=generator)
        pairs = shelf.numbers[rows]
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
        return Batch(shelf.latents_PKhw[rows], *self._states.batch(captions))
