"""Gate and residual in one pass, Triton."""

# Kernels are written in Triton's language, whose values have no Python types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportMissingParameterType=false, reportArgumentType=false, reportCallIssue=false, reportIndexIssue=false
# pyright: reportGeneralTypeIssues=false, reportOperatorIssue=false, reportAttributeAccessIssue=false

import torch
import triton
import triton.language as tl
from torch import Tensor

BLOCK = 1024


@triton.jit
def _gated_residual_kernel(
    x_ptr, gate_ptr, y_ptr, out_ptr, per_row, width, stride_gate, BLOCK: tl.constexpr
):  # fmt: skip
    """out = x + gate * y over contiguous rows of N * D values, the gate repeating every D."""
    batch = tl.program_id(0).to(tl.int64)
    o = tl.program_id(1).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    m = o < per_row
    b_gate = tl.load(gate_ptr + batch * stride_gate + o % width, mask=m, other=0.0).to(tl.float32)
    b_x = tl.load(x_ptr + batch * per_row + o, mask=m, other=0.0).to(tl.float32)
    b_y = tl.load(y_ptr + batch * per_row + o, mask=m, other=0.0).to(tl.float32)
    tl.store(out_ptr + batch * per_row + o, (b_x + b_gate * b_y).to(out_ptr.dtype.element_ty), mask=m)


def gated_residual(x_BND: Tensor, gate_B1D: Tensor, y_BND: Tensor) -> Tensor:
    """As the reference; the gate may have one row for all."""
    x, gate, y = x_BND.contiguous(), gate_B1D, y_BND.contiguous()
    if gate.stride(-1) != 1:
        gate = gate.contiguous()
    batch, tokens, width = x.shape
    out = torch.empty_like(x)
    stride_gate = 0 if gate.shape[0] == 1 else gate.stride(0)
    _gated_residual_kernel[(batch, triton.cdiv(tokens * width, BLOCK))](
        x, gate, y, out, tokens * width, width, stride_gate, BLOCK=BLOCK
    )
    return out


def example(device: torch.device, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Small odd inputs, for the comparison with the reference."""
    generator = torch.Generator().manual_seed(0)
    shapes = ((2, 9, 1150), (2, 1, 1150), (2, 9, 1150))
    x, gate, y = (torch.randn(shape, generator=generator).to(device, dtype) for shape in shapes)
    return x, gate, y
