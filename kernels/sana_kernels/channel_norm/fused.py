"""DC-AE's norm over channels with scale, shift and SiLU in one pass, Triton.

Shapes: B batch, h w height and width, D channels.
"""

# Kernels are written in Triton's language, whose values have no Python types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportMissingParameterType=false, reportArgumentType=false, reportCallIssue=false, reportIndexIssue=false
# pyright: reportGeneralTypeIssues=false, reportOperatorIssue=false, reportAttributeAccessIssue=false

import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def _channel_norm_kernel(
    x_ptr, weight_ptr, bias_ptr, out_ptr, rows, width, eps, ROWS: tl.constexpr, WIDTH: tl.constexpr, SILU: tl.constexpr
):  # fmt: skip
    """act(x / sqrt(mean(x^2) + eps) * weight + bias) of some positions, in fp32."""
    o_r = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)
    o_d = tl.arange(0, WIDTH)
    m_d = o_d < width
    m = (o_r < rows)[:, None] & m_d[None, :]
    at = o_r[:, None] * width + o_d[None, :]
    b_x = tl.load(x_ptr + at, mask=m, other=0.0).to(tl.float32)
    b_w = tl.load(weight_ptr + o_d, mask=m_d, other=0.0).to(tl.float32)
    b_bias = tl.load(bias_ptr + o_d, mask=m_d, other=0.0).to(tl.float32)
    b_scale = tl.rsqrt(tl.sum(b_x * b_x, axis=1) / width + eps)
    b_out = b_x * b_scale[:, None] * b_w[None, :] + b_bias[None, :]
    if SILU:
        b_out = b_out / (1.0 + tl.exp(-b_out))
    tl.store(out_ptr + at, b_out.to(out_ptr.dtype.element_ty), mask=m)


def channel_rms_norm(
    x_BhwD: Tensor, weight_D: Tensor, bias_D: Tensor, *, silu: bool = False, eps: float = 1e-5
) -> Tensor:
    """As the reference; channels-last images are read as they are, others are copied first."""
    x = x_BhwD.contiguous()
    width = x.shape[-1]
    rows = x.numel() // width
    block = triton.next_power_of_2(width)
    # About 2048 values for a program: the shallow stages have many positions of few channels.
    rows_at_once = max(1, 2048 // block)
    out = torch.empty_like(x)
    _channel_norm_kernel[(triton.cdiv(rows, rows_at_once),)](
        x, weight_D.contiguous(), bias_D.contiguous(), out, rows, width, eps, ROWS=rows_at_once, WIDTH=block, SILU=silu
    )
    return out


def example(device: torch.device, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Small odd inputs, for the comparison with the reference."""
    generator = torch.Generator().manual_seed(0)
    x, weight, bias = (
        torch.randn(shape, generator=generator).to(device, dtype) for shape in ((2, 3, 7, 130), (130,), (130,))
    )
    return x, weight, bias
