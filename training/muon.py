"""Muon (Jordan 2024): steps along the nearest orthogonal matrix of the momentum, scaled as AdamW's (arXiv 2502.16982).

torch's own works in bf16, which processors without it emulate ten times slower than fp32, and refuses the weights of
convolutions; this one works in fp32 there and takes a convolution as a matrix.

Shapes: O outputs, I inputs of a weight seen as a matrix.
"""

from collections.abc import Callable, Iterable
from typing import Any, cast

import torch
from torch import Tensor, nn

_ROUNDS = 5
_A, _B, _C = 3.4445, -4.7750, 2.0315
_RMS_OF_ADAMW = 0.2


@torch.no_grad()
def orthogonal(matrix_OI: Tensor) -> Tensor:
    """Nearly the closest matrix with all singular values one, by a quintic iteration; bf16 on a GPU."""
    work: Tensor = matrix_OI.bfloat16() if matrix_OI.is_cuda else matrix_OI.float()
    wide = work.shape[0] <= work.shape[1]
    work = work if wide else work.T
    # torch leaves the norm untyped.
    work = work / (cast("Tensor", work.norm()) + 1e-7)
    for _ in range(_ROUNDS):
        gram = work @ work.T
        work = _A * work + (_B * gram + _C * gram @ gram) @ work
    return (work if wide else work.T).to(matrix_OI.dtype)


class Muon(torch.optim.Optimizer):
    """Momentum (Nesterov) made orthogonal, for matrices and convolutions; weights shrink by `weight_decay`."""

    def __init__(
        self, parameters: Iterable[nn.Parameter], *, lr: float, momentum: float = 0.95, weight_decay: float = 0.0
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """One step from the gradients that are there; there is no closure to call again."""
        if closure is not None:
            raise ValueError("Muon takes gradients as they are: expected no closure")
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._update(parameter, group)

    def _update(self, parameter: nn.Parameter, group: dict[str, Any]) -> None:
        assert parameter.grad is not None
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        momentum: Tensor = state["momentum"]
        momentum.lerp_(parameter.grad, 1 - group["momentum"])
        ahead = parameter.grad.lerp(momentum, group["momentum"])
        # A convolution with fewer inputs than outputs is taken as [in, out * height * width]: the cost goes with the
        # square of the smaller side.
        turned = ahead.ndim > 2 and ahead.shape[1] < ahead.shape[0]
        ahead = ahead.transpose(0, 1) if turned else ahead
        direction = orthogonal(ahead.flatten(1)).view(ahead.shape)
        scale = _RMS_OF_ADAMW * max(ahead.flatten(1).shape) ** 0.5
        parameter.mul_(1 - group["lr"] * group["weight_decay"])
        parameter.add_(direction.transpose(0, 1) if turned else direction, alpha=-group["lr"] * scale)
