"""Flow-Euler: the plainest solver, many small straight steps along the velocity."""

from collections.abc import Sequence

from torch import Tensor

from sana_desktop.engine.sampling import Denoise, OnStep, SamplerState, Start, begin


def sample_flow_euler(denoise: Denoise, start: Start, sigmas: Sequence[float], on_step: OnStep) -> Tensor:
    """Integrate noise [B, K, h, w] to clean latents, fp32; one evaluation of `denoise` per step.

    `sigmas` decrease from at most 1 to 0 (`euler_sigmas`); `denoise` returns the velocity noise - x0,
    which is dx/dsigma on a flow path, so that x' = x + (sigma' - sigma) v (arXiv 2210.02747).
    """
    first, x, _ = begin(start)
    for step in range(first, len(sigmas)):
        sigma, sigma_next = sigmas[step - 1], sigmas[step]
        velocity = denoise(x, sigma).float()
        clean = x - sigma * velocity
        x = x + (sigma_next - sigma) * velocity
        on_step(SamplerState(step, x, clean))
    return x
