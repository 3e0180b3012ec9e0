"""The middle of the Mix-FFN in one pass, Triton: SiLU, depthwise 3x3, gate.

Shapes: B batch, h w latent height and width, F hidden width, twice that of the result.
"""

# Kernels are written in Triton's language, whose values have no Python types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportMissingParameterType=false, reportArgumentType=false, reportCallIssue=false, reportIndexIssue=false
# pyright: reportGeneralTypeIssues=false, reportOperatorIssue=false, reportAttributeAccessIssue=false
# pyright: reportUnknownMemberType=false
# Triton's tuples are added; it knows no stars.
# ruff: noqa: RUF005

from typing import NamedTuple

import torch
import triton
import triton.language as tl
from torch import Tensor


class Shape(NamedTuple):
    """What one program computes: `rows` rows of `columns` columns of `channels` channels of the result."""

    rows: int
    columns: int
    channels: int
    warps: int


# Channels per thread decide how much fits into registers: two of 16 bit are one load.
SMALL, LARGE = Shape(4, 4, 64, 1), Shape(16, 4, 64, 1)
# Latent positions, all pictures together, from which long strips still leave programs enough for every GPU.
MANY = 2048


def silu_for(dtype: torch.dtype, device: torch.device) -> int:
    """How `_silu` is computed: the approximate tanh errs far less than bf16 rounds, but not less than fp16 does."""
    if device.type != "cuda":
        return 0
    return 2 if dtype is torch.bfloat16 else 1


@triton.jit
def _silu(x, FAST: tl.constexpr):
    """x / (1 + exp(-x)): plainly, FAST 1 by approximate powers and inverses, FAST 2 by one approximate tanh.

    Plainly, scaling around both approximate instructions takes half of the kernel's time.
    """
    if FAST == 2:
        half = 0.5 * x
        return half + half * tl.inline_asm_elementwise(
            "tanh.approx.f32 $0, $1;", "=f,f", [half], dtype=tl.float32, is_pure=True, pack=1
        )
    if FAST == 1:
        power = tl.inline_asm_elementwise(
            "ex2.approx.ftz.f32 $0, $1;", "=f,f", [x * -1.4426950408889634], dtype=tl.float32, is_pure=True, pack=1
        )
        return x * tl.inline_asm_elementwise(
            "rcp.approx.ftz.f32 $0, $1;", "=f,f", [1.0 + power], dtype=tl.float32, is_pure=True, pack=1
        )
    return x / (1.0 + tl.exp(-x))


@triton.jit
def _added(sums, row, weights, LINE: tl.constexpr, COLUMNS: tl.constexpr):
    """For every column, its sum and three taps of a line of the weights."""
    found = ()
    for i in tl.static_range(COLUMNS):
        b_sum = sums[i] + row[i] * weights[3 * LINE] + row[i + 1] * weights[3 * LINE + 1]
        found = found + (b_sum + row[i + 2] * weights[3 * LINE + 2],)
    return found


@triton.jit
def _weights(at, m, stride_wt):
    """All nine taps, as a tuple."""
    weights = ()
    for tap in tl.static_range(9):
        weights = weights + (tl.load(at + tap * stride_wt, mask=m, other=0.0).to(tl.float32),)
    return weights


@triton.jit
def _same(b_one, COLUMNS: tl.constexpr):
    """A tuple of the same block for every column."""
    found = ()
    for _ in tl.static_range(COLUMNS):
        found = found + (b_one,)
    return found


