"""ReLU linear attention in two passes over the tokens, Triton.

Shapes: B batch, H heads, N tokens, C channels per head, S parts that the tokens are split into.
"""

# Kernels are written in Triton's language, whose values have no Python types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportMissingParameterType=false, reportArgumentType=false, reportCallIssue=false, reportIndexIssue=false
# pyright: reportGeneralTypeIssues=false, reportOperatorIssue=false, reportAttributeAccessIssue=false

from typing import NamedTuple

import torch
import triton
import triton.language as tl
from torch import Tensor


class Split(NamedTuple):
    """Tokens per block and per part, and how the second pass multiplies what has 16 bit.

    Parts run side by side; more of them fill a GPU when there are few heads, but each costs a state of C x C, which
    every program of the second pass reads: hence at most so many.
    """

    block: int
    part: int
    most: int
    precision: str


# Three products of tf32 keep what one of fp32 has, on tensor cores.
SPLIT = Split(128, 256, 16, "tf32x3")


@triton.jit
def _linear_attention_state_kernel(
    k_ptr, v_ptr, state_ptr, sum_ptr, heads, tokens, channels, part_tokens, parts,
    stride_kb, stride_kh, stride_kn, stride_kc, stride_vb, stride_vh, stride_vn, stride_vc,
    C: tl.constexpr, BLOCK: tl.constexpr, UPCAST: tl.constexpr,
):  # fmt: skip
    """state = sum_n relu(k_n)^T v_n and sum = sum_n relu(k_n) over one part of the tokens, in fp32."""
    pair = tl.program_id(0).to(tl.int64)
    part = tl.program_id(1).to(tl.int64)
    batch, head = pair // heads, pair % heads
    o_c = tl.arange(0, C)
    m_c = o_c < channels
    b_state = tl.zeros((C, C), dtype=tl.float32)
    b_sum = tl.zeros((C,), dtype=tl.float32)
    begin = part * part_tokens
    for start in range(0, part_tokens, BLOCK):
        o_n = begin + start + tl.arange(0, BLOCK)
        m_n = o_n < tl.minimum(begin + part_tokens, tokens)
        m = m_n[:, None] & m_c[None, :]
        k_at = k_ptr + batch * stride_kb + head * stride_kh + o_n[:, None] * stride_kn + o_c[None, :] * stride_kc
        v_at = v_ptr + batch * stride_vb + head * stride_vh + o_n[:, None] * stride_vn + o_c[None, :] * stride_vc
        b_k = tl.maximum(tl.load(k_at, mask=m, other=0.0).to(tl.float32), 0.0)
        b_v = tl.load(v_at, mask=m, other=0.0)
        b_sum += tl.sum(b_k, axis=0)
        # ReLU is exact in every dtype, so 16 bit operands lose nothing; the sums are fp32.
        if UPCAST:
            b_state += tl.dot(tl.trans(b_k), b_v.to(tl.float32), input_precision="ieee")
        else:
            b_state += tl.dot(tl.trans(b_k.to(b_v.dtype)), b_v)
    o_state = (pair * parts + part) * channels * channels
    tl.store(state_ptr + o_state + o_c[:, None] * channels + o_c[None, :], b_state, mask=m_c[:, None] & m_c[None, :])
    tl.store(sum_ptr + (pair * parts + part) * channels + o_c, b_sum, mask=m_c)


@triton.jit
def _linear_attention_apply_kernel(
    q_ptr, state_ptr, sum_ptr, out_ptr, heads, tokens, channels, parts, eps, limit,
    stride_qb, stride_qh, stride_qn, stride_qc, stride_ob, stride_oh, stride_on, stride_oc,
    C: tl.constexpr, BLOCK: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    """out_n = relu(q_n) state / (relu(q_n) . sum + eps), clipped to the limit of the result's dtype."""
    pair = tl.program_id(0).to(tl.int64)
    batch, head = pair // heads, pair % heads
    o_c = tl.arange(0, C)
    m_c = o_c < channels
    b_state = tl.zeros((C, C), dtype=tl.float32)
    b_sum = tl.zeros((C,), dtype=tl.float32)
    for part in range(parts):
        o_state = (pair * parts + part) * channels * channels
        at = state_ptr + o_state + o_c[:, None] * channels + o_c[None, :]
        b_state += tl.load(at, mask=m_c[:, None] & m_c[None, :], other=0.0)
        b_sum += tl.load(sum_ptr + (pair * parts + part) * channels + o_c, mask=m_c, other=0.0)
    o_n = tl.program_id(1).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    m = (o_n < tokens)[:, None] & m_c[None, :]
    q_at = q_ptr + batch * stride_qb + head * stride_qh + o_n[:, None] * stride_qn + o_c[None, :] * stride_qc
    b_q = tl.maximum(tl.load(q_at, mask=m, other=0.0).to(tl.float32), 0.0)
    # The state is a sum over all tokens: tf32 alone would cut it to ten bits.
    b_out = tl.dot(b_q, b_state, input_precision=PRECISION)
    b_out = b_out / (tl.sum(b_q * b_sum[None, :], axis=1) + eps)[:, None]
    b_out = tl.minimum(tl.maximum(b_out, -limit), limit)
    out_at = out_ptr + batch * stride_ob + head * stride_oh + o_n[:, None] * stride_on + o_c[None, :] * stride_oc
    tl.store(out_at, b_out.to(out_ptr.dtype.element_ty), mask=m)


def relu_linear_attention(
    q_BHNC: Tensor, k_BHNC: Tensor, v_BHNC: Tensor, *, eps: float = 1e-15, split: Split = SPLIT
) -> Tensor:
    """As the reference; any strides. The result is a view of [B, N, H, C], so joining the heads copies nothing.

    `split` is for measuring.
    """
    batch, heads, tokens, channels = q_BHNC.shape
    parts = max(1, min(split.most, triton.cdiv(tokens, split.part)))
    part_tokens = triton.cdiv(triton.cdiv(tokens, parts), split.block) * split.block
    block_channels = max(16, triton.next_power_of_2(channels))
    state = torch.empty(batch * heads, parts, channels, channels, dtype=torch.float32, device=q_BHNC.device)
    key_sum = torch.empty(batch * heads, parts, channels, dtype=torch.float32, device=q_BHNC.device)
    out_BHNC = torch.empty(batch, tokens, heads, channels, dtype=v_BHNC.dtype, device=q_BHNC.device).transpose(1, 2)
    upcast = k_BHNC.device.type == "cpu" or k_BHNC.dtype is torch.float32
    _linear_attention_state_kernel[(batch * heads, parts)](
        k_BHNC, v_BHNC, state, key_sum, heads, tokens, channels, part_tokens, parts,
        *k_BHNC.stride(), *v_BHNC.stride(), C=block_channels, BLOCK=split.block, UPCAST=upcast,
    )  # fmt: skip
    limit = torch.finfo(torch.float16).max if v_BHNC.dtype is torch.float16 else float("inf")
    _linear_attention_apply_kernel[(batch * heads, triton.cdiv(tokens, split.block))](
        q_BHNC, state, key_sum, out_BHNC, heads, tokens, channels, parts, eps, limit,
        *q_BHNC.stride(), *out_BHNC.stride(), C=block_channels, BLOCK=split.block,
        PRECISION="ieee" if upcast else split.precision,
    )  # fmt: skip
    return out_BHNC


def example(device: torch.device, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Small odd inputs with strided heads, for the comparison with the reference."""
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(2, 131, 3, 3, 32, generator=generator).to(device, dtype)
    q, k, v = (part.transpose(1, 2) for part in rows.unbind(2))
    return q, k, v
