"""DC-AE's norm over channels with what always follows it, plain torch (arXiv 2410.10733).

Shapes: B batch, h w height and width, D channels, the last axis: torch's channels_last layout.
"""

import torch
from torch import Tensor
from torch.nn import functional


def channel_rms_norm(
    x_BhwD: Tensor, weight_D: Tensor, bias_D: Tensor, *, silu: bool = False, eps: float = 1e-5
) -> Tensor:
    """Root-mean-square norm over D in fp32, scale, shift, and SiLU if asked for: act(x / rms(x) * weight + bias).

    Returns [B, h, w, D] in the dtype of `x_BhwD`.
    """
    normed = functional.rms_norm(x_BhwD, weight_D.shape, eps=eps)
    out = torch.addcmul(bias_D, normed, weight_D)
    return functional.silu(out) if silu else out
