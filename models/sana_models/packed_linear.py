"""Linear layers whose weights lie in the order in which the CPU reads them.

Shapes: M tokens, K width in, N width out.
"""

import torch
from torch import Tensor, nn


class PackedLinear(nn.Module):
    """As the `nn.Linear` it was made from, for inference on a CPU; oneDNN orders the weight once, not at every call.

    The plain weight is let go: a packed network cannot be saved, trained or moved, and is loaded again for that.
    """

    def __init__(self, linear: nn.Linear, tokens: int) -> None:
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        self.bias = linear.bias
        # Not a buffer: it has no strides, so nothing that walks over tensors could do anything with it.
        self._packed: Tensor = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), tokens)

    def forward(self, x_MK: Tensor) -> Tensor:
        """[..., K] to [..., N]."""
        return torch.ops.mkldnn._linear_pointwise(x_MK, self._packed, self.bias, "none", [], "")


def pack_linears(network: nn.Module, tokens: int) -> int:
    """Replace every plain linear layer of `network` by a packed one; returns how many.

    `tokens` is about how many rows the layers will see at once; any other number works too. Layers that
    quantizers or adapters put there are other types and stay, and so do those that oneDNN cannot run here.
    """
    plain = [
        (parent, name, child)
        for parent in network.modules()
        for name, child in parent.named_children()
        if type(child) is nn.Linear and _can_be_packed(child.weight)
    ]
    for parent, name, child in plain:
        setattr(parent, name, PackedLinear(child, tokens))
    return len(plain)


def _can_be_packed(weight_NK: Tensor) -> bool:
    """Whether oneDNN is there and runs this dtype on this processor."""
    if not torch.backends.mkldnn.is_available() or weight_NK.device.type != "cpu":
        return False
    if weight_NK.dtype is torch.bfloat16:
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return weight_NK.dtype is torch.float32
