"""Layer norm with adaptive scale and shift in one pass, Triton; also with int8 quantization of the result."""

# Kernels are written in Triton's language, whose values have no Python types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportMissingParameterType=false, reportArgumentType=false, reportCallIssue=false, reportIndexIssue=false
# pyright: reportGeneralTypeIssues=false, reportOperatorIssue=false, reportAttributeAccessIssue=false

import torch
import triton
import triton.language as tl
from torch import Tensor

from sana_kernels.w8a8.reference import LARGEST


@triton.jit
def _modulated(
    x_ptr, scale_ptr, shift_ptr, tokens, width, eps, stride_xb, stride_xn, stride_scale, stride_shift,
    WIDTH: tl.constexpr,
):  # fmt: skip
    """One token's (x - mean) / sqrt(var + eps) * (1 + scale) + shift, in fp32."""
    row = tl.program_id(0).to(tl.int64)
    batch, token = row // tokens, row % tokens
    o_d = tl.arange(0, WIDTH)
    m_d = o_d < width
    b_x = tl.load(x_ptr + batch * stride_xb + token * stride_xn + o_d, mask=m_d, other=0.0).to(tl.float32)
    b_centred = tl.where(m_d, b_x - tl.sum(b_x) / width, 0.0)
    b_normed = b_centred * tl.rsqrt(tl.sum(b_centred * b_centred) / width + eps)
    b_scale = tl.load(scale_ptr + batch * stride_scale + o_d, mask=m_d, other=0.0).to(tl.float32)
    b_shift = tl.load(shift_ptr + batch * stride_shift + o_d, mask=m_d, other=0.0).to(tl.float32)
    return b_normed * (1.0 + b_scale) + b_shift


@triton.jit
def _modulated_norm_kernel(
    x_ptr, scale_ptr, shift_ptr, out_ptr, tokens, width, eps, stride_xb, stride_xn, stride_scale, stride_shift,
    WIDTH: tl.constexpr,
):  # fmt: skip
    """The modulated token, in the dtype of the result."""
    b_out = _modulated(
        x_ptr, scale_ptr, shift_ptr, tokens, width, eps, stride_xb, stride_xn, stride_scale, stride_shift, WIDTH
    )
    o_d = tl.arange(0, WIDTH)
    at = out_ptr + tl.program_id(0).to(tl.int64) * width + o_d
    tl.store(at, b_out.to(out_ptr.dtype.element_ty), mask=o_d < width)


@triton.jit
def _modulated_norm_int8_kernel(
    x_ptr, scale_ptr, shift_ptr, out_ptr, out_scale_ptr, tokens, width, eps, inverse,
    stride_xb, stride_xn, stride_scale, stride_shift, WIDTH: tl.constexpr,
):  # fmt: skip
    """The modulated token as int8 with a scale of its own: max |x| / 127."""
    b_out = _modulated(
        x_ptr, scale_ptr, shift_ptr, tokens, width, eps, stride_xb, stride_xn, stride_scale, stride_shift, WIDTH
    )
    o_d = tl.arange(0, WIDTH)
    b_out = tl.where(o_d < width, b_out, 0.0)
    step = tl.max(tl.abs(b_out)) * inverse
    b_steps = tl.div_rn(b_out, tl.where(step == 0.0, 1.0, step) + tl.zeros((WIDTH,), dtype=tl.float32))
    # As in w8a8: fp32 has no places behind the point there, so this sum rounds to the nearest, and halves to even.
    b_rounded = (b_steps + 12582912.0) - 12582912.0
    row = tl.program_id(0).to(tl.int64)
    tl.store(out_ptr + row * width + o_d, b_rounded.to(tl.int8), mask=o_d < width)
    tl.store(out_scale_ptr + row, step)


def modulated_layer_norm(x_BND: Tensor, scale_B1D: Tensor, shift_B1D: Tensor, *, eps: float = 1e-6) -> Tensor:
    """As the reference; scale and shift may have one row for all."""
    x_BND, scale, shift, strides = _prepared(x_BND, scale_B1D, shift_B1D)
    batch, tokens, width = x_BND.shape
    out = torch.empty(x_BND.shape, dtype=x_BND.dtype, device=x_BND.device)
    _modulated_norm_kernel[(batch * tokens,)](
        x_BND, scale, shift, out, tokens, width, eps, *strides, WIDTH=triton.next_power_of_2(width)
    )
    return out


def modulated_layer_norm_int8(
    x_BND: Tensor, scale_B1D: Tensor, shift_B1D: Tensor, *, eps: float = 1e-6
) -> tuple[Tensor, Tensor]:
    """The same, quantized as `w8a8.reference.quantize_rows`: int8 [B, N, D] and fp32 scales [B, N, 1]."""
    x_BND, scale, shift, strides = _prepared(x_BND, scale_B1D, shift_B1D)
    batch, tokens, width = x_BND.shape
    out = torch.empty(x_BND.shape, dtype=torch.int8, device=x_BND.device)
    out_scale = torch.empty(batch, tokens, 1, dtype=torch.float32, device=x_BND.device)
    _modulated_norm_int8_kernel[(batch * tokens,)](
        x_BND, scale, shift, out, out_scale, tokens, width, eps, 1 / LARGEST, *strides,
        WIDTH=triton.next_power_of_2(width),
    )  # fmt: skip
    return out, out_scale


def _prepared(
    x_BND: Tensor, scale_B1D: Tensor, shift_B1D: Tensor
) -> tuple[Tensor, Tensor, Tensor, tuple[int, int, int, int]]:
    """The inputs with unit stride along the width, and the other strides; one row for all has the stride 0."""
    x, scale, shift = (part if part.stride(-1) == 1 else part.contiguous() for part in (x_BND, scale_B1D, shift_B1D))
    rows = [0 if part.shape[0] == 1 else part.stride(0) for part in (scale, shift)]
    return x, scale, shift, (x.stride(0), x.stride(1), rows[0], rows[1])


def example(device: torch.device, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Small odd inputs, for the comparison with the reference."""
    generator = torch.Generator().manual_seed(0)
    shapes = ((2, 9, 1152), (1, 1, 1152), (1, 1, 1152))
    x, scale, shift = (torch.randn(shape, generator=generator).to(device, dtype) for shape in shapes)
    return x, scale, shift
