"""The end of every modulated branch of the DiT, plain torch (adaLN-zero, arXiv 2212.09748, section 3.2)."""

import torch
from torch import Tensor


def gated_residual(x_BND: Tensor, gate_B1D: Tensor, y_BND: Tensor) -> Tensor:
    """Return x + gate * y [B, N, D] in the dtype of `x_BND`, rounded once."""
    return torch.addcmul(x_BND, gate_B1D, y_BND)