@triton.jit(do_not_specialize=["height", "width", "strips", "rows"])
def _gated_conv_kernel(
    x_ptr, weight_ptr, bias_ptr, out_ptr, height, width, half, strips, rows,
    stride_xb, stride_xh, stride_xw, stride_xf, stride_wf, stride_wt,
    COLUMNS: tl.constexpr, CHANNELS: tl.constexpr, FAST: tl.constexpr,
):  # fmt: skip
    """out = value * silu(gate); both are bias + sum over nine taps of weight * silu(x), zeros outside.

    Walks down a strip. A row that was read belongs to three rows of the result: it ends the one above (whose sums are
    `over`), is the middle of its own (`own`), and begins the one below, so that SiLU is computed where a value is read.
    """
    o_f = tl.program_id(0) * CHANNELS + tl.arange(0, CHANNELS)
    m_f = o_f < half
    left = tl.program_id(1).to(tl.int64) * COLUMNS
    batch = (tl.program_id(2) // strips).to(tl.int64)
    top = (tl.program_id(2) % strips).to(tl.int64) * rows
    o_half = half.to(tl.int64) * stride_xf
    w_value = _weights(weight_ptr + o_f * stride_wf, m_f, stride_wt)
    w_gate = _weights(weight_ptr + (half + o_f) * stride_wf, m_f, stride_wt)
    bias_value = _same(tl.load(bias_ptr + o_f, mask=m_f, other=0.0).to(tl.float32), COLUMNS)
    bias_gate = _same(tl.load(bias_ptr + half + o_f, mask=m_f, other=0.0).to(tl.float32), COLUMNS)
    value_over, value_own, gate_over, gate_own = bias_value, bias_value, bias_gate, bias_gate
    at = x_ptr + batch * stride_xb + (top - 1) * stride_xh + o_f.to(tl.int64) * stride_xf
    out_at = out_ptr + ((batch * height + top - 2) * width + left) * half + o_f
    for step in range(tl.minimum(rows, height - top) + 2):
        row = top - 1 + step
        x_value, x_gate = (), ()
        for i in tl.static_range(COLUMNS + 2):
            column = left + i - 1
            inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
            m = o_f < tl.where(inside, half, 0)
            x_at = at + column * stride_xw
            x_value = x_value + (_silu(tl.load(x_at, mask=m, other=0.0).to(tl.float32), FAST),)
            x_gate = x_gate + (_silu(tl.load(x_at + o_half, mask=m, other=0.0).to(tl.float32), FAST),)
        value, gate = _added(value_over, x_value, w_value, 2, COLUMNS), _added(gate_over, x_gate, w_gate, 2, COLUMNS)
        for i in tl.static_range(COLUMNS):
            b_out = (value[i] * _silu(gate[i], FAST)).to(out_ptr.dtype.element_ty)
            m = o_f < tl.where((row > top) & (left + i < width), half, 0)
            tl.store(out_at + i * half, b_out, mask=m)
        value_over, value_own = (
            _added(value_own, x_value, w_value, 1, COLUMNS),
            _added(bias_value, x_value, w_value, 0, COLUMNS),
        )
        gate_over, gate_own = (
            _added(gate_own, x_gate, w_gate, 1, COLUMNS),
            _added(bias_gate, x_gate, w_gate, 0, COLUMNS),
        )
        at += stride_xh
        out_at += width * half


def gated_depthwise_conv(
    x_BhwF: Tensor, weight_F133: Tensor, bias_F: Tensor, *, shape: Shape | None = None, fast: int | None = None
) -> Tensor:
    """As the reference; any strides of `x_BhwF`, the result is contiguous. `shape` and `fast` are for measuring."""
    batch, height, width, channels = x_BhwF.shape
    half = channels // 2
    out = torch.empty(batch, height, width, half, dtype=x_BhwF.dtype, device=x_BhwF.device)
    shape = shape or (LARGE if batch * height * width >= MANY else SMALL)
    weight_F9 = weight_F133.reshape(channels, 9)
    strips = triton.cdiv(height, shape.rows)
    grid = (triton.cdiv(half, shape.channels), triton.cdiv(width, shape.columns), batch * strips)
    _gated_conv_kernel[grid](
        x_BhwF, weight_F9, bias_F.contiguous(), out, height, width, half, strips, shape.rows, *x_BhwF.stride(),
        *weight_F9.stride(), COLUMNS=shape.columns, CHANNELS=shape.channels,
        FAST=silu_for(x_BhwF.dtype, x_BhwF.device) if fast is None else fast, num_warps=shape.warps,
    )  # fmt: skip
    return out


def example(device: torch.device, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Small odd inputs, for the comparison with the reference."""
    generator = torch.Generator().manual_seed(0)
    shapes = ((2, 5, 19, 134), (134, 1, 3, 3), (134,))
    x, weight, bias = (torch.randn(shape, generator=generator).to(device, dtype) for shape in shapes)
    return x, weight, bias
