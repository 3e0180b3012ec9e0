"""Token states of captions: encoded by Gemma once, kept end to end in one file.

Shapes: L tokens, E text width.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Self, cast

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.engine.starter_text import ensure_gemma_270m
from sana_desktop.engine.text_encoder import load_gemma
from training.compute import Compute

MOST_TOKENS = 20
_AT_ONCE = 64


class TextStates:
    """Captions by number: the states of all of them end to end [sum L, E], and where each begins and the last ends."""

    def __init__(self, states: Tensor, offsets: Tensor) -> None:
        self._states, self._offsets = states, offsets
        self._longest = int(offsets.diff().max())

    @classmethod
    def read(cls, path: Path) -> Self:
        """What `training.features` and `encode_texts` write."""
        text = load_file(path)
        return cls(text["states"], text["offsets"])

    def __len__(self) -> int:
        """How many captions there are."""
        return len(self._offsets) - 1

    def of(self, number: int) -> Tensor:
        """States [L, E] of one caption."""
        return self._states[self._offsets[number] : self._offsets[number + 1]]

    def batch(self, numbers_B: Tensor) -> tuple[Tensor, Tensor]:
        """States [B, L, E] of captions with their mask [B, L]; L is that of the longest of all, so that shapes stay."""
        begin_B, end_B = self._offsets[numbers_B], self._offsets[numbers_B + 1]
        position_L = torch.arange(self._longest, device=self._offsets.device)
        mask_BL = position_L < (end_B - begin_B)[:, None]
        rows_BL = (begin_B[:, None] + position_L).clamp(max=self._states.shape[0] - 1)
        return self._states[rows_BL] * mask_BL[..., None], mask_BL

    def joined(self, other: "TextStates") -> "TextStates":
        """These captions and then those of `other`."""
        offsets = torch.cat([self._offsets, other._offsets[1:] + self._offsets[-1]])
        return TextStates(torch.cat([self._states, other._states]), offsets)

    def to(self, device: torch.device) -> "TextStates":
        """The same on `device`."""
        return TextStates(self._states.to(device), self._offsets.to(device))


def encode_texts(texts: list[str], gemma_folder: Path, path: Path) -> TextStates:
    """States of `texts` in their order by Gemma, kept in the file at `path`."""
    return kept_states(texts, path, lambda: _encoded(texts, gemma_folder))


def kept_states(texts: list[str], path: Path, encode: Callable[[], dict[str, Tensor]]) -> TextStates:
    """States from the file at `path` if it holds these very texts, else what `encode` makes of them, kept there.

    The file carries a hash of its texts: one that was made for others, or before files said so, is made anew.
    """
    digest = hashlib.sha256(json.dumps(texts).encode()).hexdigest()
    if _digest_of(path) != digest:
        save_file(encode(), path.with_suffix(".partial"), metadata={"texts": digest})
        path.with_suffix(".partial").replace(path)
    return TextStates.read(path)


def _digest_of(path: Path) -> str | None:
    if not path.exists():
        return None
    with safe_open(path, framework="pt") as file:  # pyright: ignore[reportUnknownVariableType]
        said = cast("dict[str, str] | None", file.metadata())
    return (said or {}).get("texts")


def _encoded(texts: list[str], gemma_folder: Path) -> dict[str, Tensor]:
    """What a file of states holds: `states` bf16 [sum L, E] and `offsets` [N + 1] of N texts."""
    compute = Compute()
    gemma = load_gemma(
        ensure_gemma_270m(gemma_folder, print),
        dtype=torch.float32,
        device=compute.device,
        check=CancelToken().check,
    )
    tokens = [gemma.tokenizer.encode(text)[:MOST_TOKENS] for text in texts]
    # Texts of one length together: no padding, no mask.
    order = sorted(range(len(texts)), key=lambda number: len(tokens[number]))
    found: dict[int, Tensor] = {}
    size = compute.batch(_AT_ONCE)
    for begin in range(0, len(order), size):
        some = order[begin : begin + size]
        found.update(zip(some, gemma.states_of_many([tokens[number] for number in some]), strict=True))
    states = [found[number].bfloat16() for number in range(len(texts))]
    lengths = torch.tensor([0] + [len(one) for one in states])
    return {"states": torch.cat(states), "offsets": lengths.cumsum(0)}
