"""Linear layers in 8 bit, Triton: int8 tensor cores, dequantization, bias and residual in the epilogue.

Shapes: M tokens, K width in, N width out.
"""

# Kernels are written in Triton's language, whose values have no Python types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportMissingParameterType=false, reportArgumentType=false, reportCallIssue=false, reportIndexIssue=false
# pyright: reportGeneralTypeIssues=false, reportOperatorIssue=false, reportAttributeAccessIssue=false

from functools import cache
from typing import NamedTuple

import torch
import triton
import triton.language as tl
from torch import Tensor

from sana_kernels.w8a8.reference import LARGEST


class Tile(NamedTuple):
    """What one program computes, and how many steps of `depth` it loads ahead."""

    rows: int
    columns: int
    depth: int
    warps: int
    stages: int


WIDE, NARROW = Tile(128, 256, 128, 8, 3), Tile(128, 64, 64, 4, 3)


def tile_for(capability: tuple[int, int], *, residual: bool) -> Tile:
    """The wide tile where it was measured and fits into registers: on 9.0, and not beside a residual."""
    return WIDE if capability == (9, 0) and not residual else NARROW


@cache
def _capability(device: torch.device) -> tuple[int, int]:
    return torch.cuda.get_device_capability(device) if device.type == "cuda" else (0, 0)


@triton.jit
def _int8_linear_kernel(
    x_ptr, x_scale_ptr, weight_ptr, weight_scale_ptr, bias_ptr, residual_ptr, out_ptr, m_size, n_size, k_size,
    stride_xm, stride_wn, stride_rm, HAS_BIAS: tl.constexpr, HAS_RESIDUAL: tl.constexpr,
    ROWS: tl.constexpr, COLUMNS: tl.constexpr, DEPTH: tl.constexpr,
):  # fmt: skip
    """out = (x . weight, summed in int32) * x_scale * weight_scale + bias + residual."""
    o_m = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)
    o_n = tl.program_id(1).to(tl.int64) * COLUMNS + tl.arange(0, COLUMNS)
    o_k = tl.arange(0, DEPTH)
    m_m, m_n = o_m < m_size, o_n < n_size
    b_sum = tl.zeros((ROWS, COLUMNS), dtype=tl.int32)
    for start in range(0, k_size, DEPTH):
        m_k = start + o_k < k_size
        x_at = x_ptr + o_m[:, None] * stride_xm + (start + o_k)[None, :]
        w_at = weight_ptr + o_n[None, :] * stride_wn + (start + o_k)[:, None]
        b_x = tl.load(x_at, mask=m_m[:, None] & m_k[None, :], other=0)
        b_w = tl.load(w_at, mask=m_k[:, None] & m_n[None, :], other=0)
        b_sum = tl.dot(b_x, b_w, acc=b_sum, out_dtype=tl.int32)
    b_out = b_sum.to(tl.float32) * tl.load(x_scale_ptr + o_m, mask=m_m, other=0.0)[:, None]
    b_out = b_out * tl.load(weight_scale_ptr + o_n, mask=m_n, other=0.0)[None, :]
    m = m_m[:, None] & m_n[None, :]
    if HAS_BIAS:
        b_out += tl.load(bias_ptr + o_n, mask=m_n, other=0.0).to(tl.float32)[None, :]
    if HAS_RESIDUAL:
        b_out += tl.load(residual_ptr + o_m[:, None] * stride_rm + o_n[None, :], mask=m, other=0.0).to(tl.float32)
    tl.store(out_ptr + o_m[:, None] * n_size + o_n[None, :], b_out.to(out_ptr.dtype.element_ty), mask=m)


@triton.jit
def _quantize_rows_kernel(x_ptr, out_ptr, scale_ptr, width, inverse, stride_row, WIDTH: tl.constexpr):
    """One row as int8 with the scale max |x| / 127."""
    row = tl.program_id(0).to(tl.int64)
    o_d = tl.arange(0, WIDTH)
    m_d = o_d < width
    b_x = tl.load(x_ptr + row * stride_row + o_d, mask=m_d, other=0.0).to(tl.float32)
    step = tl.max(tl.abs(b_x)) * inverse
    # Bit for bit as torch: a quotient that is off by a bit, or half a step away from zero, is another level.
    b_steps = tl.div_rn(b_x, tl.where(step == 0.0, 1.0, step) + tl.zeros((WIDTH,), dtype=tl.float32))
    # fp32 has no places behind the point there, so this sum rounds to the nearest, and halves to even.
    b_rounded = (b_steps + 12582912.0) - 12582912.0
    tl.store(out_ptr + row * width + o_d, b_rounded.to(tl.int8), mask=m_d)
    tl.store(scale_ptr + row, step)


def quantize_rows(x_MK: Tensor) -> tuple[Tensor, Tensor]:
    """As the reference, bit for bit."""
    x = x_MK if x_MK.stride(-1) == 1 else x_MK.contiguous()
    rows, width = x.shape
    values = torch.empty(rows, width, dtype=torch.int8, device=x.device)
    scale = torch.empty(rows, 1, dtype=torch.float32, device=x.device)
    block = triton.next_power_of_2(width)
    _quantize_rows_kernel[(rows,)](x, values, scale, width, 1 / LARGEST, x.stride(0), WIDTH=block)
    return values, scale


def int8_linear(
    x_MK: Tensor,
    x_scale_M1: Tensor,
    weight_NK: Tensor,
    weight_scale_N1: Tensor,
    bias_N: Tensor | None,
    residual_MN: Tensor | None = None,
    *,
    dtype: torch.dtype,
    tile: Tile | None = None,
) -> Tensor:
    """As the reference; rows of all matrices must be contiguous, their distance is free. `tile` is for measuring."""
    rows, depth = x_MK.shape
    columns = weight_NK.shape[0]
    out = torch.empty(rows, columns, dtype=dtype, device=x_MK.device)
    tile = tile or tile_for(_capability(x_MK.device), residual=residual_MN is not None)
    _int8_linear_kernel[(triton.cdiv(rows, tile.rows), triton.cdiv(columns, tile.columns))](
        x_MK, x_scale_M1, weight_NK, weight_scale_N1, bias_N, residual_MN, out, rows, columns, depth,
        x_MK.stride(0), weight_NK.stride(0), 0 if residual_MN is None else residual_MN.stride(0),
        HAS_BIAS=bias_N is not None, HAS_RESIDUAL=residual_MN is not None,
        ROWS=tile.rows, COLUMNS=tile.columns, DEPTH=tile.depth, num_warps=tile.warps, num_stages=tile.stages,
    )  # fmt: skip
    return out


def w8a8_linear(x_MK: Tensor, weight_NK: Tensor, weight_scale_N1: Tensor, bias_N: Tensor | None = None) -> Tensor:
    """As the reference, in two launches."""
    values_MK, scale_M1 = quantize_rows(x_MK)
    return int8_linear(values_MK, scale_M1, weight_NK, weight_scale_N1, bias_N, dtype=x_MK.dtype)


def example(device: torch.device, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Small odd inputs, for the comparison with the reference."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(65, 1150, generator=generator).to(device, dtype)
    weight = torch.randint(-LARGEST, LARGEST + 1, (99, 1150), generator=generator, dtype=torch.int8).to(device)
    scale = (torch.rand(99, 1, generator=generator) / 1000).to(device)
    return x, weight, scale, torch.randn(99, generator=generator).to(device, dtype)
