"""Token states of captions: encoded by Gemma once, kept end to end in one file.

Shapes: L tokens, E text width.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.engine.starter_text import ensure_gemma_270m
from sana_desktop.engine.text_encoder import load_gemma
from training.compute import Compute

MOST_TOKENS = 20
_AT_ONCE = 64


class TextStates:
    """Captions by number; what `training.features` and `encode_texts` write."""

    def __init__(self, path: Path) -> None:
        text = load_file(path)
        self._states, self._offsets = text["states"], text["offsets"]

    def __len__(self) -> int:
        """How many captions there are."""
        return len(self._offsets) - 1

    def of(self, number: int) -> Tensor:
        """States [L, E] of one caption."""
        return self._states[self._offsets[number] : self._offsets[number + 1]]


def encode_texts(texts: list[str], gemma_folder: Path, path: Path) -> TextStates:
    """States of `texts` in their order, from the file at `path` if it is there, else by Gemma and kept there."""
    if not path.exists():
        compute = Compute()
        gemma = load_gemma(
            ensure_gemma_270m(gemma_folder, print),
            dtype=torch.bfloat16 if compute.bf16 else torch.float32,
            device=compute.device,
            check=CancelToken().check,
        )
        tokens = [gemma.tokenizer.encode(text)[:MOST_TOKENS] for text in texts]
        # Texts of one length together: no padding, no mask.
        order = sorted(range(len(texts)), key=lambda number: len(tokens[number]))
        found: dict[int, Tensor] = {}
        for begin in range(0, len(order), _AT_ONCE):
            some = order[begin : begin + _AT_ONCE]
            found.update(zip(some, gemma.states_of_many([tokens[number] for number in some]), strict=True))
        states = [found[number].bfloat16() for number in range(len(texts))]
        lengths = torch.tensor([0] + [len(one) for one in states])
        save_file({"states": torch.cat(states), "offsets": lengths.cumsum(0)}, path.with_suffix(".partial"))
        path.with_suffix(".partial").replace(path)
    return TextStates(path)
