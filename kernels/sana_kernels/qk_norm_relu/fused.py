"""Norm of queries or keys with ReLU in one pass, Triton."""

# Kernels are written in Triton's language, whose values have no Python types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportMissingParameterType=false, reportArgumentType=false, reportCallIssue=false, reportIndexIssue=false
# pyright: reportGeneralTypeIssues=false, reportOperatorIssue=false, reportAttributeAccessIssue=false

import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def _rms_norm_relu_kernel(x_ptr, weight_ptr, out_ptr, width, eps, stride_row, WIDTH: tl.constexpr):
    """relu(x / sqrt(mean(x^2) + eps) * weight) of one token, in fp32."""
    row = tl.program_id(0).to(tl.int64)
    o_d = tl.arange(0, WIDTH)
    m_d = o_d < width
    b_x = tl.load(x_ptr + row * stride_row + o_d, mask=m_d, other=0.0).to(tl.float32)
    b_w = tl.load(weight_ptr + o_d, mask=m_d, other=0.0).to(tl.float32)
    b_out = tl.maximum(b_x * tl.rsqrt(tl.sum(b_x * b_x) / width + eps) * b_w, 0.0)
    tl.store(out_ptr + row * width + o_d, b_out.to(out_ptr.dtype.element_ty), mask=m_d)


def rms_norm_relu(x_BND: Tensor, weight_D: Tensor, *, eps: float = 1e-5) -> Tensor:
    """As the reference; a third of a joined projection needs no copy."""
    width = x_BND.shape[-1]
    rows = x_BND.reshape(-1, width)
    rows = rows if rows.stride(-1) == 1 else rows.contiguous()
    out = torch.empty(x_BND.shape, dtype=x_BND.dtype, device=x_BND.device)
    _rms_norm_relu_kernel[(rows.shape[0],)](
        rows, weight_D.contiguous(), out, width, eps, rows.stride(0), WIDTH=triton.next_power_of_2(width)
    )
    return out


def example(device: torch.device, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Small odd inputs, for the comparison with the reference."""
    generator = torch.Generator().manual_seed(0)
    x, weight = (torch.randn(shape, generator=generator).to(device, dtype) for shape in ((2, 9, 1150), (1150,)))
    return x, weight
