"""Flow-DPM-Solver: DPM-Solver++ (2M) on a flow path (SANA, arXiv 2410.10629, algorithm 1 of the appendix)."""

import math
from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor

from sana_desktop.engine.sampling import Denoise, OnStep


def sample_flow_dpm(denoise: Denoise, x: Tensor, sigmas: Sequence[float], on_step: OnStep) -> Tensor:
    """Integrate noise `x` [B, K, h, w] to clean latents, fp32; one evaluation of `denoise` per step.

    `sigmas` decrease strictly, from below 1 to 0 (`flow_sigmas`); `denoise` returns the velocity
    noise - x0. DPM-Solver++ (arXiv 2211.01095, algorithm 2, midpoint form) predicts x0 and steps with

        x' = (sigma'/sigma) x - alpha' (exp(-h) - 1) D,   D = x0 + h / (2 h_before) (x0 - x0_before)

    where lambda = log(alpha/sigma) and h is its growth. On a flow path alpha = 1 - sigma, therefore
    alpha' (1 - exp(-h)) = 1 - sigma'/sigma: a step is a mean of x and D, and no exponential is left to
    lose digits. The first step knows no x0 before, the last one ends at lambda = infinity: both take
    D = x0, which is an Euler step.
    """
    x = x.float()
    clean_before: Tensor | None = None
    growth_before = math.inf
    for step, (sigma, sigma_next) in enumerate(pairwise(sigmas), start=1):
        clean = x - sigma * denoise(x, sigma).float()
        on_step(step, clean)
        target = clean
        if sigma_next > 0:
            growth = _log_ratio(sigma_next) - _log_ratio(sigma)
            if clean_before is not None:
                target = clean + growth / (2 * growth_before) * (clean - clean_before)
            growth_before = growth
        clean_before = clean
        kept = sigma_next / sigma
        x = kept * x + (1 - kept) * target
    return x


def _log_ratio(sigma: float) -> float:
    """Lambda, half the log of the signal-to-noise ratio: log((1 - sigma) / sigma)."""
    return math.log1p(-sigma) - math.log(sigma)
