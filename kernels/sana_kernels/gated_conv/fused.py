"""The middle of the Mix-FFN in one pass, Triton: SiLU, depthwise 3x3, gate.

Shapes: B batch, h w latent height and width, F hidden width, twice that of the result.
"""

# Kernels are written in Triton's language, whose values have no Python types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportMissingParameterType=false, reportArgumentType=false, reportCallIssue=false, reportIndexIssue=false
# pyright: reportGeneralTypeIssues=false, reportOperatorIssue=false, reportAttributeAccessIssue=false

import torch
import triton
import triton.language as tl
from torch import Tensor

COLUMNS, CHANNELS = 16, 64


@triton.jit
def _silu(x):
    return x / (1.0 + tl.exp(-x))


@triton.jit
def _gated_conv_kernel(
    x_ptr, weight_ptr, bias_ptr, out_ptr, height, width, half,
    stride_xb, stride_xh, stride_xw, stride_xf, COLUMNS: tl.constexpr, CHANNELS: tl.constexpr,
):  # fmt: skip
    """out = value * silu(gate); both are bias + sum over nine taps of weight * silu(x), zeros outside."""
    line = tl.program_id(0).to(tl.int64)
    batch, row = line // height, line % height
    o_w = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    o_f = tl.program_id(2) * CHANNELS + tl.arange(0, CHANNELS)
    m_f = o_f < half
    b_value = tl.zeros((COLUMNS, CHANNELS), dtype=tl.float32)
    b_gate = tl.zeros((COLUMNS, CHANNELS), dtype=tl.float32)
    b_value += tl.load(bias_ptr + o_f, mask=m_f, other=0.0).to(tl.float32)[None, :]
    b_gate += tl.load(bias_ptr + half + o_f, mask=m_f, other=0.0).to(tl.float32)[None, :]
    for tap in tl.static_range(9):
        o_y = row + tl.zeros((COLUMNS,), dtype=tl.int64) + (tap // 3 - 1)
        o_x = o_w + tap % 3 - 1
        m = ((o_x >= 0) & (o_x < width) & (o_y >= 0) & (o_y < height))[:, None] & m_f[None, :]
        at = x_ptr + batch * stride_xb + o_y[:, None] * stride_xh + o_x[:, None].to(tl.int64) * stride_xw
        b_x = _silu(tl.load(at + o_f[None, :] * stride_xf, mask=m, other=0.0).to(tl.float32))
        b_w = tl.load(weight_ptr + o_f * 9 + tap, mask=m_f, other=0.0).to(tl.float32)
        b_value += b_x * b_w[None, :]
        b_x = _silu(tl.load(at + (half + o_f)[None, :] * stride_xf, mask=m, other=0.0).to(tl.float32))
        b_w = tl.load(weight_ptr + (half + o_f) * 9 + tap, mask=m_f, other=0.0).to(tl.float32)
        b_gate += b_x * b_w[None, :]
    m = (o_w < width)[:, None] & m_f[None, :]
    at = out_ptr + (line * width + o_w[:, None]) * half + o_f[None, :]
    tl.store(at, (b_value * _silu(b_gate)).to(out_ptr.dtype.element_ty), mask=m)


def gated_depthwise_conv(x_BhwF: Tensor, weight_F133: Tensor, bias_F: Tensor) -> Tensor:
    """As the reference; `x_BhwF` may have any strides, the result is contiguous."""
    batch, height, width, channels = x_BhwF.shape
    half = channels // 2
    out = torch.empty(batch, height, width, half, dtype=x_BhwF.dtype, device=x_BhwF.device)
    grid = (batch * height, triton.cdiv(width, COLUMNS), triton.cdiv(half, CHANNELS))
    _gated_conv_kernel[grid](
        x_BhwF, weight_F133.contiguous(), bias_F.contiguous(), out, height, width, half,
        *x_BhwF.stride(), COLUMNS=COLUMNS, CHANNELS=CHANNELS,
    )  # fmt: skip
    return out


def example(device: torch.device, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Small odd inputs, for the comparison with the reference."""
    generator = torch.Generator().manual_seed(0)
    shapes = ((2, 5, 19, 134), (134, 1, 3, 3), (134,))
    x, weight, bias = (torch.randn(shape, generator=generator).to(device, dtype) for shape in shapes)
    return x, weight, bias
