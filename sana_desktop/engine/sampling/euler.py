"""Flow-Euler: the plainest solver, many small straight steps along the velocity."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor

from sana_desktop.engine.sampling import Denoise, OnStep


def sample_flow_euler(denoise: Denoise, x: Tensor, sigmas: Sequence[float], on_step: OnStep) -> Tensor:
    """Integrate noise `x` [B, K, h, w] to clean latents, fp32; one evaluation of `denoise` per step.

    `sigmas` decrease from at most 1 to 0 (`euler_sigmas`); `denoise` returns the velocity noise - x0,
    which is dx/dsigma on a flow path, so that x' = x + (sigma' - sigma) v (arXiv 2210.02747).
    """
    x = x.float()
    for step, (sigma, sigma_next) in enumerate(pairwise(sigmas), start=1):
        velocity = denoise(x, sigma).float()
        on_step(step, x - sigma * velocity)
        x = x + (sigma_next - sigma) * velocity
    return x
