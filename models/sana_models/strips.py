"""Convolutions of large stages in strips of rows, so that whoever wants to stop them on a CPU need not wait long.

Shapes: B batch, D F channels before and after, h w height and width.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

# Multiplications of a strip: some hundredths of a second on two cores in fp32, and enough to keep them busy.
STRIP_PRODUCTS = 2 * 10**9


def convolve(
    conv: nn.Conv2d, x_BDhw: Tensor, on_layer: Callable[[], None], strip_products: int = STRIP_PRODUCTS
) -> Tensor:
    """`conv(x_BDhw)` for a convolution that keeps the size: [B, F, h, w].

    `on_layer` is called before it and, where torch works on the CPU without recording gradients, before every strip of
    about `strip_products` multiplications; what it raises ends it there. Strips change the result by rounding at most.
    """
    batch, _, height, width = x_BDhw.shape
    products_of_a_row = batch * width * conv.weight.numel()
    rows = max(1, strip_products // products_of_a_row)
    if rows >= height or x_BDhw.device.type != "cpu" or torch.is_grad_enabled():
        on_layer()
        return conv(x_BDhw)
    reach, side = conv.kernel_size[0] // 2, conv.kernel_size[1] // 2
    rows_first = x_BDhw.is_contiguous(memory_format=torch.channels_last)
    layout = torch.channels_last if rows_first else torch.contiguous_format
    out_BFhw = torch.empty(
        batch, conv.out_channels, height, width, dtype=x_BDhw.dtype, device=x_BDhw.device, memory_format=layout
    )
    for top in range(0, height, rows):
        on_layer()
        bottom = min(top + rows, height)
        first, last = max(0, top - reach), min(bottom + reach, height)
        # What lies outside of the picture is zero, as for the whole.
        above, below = first - (top - reach), bottom + reach - last
        strip_BDhw = functional.pad(x_BDhw[:, :, first:last], (0, 0, above, below))
        out_BFhw[:, :, top:bottom] = functional.conv2d(strip_BDhw, conv.weight, conv.bias, padding=(0, side))
    return out_BFhw
