"""Solvers as pure functions from noise to latents: no clock, no device decisions, no progress bar.

Every solver starts from plain N(0, 1) noise and ends with latents in the scale that the autoencoder's
scaling factor expects, so the caller treats them all alike. After every step it tells where it stands,
and from any such state it goes on as if it had never stopped, bit for bit.
"""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class SamplerState:
    """Where a solver stands after `step` steps (counted from 1): all that it needs to go on.

    `x` are the latents that the next step starts from, `clean` the clean latents that this step predicted,
    in the scale of the final ones; both fp32 [B, K, h, w]. After the last step they are the same.
    """

    step: int
    x: Tensor
    clean: Tensor


# Noisy latents and their noise level (sigma; Sprint: s) to the network's output, both [B, K, h, w].
Denoise = Callable[[Tensor, float], Tensor]
# Told of the state after every step; what it raises ends the sampling there.
OnStep = Callable[[SamplerState], None]
# Noise [B, K, h, w] to begin with, or the state to go on from.
Start = Tensor | SamplerState


def begin(start: Start) -> tuple[int, Tensor, Tensor | None]:
    """The first step to take, its latents in fp32, and the prediction of the step before, None before the first."""
    if isinstance(start, SamplerState):
        return start.step + 1, start.x, start.clean
    return 1, start.float(), None
