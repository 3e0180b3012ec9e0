"""ReLU linear attention in two passes, for tokens that come in portions (SANA paper, section 2.2, equation 1).

Shapes: B batch, H heads, N tokens of one portion, C channels per head.
Keys and values of all portions are summed first; then each portion's queries read the sum. Over all portions this is
`relu_linear_attention`, up to the order of the additions.
"""

from typing import NamedTuple

import torch
from torch import Tensor


class KeyValueState(NamedTuple):
    """What attention keeps of keys and values: sum of relu(k)^T v, and sum of relu(k); both fp32."""

    products_BHCC: Tensor
    keys_BHC1: Tensor


def key_value_state(k_BHNC: Tensor, v_BHNC: Tensor, before: KeyValueState | None = None) -> KeyValueState:
    """The state of these tokens, added to that of those before."""
    k = torch.relu(k_BHNC).float()
    products_BHCC = k.transpose(-2, -1) @ v_BHNC.float()
    keys_BHC1 = k.sum(dim=-2).unsqueeze(-1)
    if before is None:
        return KeyValueState(products_BHCC, keys_BHC1)
    return KeyValueState(before.products_BHCC + products_BHCC, before.keys_BHC1 + keys_BHC1)


def read_state(q_BHNC: Tensor, state: KeyValueState, *, eps: float = 1e-15) -> Tensor:
    """What these queries read: [B, H, N, C] in the dtype of `q_BHNC`; for fp16 clipped to its finite range."""
    q = torch.relu(q_BHNC).float()
    out = (q @ state.products_BHCC) / (q @ state.keys_BHC1 + eps)
    if q_BHNC.dtype is torch.float16:
        limit = torch.finfo(torch.float16).max
        out = out.clamp(-limit, limit)
    return out.to(q_BHNC.dtype)
