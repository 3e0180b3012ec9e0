"""Noise levels of every solver, and the time that the network is told for each.

On a flow path x = (1 - sigma) x0 + sigma noise, so sigma runs from (almost) 1 to 0. Tables hold one
value more than there are steps. What they rest on is told in docs/numerics/solver.md.
"""

TRAINING_TIMES = 1000

# A little more than pi / 2, as the published pipeline has it; the network was never asked anything else.
SPRINT_FIRST_TIME = 1.57080
SPRINT_MIDDLE_TIME = 1.3


def flow_sigmas(steps: int, shift: float) -> list[float]:
    """Noise levels of the Flow-DPM-Solver, `steps` + 1 values from just below 1 down to 0.

    The clean share 1 - sigma is spaced evenly from 1/1000 to 1, then `shift` bends the table towards
    noise (SANA, arXiv 2410.10629, algorithm 1 of the appendix). Raises ValueError for fewer than
    one step or a shift that is not positive.
    """
    _check(steps, shift)
    clean_shares = _spaced(1.0, 1 / TRAINING_TIMES, steps)
    return [_shifted(1.0 - clean_share, shift) for clean_share in reversed(clean_shares)]


def euler_sigmas(steps: int, shift: float) -> list[float]:
    """Noise levels of the Flow-Euler solver, `steps` + 1 values from exactly 1 down to 0.

    The training levels are shifted, the steps spaced evenly between the largest and the smallest of
    them and shifted again: the second shift is what published pictures were made with. Raises
    ValueError as `flow_sigmas` does.
    """
    _check(steps, shift)
    levels = _spaced(1.0, _shifted(1 / TRAINING_TIMES, shift), steps - 1)
    # Twelve digits are plenty, and without rounding dust a level of 0.334 is not told to the network as 333.
    return [*(round(_shifted(level, shift), 12) for level in levels), 0.0]


def sprint_times(steps: int) -> list[float]:
    """Angles of the Sprint sampler, `steps` + 1 values from pi/2 down to 0 (arXiv 2503.09641).

    Two steps, the published default, pass through 1.3; any other number is spaced evenly. Raises
    ValueError for fewer than one step.
    """
    _check(steps, shift=1.0)
    if steps == 2:
        return [SPRINT_FIRST_TIME, SPRINT_MIDDLE_TIME, 0.0]
    return _spaced(SPRINT_FIRST_TIME, 0.0, steps)


def model_time(sigma: float) -> float:
    """The time that a flow model is told for a noise level: whole thousandths, cut and not rounded.

    Training cut them too, so the network has only seen whole numbers.
    """
    return float(int(sigma * TRAINING_TIMES))


def _check(steps: int, shift: float) -> None:
    if steps < 1:
        raise ValueError(f"expected at least 1 step, found {steps}")
    if not shift > 0:
        raise ValueError(f"expected a positive shift, found {shift}")


def _shifted(sigma: float, shift: float) -> float:
    """Move a noise level towards noise for shift > 1 (SANA, and arXiv 2403.03206 eq. 23)."""
    return shift * sigma / (1 + (shift - 1) * sigma)


def _spaced(first: float, last: float, steps: int) -> list[float]:
    """`steps` + 1 evenly spaced values, both ends exact; one value if `steps` is 0."""
    if steps == 0:
        return [first]
    stride = (last - first) / steps
    return [first + index * stride for index in range(steps)] + [last]
