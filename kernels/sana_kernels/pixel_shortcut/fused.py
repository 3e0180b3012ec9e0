"""The shortcut of DC-AE's upsampling in one pass, Triton: nothing is repeated or shuffled in memory."""

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
def _pixel_shortcut_kernel(
    out_ptr, x_ptr, sum_ptr, channels, height, width, repeats,
    stride_ob, stride_of, stride_oh, stride_ow, stride_xb, stride_xd, stride_xh, stride_xw,
    stride_sb, stride_sf, stride_sh, stride_sw, BLOCK: tl.constexpr,
):  # fmt: skip
    """sum[f, y, x] = out[f, y, x] + x[(4 f + 2 (y % 2) + x % 2) / repeats, y / 2, x / 2], channels innermost."""
    # One line of the result per program: 64 bit divisions for every value take longer than its memory does.
    line = tl.program_id(0).to(tl.int64)
    batch, row = line // height, line % height
    o = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    m = o < width * channels
    channel, column = (o % channels).to(tl.int64), (o // channels).to(tl.int64)
    source = (4 * channel + 2 * (row % 2) + column % 2) // repeats
    x_at = x_ptr + batch * stride_xb + source * stride_xd + (row // 2) * stride_xh + (column // 2) * stride_xw
    out_at = out_ptr + batch * stride_ob + channel * stride_of + row * stride_oh + column * stride_ow
    b_sum = tl.load(out_at, mask=m, other=0.0).to(tl.float32) + tl.load(x_at, mask=m, other=0.0).to(tl.float32)
    sum_at = sum_ptr + batch * stride_sb + channel * stride_sf + row * stride_sh + column * stride_sw
    tl.store(sum_at, b_sum.to(sum_ptr.dtype.element_ty), mask=m)


def add_pixel_shortcut(out_BFHW: Tensor, x_BDhw: Tensor) -> Tensor:
    """As the reference; any strides, the result has those of `out_BFHW`."""
    batch, channels, height, width = out_BFHW.shape
    result = torch.empty_like(out_BFHW)
    _pixel_shortcut_kernel[(batch * height, triton.cdiv(width * channels, BLOCK))](
        out_BFHW, x_BDhw, result, channels, height, width, 4 * channels // x_BDhw.shape[1],
        *out_BFHW.stride(), *x_BDhw.stride(), *result.stride(), BLOCK=BLOCK,
    )  # fmt: skip
    return result


def example(device: torch.device, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Small odd inputs, for the comparison with the reference."""
    generator = torch.Generator().manual_seed(0)
    out, x = (torch.randn(shape, generator=generator).to(device, dtype) for shape in ((2, 6, 6, 10), (2, 12, 3, 5)))
    return out, x
