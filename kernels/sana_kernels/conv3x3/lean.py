"""The 3x3 convolution for CPUs: Winograd's form where that pays, the plain one elsewhere.

Shapes: B batch, D F channels before and after, h w height and width.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from sana_kernels.conv3x3 import reference, winograd
from sana_kernels.conv3x3.reference import Finish

# Below these the transforms cost more than the multiplications that they save (docs/log.md).
FEWEST_CHANNELS, FEWEST_POSITIONS = 64, 2048


def conv3x3(
    x_BDhw: Tensor,
    weight_FD33: Tensor,
    bias_F: Tensor | None = None,
    *,
    doubled: bool = False,
    finish: Finish | None = None,
    before_block: Callable[[], None] | None = None,
) -> Tensor:
    """As the reference; fp32 results differ from it by about 1e-5 of the largest."""
    positions = x_BDhw.shape[2] * x_BDhw.shape[3] * (4 if doubled else 1)
    run = winograd.conv3x3 if pays(positions, weight_FD33) else reference.conv3x3
    return run(x_BDhw, weight_FD33, bias_F, doubled=doubled, finish=finish, before_block=before_block)


def pays(positions: int, weight_FD33: Tensor) -> bool:
    """Whether Winograd's form is the faster one for a result of so many positions."""
    enough = min(weight_FD33.shape[:2]) >= FEWEST_CHANNELS and positions >= FEWEST_POSITIONS
    return enough and weight_FD33.dtype is torch.float32
