"""Muon (Jordan 2024): steps along the nearest orthogonal matrix of the momentum, scaled as AdamW's (arXiv 2502.16982).

torch's own works in bf16, which processors without it emulate ten times slower than fp32, and refuses the weights of
convolutions; this one works in fp32 there and takes a convolution as a matrix.

Shapes: O outputs, I inputs of a weight seen as a matrix.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, cast

import torch
from torch import Tensor, nn

_ROUNDS = 5
_A, _B, _C = 3.4445, -4.7750, 2.0315
_RMS_OF_ADAMW = 0.2


@torch.no_grad()
def orthogonal(matrices_OI: Tensor) -> Tensor:
    """Nearly the closest matrices [..., O, I] with all singular values one, by a quintic iteration; bf16 on a GPU."""
    work: Tensor = matrices_OI.bfloat16() if matrices_OI.is_cuda else matrices_OI.float()
    wide = work.shape[-2] <= work.shape[-1]
    work = work if wide else work.mT
    # torch leaves the norm untyped.
    work = work / (cast("Tensor", work.norm(dim=(-2, -1), keepdim=True)) + 1e-7)
    for _ in range(_ROUNDS):
        gram = work @ work.mT
        work = _A * work + (_B * gram + _C * gram @ gram) @ work
    return (work if wide else work.mT).to(matrices_OI.dtype)


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
            alike: dict[tuple[int, ...], list[nn.Parameter]] = defaultdict(list)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    alike[tuple(parameter.shape)].append(parameter)
            for parameters in alike.values():
                self._update(parameters, group)

    def _update(self, parameters: list[nn.Parameter], group: dict[str, Any]) -> None:
        """A step of parameters of one shape, together: a GPU is told a tenth as much."""
        ahead = torch.stack([self._ahead(parameter, group["momentum"]) for parameter in parameters])
        shape = ahead.shape[1:]
        # A convolution with fewer inputs than outputs is taken as [in, out * height * width]: the cost goes with the
        # square of the smaller side.
        turned = len(shape) > 2 and shape[1] < shape[0]
        ahead = ahead.transpose(1, 2) if turned else ahead
        directions = orthogonal(ahead.flatten(2)).view(ahead.shape)
        directions = directions.transpose(1, 2) if turned else directions
        scale = _RMS_OF_ADAMW * max(ahead.flatten(2).shape[1:]) ** 0.5
        for parameter, direction in zip(parameters, directions, strict=True):
            parameter.mul_(1 - group["lr"] * group["weight_decay"])
            parameter.add_(direction, alpha=-group["lr"] * scale)

    def _ahead(self, parameter: nn.Parameter, decay: float) -> Tensor:
        """The gradient that Nesterov's momentum looks ahead to."""
        assert parameter.grad is not None
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        momentum: Tensor = state["momentum"]
        momentum.lerp_(parameter.grad, 1 - decay)
        return parameter.grad.lerp(momentum, decay)
