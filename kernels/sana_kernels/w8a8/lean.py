"""Linear layers in 8 bit on CPUs: the reference's arithmetic, with the integer product where the processor has it.

Shapes: M tokens, K width in, N width out, J a piece of K.
"""

from functools import cache

import torch
from torch import Tensor

from sana_kernels.w8a8.reference import LARGEST, quantize_rows

# So many products of int8 sum up exactly in fp32, which holds every whole number below 2^24.
EXACT_DEPTH = 2**24 // LARGEST**2
# torch's integer product has no smaller ones.
LEAST_ROWS = 17


def w8a8_linear(x_MK: Tensor, weight_NK: Tensor, weight_scale_N1: Tensor, bias_N: Tensor | None = None) -> Tensor:
    """As the reference, bit by bit."""
    values_MK, scale_M1 = quantize_rows(x_MK)
    sums_MN = int8_product(values_MK, weight_NK, by_instruction=has_int8_instructions() and len(x_MK) >= LEAST_ROWS)
    out = sums_MN.float() * scale_M1 * weight_scale_N1.T
    if bias_N is not None:
        out = out + bias_N
    return out.to(x_MK.dtype)


def int8_product(x_MK: Tensor, weight_NK: Tensor, *, by_instruction: bool) -> Tensor:
    """The exact product [M, N] in int32: by oneDNN's int8 instructions, or in pieces of the depth by fp32."""
    if by_instruction:
        # torch has no public name for it.
        return torch.ops.aten._int_mm(x_MK, weight_NK.T)
    sums_MN = torch.zeros(len(x_MK), len(weight_NK), dtype=torch.int32)
    for first in range(0, x_MK.shape[1], EXACT_DEPTH):
        x_MJ, weight_NJ = (whole[:, first : first + EXACT_DEPTH].float() for whole in (x_MK, weight_NK))
        sums_MN += (x_MJ @ weight_NJ.T).to(torch.int32)
    return sums_MN


@cache
def has_int8_instructions() -> bool:
    """Whether the processor multiplies int8 without saturating sums in 16 bit, which AVX2 alone does."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("amx_int8") or capabilities.get("avx512_vnni") or capabilities.get("avx_vnni"))
