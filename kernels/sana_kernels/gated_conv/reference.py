"""The middle of Sana's Mix-FFN on channels-last tokens, plain torch (SANA paper, section 2.2).

Shapes: B batch, h w latent height and width, F hidden width of the feed-forward.
"""

from torch import Tensor
from torch.nn import functional


def gated_depthwise_conv(x_BhwF: Tensor, weight_F133: Tensor, bias_F: Tensor) -> Tensor:
    """SiLU, 3x3 depthwise convolution with zero padding, then gate one half by SiLU of the other.

    `x_BhwF` has an even F; the first half of the convolved channels is the value, the second the gate.
    Returns [B, h, w, F/2]. The permutes below only relabel axes: tokens in rows are exactly
    torch's channels_last layout, so no tensor is copied.
    """
    x_BFhw = functional.silu(x_BhwF).permute(0, 3, 1, 2)
    mixed_BFhw = functional.conv2d(x_BFhw, weight_F133, bias_F, padding=1, groups=weight_F133.shape[0])
    value, gate = mixed_BFhw.permute(0, 2, 3, 1).chunk(2, dim=-1)
    return value * functional.silu(gate)
