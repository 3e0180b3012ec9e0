"""Norm of queries or keys with the ReLU that linear attention starts with, plain torch (SANA-1.5, arXiv 2501.18427)."""

import torch
from torch import Tensor
from torch.nn import functional


def rms_norm_relu(x_BND: Tensor, weight_D: Tensor, *, eps: float = 1e-5) -> Tensor:
    """relu(x / rms(x) * weight), the mean square over all heads together, in fp32; [B, N, D] in the dtype of x."""
    return torch.relu(functional.rms_norm(x_BND, weight_D.shape, weight_D, eps))
