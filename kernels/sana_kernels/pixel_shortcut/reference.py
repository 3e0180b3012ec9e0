"""The shortcut of DC-AE's upsampling, plain torch (arXiv 2410.10733, section 3.1, residual autoencoding)."""

from torch import Tensor
from torch.nn import functional


def add_pixel_shortcut(out_BFHW: Tensor, x_BDhw: Tensor) -> Tensor:
    """Add to [B, F, 2h, 2w] the channels of `x_BDhw` [B, D, h, w], repeated to 4F and unfolded into 2x2 squares."""
    repeats = 4 * out_BFHW.shape[1] // x_BDhw.shape[1]
    return out_BFHW + functional.pixel_shuffle(x_BDhw.repeat_interleave(repeats, dim=1), 2)
