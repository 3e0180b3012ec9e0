"""A 3x3 convolution that keeps the size, and what follows it at every position, plain torch.

Shapes: B batch, D F channels before and after, h w height and width.
"""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional

Place = tuple[slice, slice, slice]
Finish = Callable[[Tensor, Place], Tensor]


def conv3x3(
    x_BDhw: Tensor,
    weight_FD33: Tensor,
    bias_F: Tensor | None = None,
    *,
    doubled: bool = False,
    finish: Finish | None = None,
    before_block: Callable[[], None] | None = None,
) -> Tensor:
    """Convolve with zero padding of 1, add the bias, then apply `finish`: [B, F, h, w].

    `doubled` enlarges the input to twice its height and width first, by repeating its positions: [B, F, 2h, 2w].
    `finish(block_BhwF, place)` returns what shall stand in the place of a block, channels last; `place` are the batch
    rows, rows and columns of the block. It must treat every position by itself: blocks may be any part of the whole.
    `before_block` is called before each; what it raises ends the work.
    """
    if before_block is not None:
        before_block()
    if doubled:
        # No name for what is enlarged: it is the largest tensor of a decode, and must be gone when `finish` begins.
        out_BFhw = functional.conv2d(
            functional.interpolate(x_BDhw, scale_factor=2, mode="nearest"), weight_FD33, bias_F, padding=1
        )
    else:
        out_BFhw = functional.conv2d(x_BDhw, weight_FD33, bias_F, padding=1)
    if finish is None:
        return out_BFhw
    everything = (slice(None), slice(None), slice(None))
    return finish(out_BFhw.movedim(1, -1), everything).movedim(-1, 1)
