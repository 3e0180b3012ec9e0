"""Convolutions of large stages in pieces, so that whoever wants to stop them on a CPU need not wait long.

Shapes: B batch, D F channels before and after, h w height and width.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from sana_kernels import conv3x3
from sana_kernels.conv3x3.lean import pays
from sana_kernels.conv3x3.reference import Finish

# Multiplications of a strip: some hundredths of a second on two cores in fp32, and enough to keep them busy.
STRIP_PRODUCTS = 2 * 10**9
# Of a 3x3 convolution, beyond the position itself.
REACH = 1


def convolve(
    conv: nn.Conv2d,
    x_BDhw: Tensor,
    on_layer: Callable[[], None],
    finish: Finish | None = None,
    *,
    doubled: bool = False,
    strip_products: int = STRIP_PRODUCTS,
) -> Tensor:
    """`conv(x_BDhw)` for a 3x3 convolution that keeps the size, and `finish` after it: [B, F, h, w].

    `doubled` and `finish` are those of the operation `conv3x3`. `on_layer` is called
    before the convolution and, where torch works on the CPU without recording gradients, before every piece of it;
    what it raises ends it there. Pieces change the result by rounding at most.
    """
    batch, _, height, width = x_BDhw.shape
    if doubled:
        height, width = 2 * height, 2 * width
    products_of_a_row = batch * width * conv.weight.numel()
    rows = max(1, strip_products // products_of_a_row)
    if rows >= height or x_BDhw.device.type != "cpu" or torch.is_grad_enabled() or pays(height * width, conv.weight):
        return conv3x3(x_BDhw, conv.weight, conv.bias, doubled=doubled, finish=finish, before_block=on_layer)
    if doubled:
        x_BDhw = functional.interpolate(x_BDhw, scale_factor=2, mode="nearest")
    rows_first = x_BDhw.is_contiguous(memory_format=torch.channels_last)
    layout = torch.channels_last if rows_first else torch.contiguous_format
    out_BFhw = torch.empty(
        batch, conv.out_channels, height, width, dtype=x_BDhw.dtype, device=x_BDhw.device, memory_format=layout
    )
    for top in range(0, height, rows):
        on_layer()
        bottom = min(top + rows, height)
        first, last = max(0, top - REACH), min(bottom + REACH, height)
        # What lies outside of the picture is zero, as for the whole.
        above, below = first - (top - REACH), bottom + REACH - last
        strip_BDhw = functional.pad(x_BDhw[:, :, first:last], (0, 0, above, below))
        made_BFhw = functional.conv2d(strip_BDhw, conv.weight, conv.bias, padding=(0, REACH))
        if finish is not None:
            place = (slice(None), slice(top, bottom), slice(None))
            made_BFhw = finish(made_BFhw.movedim(1, -1), place).movedim(-1, 1)
        out_BFhw[:, :, top:bottom] = made_BFhw
    return out_BFhw
