"""Linear layers in 8 bit, weights and activations, plain torch (SANA paper, section 4: on-device deployment).

Shapes: M tokens, K width in, N width out.
"""

import torch
from torch import Tensor

LARGEST = 127


def quantize_rows(x_MK: Tensor) -> tuple[Tensor, Tensor]:
    """Symmetric int8 with a scale per row: x is about values * scale.

    Returns int8 [M, K] and fp32 scales [M, 1]. Activations have tokens as rows, weights [N, K] output channels.
    A row of zeros gets the scale 0.
    """
    x = x_MK.float()
    # Not a quotient: torch divides by a number on CPUs and multiplies by its inverse on GPUs.
    scale_M1 = x.abs().amax(dim=-1, keepdim=True) * (1 / LARGEST)
    values = torch.round(x / torch.where(scale_M1 == 0, 1.0, scale_M1))
    return values.to(torch.int8), scale_M1


def int8_linear(
    x_MK: Tensor,
    x_scale_M1: Tensor,
    weight_NK: Tensor,
    weight_scale_N1: Tensor,
    bias_N: Tensor | None,
    residual_MN: Tensor | None = None,
    *,
    dtype: torch.dtype,
) -> Tensor:
    """(x . weight) * x_scale * weight_scale + bias + residual, the products summed exactly in int32.

    Returns [M, N] in `dtype`, rounded once.
    """
    out = _exact_product(x_MK, weight_NK).float() * x_scale_M1 * weight_scale_N1.T
    if bias_N is not None:
        out = out + bias_N
    if residual_MN is not None:
        out = out + residual_MN
    return out.to(dtype)


def w8a8_linear(x_MK: Tensor, weight_NK: Tensor, weight_scale_N1: Tensor, bias_N: Tensor | None = None) -> Tensor:
    """A layer with weights in int8: its inputs become int8 by `quantize_rows`; [M, N] comes out in their dtype."""
    values_MK, scale_M1 = quantize_rows(x_MK)
    return int8_linear(values_MK, scale_M1, weight_NK, weight_scale_N1, bias_N, dtype=x_MK.dtype)


def _exact_product(x_MK: Tensor, weight_NK: Tensor) -> Tensor:
    """The integer product. fp64 holds sums of int8 products exactly and is fast everywhere, int32 products are not."""
    return (x_MK.double() @ weight_NK.double().T).to(torch.int32)
