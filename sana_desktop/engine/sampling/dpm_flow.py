"""Flow-DPM-Solver: DPM-Solver++ (2M) on a flow path (SANA, arXiv 2410.10629, algorithm 1 of the appendix)."""

import math
from collections.abc import Sequence

from torch import Tensor

from sana_desktop.engine.sampling import Denoise, OnStep, SamplerState, Start, begin


def sample_flow_dpm(denoise: Denoise, start: Start, sigmas: Sequence[float], on_step: OnStep) -> Tensor:
    """Integrate noise [B, K, h, w] to clean latents, fp32; one evaluation of `denoise` per step.

    `sigmas` decrease strictly, from below 1 to 0 (`flow_sigmas`); `denoise` returns the velocity
    noise - x0. DPM-Solver++ (arXiv 2211.01095, algorithm 2, midpoint form) predicts x0 and steps with

        x' = (sigma'/sigma) x - alpha' (exp(-h) - 1) D,   D = x0 + h / (2 h_before) (x0 - x0_before)

    where lambda = log(alpha/sigma) and h is its growth. On a flow path alpha = 1 - sigma, therefore
    alpha' (1 - exp(-h)) = 1 - sigma'/sigma: a step is a mean of x and D, and no exponential is left to
    lose digits. The first step knows no x0 before, the last one ends at lambda = infinity: both take
    D = x0, which is an Euler step.
    """
    first, x, clean_before = begin(start)
    for step in range(first, len(sigmas)):
        sigma, sigma_next = sigmas[step - 1], sigmas[step]
        clean = x - sigma * denoise(x, sigma).float()
        target = clean
        if sigma_next > 0 and clean_before is not None:
            growth, growth_before = _growth(sigma, sigma_next), _growth(sigmas[step - 2], sigma)
            target = clean + growth / (2 * growth_before) * (clean - clean_before)
        clean_before = clean
        kept = sigma_next / sigma
        x = kept * x + (1 - kept) * target
        on_step(SamplerState(step, x, clean))
    return x


def _growth(sigma: float, sigma_next: float) -> float:
    """How much lambda, half the log of the signal-to-noise ratio, grows in a step."""
    return _log_ratio(sigma_next) - _log_ratio(sigma)


def _log_ratio(sigma: float) -> float:
    """Lambda: log((1 - sigma) / sigma)."""
    return math.log1p(-sigma) - math.log(sigma)
