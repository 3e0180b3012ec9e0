"""ReLU linear attention, plain torch (SANA paper, section 2.2, equation 1).

Shapes: B batch, H heads, N tokens, C channels per head.
"""

import torch
from torch import Tensor


def relu_linear_attention(q_BHNC: Tensor, k_BHNC: Tensor, v_BHNC: Tensor, *, eps: float = 1e-15) -> Tensor:
    """Attend with ReLU feature maps at a cost linear in the number of tokens.

    out_n = relu(q_n) (sum_m relu(k_m)^T v_m) / (relu(q_n) . sum_m relu(k_m) + eps)

    The two sums over tokens, the products with them and the division run in fp32 whatever the
    inputs are: in half precision the sums leave its range. There is no 1/sqrt(C).

    Returns [B, H, N, C] in the dtype of `v_BHNC`. For fp16 the result is clipped to its finite range.
    """
    q = torch.relu(q_BHNC).float()
    k = torch.relu(k_BHNC).float()
    v = v_BHNC.float()
    state_BHCC = k.transpose(-2, -1) @ v
    key_sum_BHC1 = k.sum(dim=-2).unsqueeze(-1)
    out = (q @ state_BHCC) / (q @ key_sum_BHC1 + eps)
    if v_BHNC.dtype is torch.float16:
        limit = torch.finfo(torch.float16).max
        out = out.clamp(-limit, limit)
    return out.to(v_BHNC.dtype)
