"""The sampler of Sana-Sprint: a consistency model that jumps to the picture, adds noise, and jumps again."""

import math
from collections.abc import Callable, Sequence

from torch import Tensor

from sana_desktop.engine.sampling import Denoise, OnStep, SamplerState, Start, begin


def sample_sprint(
    denoise: Denoise, start: Start, times: Sequence[float], noise: Callable[[int], Tensor], on_step: OnStep
) -> Tensor:
    """Turn plain N(0, 1) noise [B, K, h, w] into clean latents, fp32, in one or a few jumps.

    `times` are angles from pi/2 to 0 (`sprint_times`); `noise(step)` gives fresh N(0, 1) of that shape
    and is asked once after each step but the last. `denoise` is told s in [0, 1] (rounding apart) and
    returns the raw output of the network.

    TrigFlow (sCM, arXiv 2410.11081, section 3) has x_t = cos(t) x0 + sin(t) sigma_d noise and predicts
    x0 = cos(t) x_t - sin(t) sigma_d F. All of it is linear, so everything here is divided by the data's
    deviation sigma_d = 0.5, which then appears nowhere: noise starts with deviation 1 and the result is
    what the autoencoder decodes. F comes from a flow network by the change of variables of Sana-Sprint
    (arXiv 2503.09641, section 3.1), which `_jump` writes out.
    """
    first, x, _ = begin(start)
    for step in range(first, len(times)):
        time, time_next = times[step - 1], times[step]
        clean = _jump(denoise, x, time)
        x = clean
        if time_next > 0:
            x = math.cos(time_next) * clean + math.sin(time_next) * noise(step).to(clean)
        on_step(SamplerState(step, x, clean))
    return x


def _jump(denoise: Denoise, x: Tensor, time: float) -> Tensor:
    """Predict the clean latents from `x` at angle `time`.

    The angle t lies on the flow path at s = sin(t) / (sin(t) + cos(t)); there the network wants x times
    r = sqrt(s^2 + (1 - s)^2), and its output v gives F = ((1 - 2 s) r x + (1 - 2 s + 2 s^2) v) / r.
    """
    cosine, sine = math.cos(time), math.sin(time)
    s = sine / (sine + cosine)
    radius = math.hypot(s, 1 - s)
    x_flow = radius * x
    output = denoise(x_flow, s).float()
    tangent = ((1 - 2 * s) * x_flow + (1 - 2 * s + 2 * s * s) * output) / radius
    return cosine * x - sine * tangent
