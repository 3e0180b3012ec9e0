"""What the image-text scorer says of pictures: which thing it sees among many names, which style, how far sets differ.

Shapes: B pictures, N names, F features.
"""

from pathlib import Path
from typing import cast

import torch
from torch import Tensor

from training.captions import plain_captions
from training.emoji import Concept
from training.scorer import load_scorer
from training.scorer_net import Scorer, padded
from training.styles import STYLES
from training.text_states import TextStates, encode_texts

ALL_STYLES = ("3D", *STYLES)


class Judge:
    """The scorer of `training.scorer` with the captions of some things in all styles.

    `numbers` are those of the things that a picture is compared with, among `concepts`.
    """

    def __init__(self, scorer: Scorer, states: TextStates, numbers: list[int]) -> None:
        self._scorer, self._numbers = scorer, numbers
        with torch.inference_mode():
            captions = [scorer.read(*padded([states.of(number)])) for number in range(len(states))]
        # [styles, N, F], in the order of `captions_for`.
        self._read_SNF = torch.cat(captions).reshape(len(ALL_STYLES), len(numbers), -1)

    @torch.inference_mode()
    def features(self, pictures_B3HW: Tensor) -> Tensor:
        """Unit vectors [B, F]."""
        return torch.cat([self._scorer.see(part) for part in torch.split(pictures_B3HW, 32)])

    def rank(self, seen_F: Tensor, number: int, style: str = "3D") -> int:
        """Place of the thing's name among all names, in captions of `style`; 1 is the best."""
        likeness_N = self._read_SNF[ALL_STYLES.index(style)] @ seen_F
        return int((likeness_N > likeness_N[self._numbers.index(number)]).sum()) + 1

    def style(self, seen_F: Tensor, number: int) -> str:
        """The style whose caption of the thing fits best."""
        likeness_S = self._read_SNF[:, self._numbers.index(number)] @ seen_F
        return ALL_STYLES[int(likeness_S.argmax())]


def captions_for(concepts: list[Concept], numbers: list[int]) -> list[str]:
    """One caption of each thing in each style, style after style; the 3D one says so."""
    return [plain_captions(concepts[number].names[:1], style)[-1] for style in ALL_STYLES for number in numbers]


def judge_from(folder: Path, concepts: list[Concept], numbers: list[int], gemma: Path, out: Path) -> Judge:
    """Load the scorer in `folder`; the captions are encoded once, into `out`."""
    states = encode_texts(captions_for(concepts, numbers), gemma, out / "names.safetensors")
    return Judge(load_scorer(folder / "scorer.safetensors"), states, numbers)


def frechet(one_BF: Tensor, other_BF: Tensor) -> float:
    """Frechet distance of the normal distributions of two sets of vectors."""
    means = [vectors.double().mean(dim=0) for vectors in (one_BF, other_BF)]
    spreads = [torch.cov(vectors.double().T) for vectors in (one_BF, other_BF)]
    # The trace of the root of a product is the sum of the roots of its eigenvalues.
    # torch leaves this one function untyped.
    values = cast("Tensor", torch.linalg.eigvals(spreads[0] @ spreads[1]))
    shared = values.real.clamp(min=0).sqrt().sum()
    return float((means[0] - means[1]).square().sum() + spreads[0].trace() + spreads[1].trace() - 2 * shared)
