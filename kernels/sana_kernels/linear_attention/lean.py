"""ReLU linear attention for CPUs without gradients: the same arithmetic with fewer copies.

Shapes: B batch, H heads, N tokens, C channels per head.
"""

import torch
from torch import Tensor


def relu_linear_attention(q_BHNC: Tensor, k_BHNC: Tensor, v_BHNC: Tensor, *, eps: float = 1e-15) -> Tensor:
    """As the reference. One batch row at a time, because then heads that are strided views need no copy.

    The result is a view of [B, N, H, C]: joining the heads costs nothing either.
    """
    batch, heads, tokens, channels = q_BHNC.shape
    q = torch.relu(q_BHNC).float()
    k = torch.relu(k_BHNC).float()
    v = v_BHNC.float()
    key_sum_BHC = k.sum(dim=2)
    # The sum of keys as one more column of the state: the divisor comes out of the same product.
    state_HCE = torch.empty(heads, channels, channels + 1, dtype=torch.float32, device=q.device)
    out_BNHC = torch.empty(batch, tokens, heads, channels, dtype=torch.float32, device=q.device)
    for row in range(batch):
        state_HCE[..., :channels] = torch.bmm(k[row].transpose(1, 2), v[row])
        state_HCE[..., channels] = key_sum_BHC[row]
        mixed_HNE = torch.bmm(q[row], state_HCE)
        divisor_HN1 = mixed_HNE[..., channels:].add_(eps)
        torch.div(mixed_HNE[..., :channels], divisor_HN1, out=out_BNHC[row].transpose(0, 1))
    if v_BHNC.dtype is torch.float16:
        limit = torch.finfo(torch.float16).max
        out_BNHC.clamp_(-limit, limit)
    return out_BNHC.to(v_BHNC.dtype).transpose(1, 2)
