"""Layer norm without parameters, then adaptive scale and shift (adaLN), plain torch."""

from torch import Tensor
from torch.nn import functional


def modulated_layer_norm(x_BND: Tensor, scale_B1D: Tensor, shift_B1D: Tensor, *, eps: float = 1e-6) -> Tensor:
    """Normalise each token over D and modulate it: norm(x) * (1 + scale) + shift.

    Returns [B, N, D] in the dtype of `x_BND`. Source: adaLN of DiT (arXiv 2212.09748, section 3.2),
    in the shared-table form of PixArt that Sana uses.
    """
    normed = functional.layer_norm(x_BND, (x_BND.shape[-1],), eps=eps)
    return normed * (1 + scale_B1D) + shift_B1D
