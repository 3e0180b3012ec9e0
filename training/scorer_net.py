"""The network of the image-text scorer: two towers that meet in unit vectors.

Shapes: B batch, L tokens, E text width, F features.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

SMALL = 64
FEATURES = 64
WIDTHS = (32, 64, 128, 192)
_SHARPEST = 50.0


class Scorer(nn.Module):
    """Two towers: convolutions for small pictures, a weighted mean of token states for captions."""

    def __init__(self, text_width: int, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, width in zip((3, *widths[:-1]), widths, strict=True):
            layers += [
                nn.Conv2d(before, width, 3, stride=2, padding=1),
                nn.GroupNorm(8, width),
                nn.ReLU(),
                nn.Conv2d(width, width, 3, padding=1),
                nn.ReLU(),
            ]
        self.picture = nn.Sequential(*layers)
        # The deepest grid keeps its places: what is where tells things apart.
        self.picture_out = nn.Linear(widths[-1] * (SMALL // 2 ** len(widths)) ** 2, FEATURES)
        self.text_in = nn.Linear(text_width, 256)
        self.text_weight = nn.Linear(text_width, 1)
        self.text_out = nn.Sequential(nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, FEATURES))
        self.sharpness = nn.Parameter(torch.tensor(2.5))

    def see(self, pictures_B3HW: Tensor) -> Tensor:
        """Pictures of any size in [-1, 1] as unit vectors [B, F]."""
        small = functional.adaptive_avg_pool2d(pictures_B3HW, SMALL)
        return functional.normalize(self.picture_out(self.picture(small).flatten(1)), dim=1)

    def read(self, states_BLE: Tensor, mask_BL: Tensor) -> Tensor:
        """Token states of captions as unit vectors [B, F]."""
        # The first state of a caption is that of <bos>, far larger than the others and the same for all.
        states_BLE, mask_BL = functional.normalize(states_BLE[:, 1:], dim=2) * 16, mask_BL[:, 1:]
        weight_BL1 = self.text_weight(states_BLE).masked_fill(~mask_BL[..., None], -torch.inf).softmax(dim=1)
        return functional.normalize(self.text_out((weight_BL1 * self.text_in(states_BLE)).sum(dim=1)), dim=1)

    def factor(self) -> Tensor:
        """What cosines are multiplied by before the softmax."""
        return self.sharpness.exp().clamp(max=_SHARPEST)


def contrastive_loss(scorer: Scorer, seen_BF: Tensor, read_BF: Tensor, same_BB: Tensor) -> Tensor:
    """Cross-entropy both ways; what fits as well as the right answer (`same_BB`) is no wrong answer."""
    logits_BB = scorer.factor() * seen_BF @ read_BF.T
    wrong_twins = same_BB & ~torch.eye(len(same_BB), dtype=torch.bool, device=same_BB.device)
    logits_BB = logits_BB.masked_fill(wrong_twins, -torch.inf)
    right_B = torch.arange(len(logits_BB), device=logits_BB.device)
    return (functional.cross_entropy(logits_BB, right_B) + functional.cross_entropy(logits_BB.T, right_B)) / 2


def padded(states: list[Tensor]) -> tuple[Tensor, Tensor]:
    """States [L, E] of several captions as one batch [B, L, E] with its mask [B, L]."""
    lengths_B = torch.tensor([len(one) for one in states])
    mask_BL = torch.arange(int(lengths_B.max())) < lengths_B[:, None]
    return nn.utils.rnn.pad_sequence([one.float() for one in states], batch_first=True), mask_BL
