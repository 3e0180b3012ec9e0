"""Which preview is shown after which step, so that looking costs no more than was allowed.

The linear map costs nothing next to a step and shows where things will be; a tiny decoder shows what they
are, at a quarter of a step or, beside a very small network, more than a step. Details matter at the end, so
the tiny decoder has the last steps, as many as the budget pays for by what was measured.
"""

import math
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from torch import Tensor

from sana_desktop.domain.choices import PreviewChoice, PreviewWish
from sana_desktop.engine.preview import Preview

MakePreview = Callable[[Tensor], Preview]

# By operations, a tiny decode costs this much of a step of the published 0.6B network at any size, and the
# decode at the end as much as this many steps. Where nothing is measured yet, these stand in.
TINY_PER_STEP = 0.26
DECODE_STEPS = 3.7
# Seconds remembered of each kind: enough for a median, few enough to follow a machine that becomes busy.
REMEMBERED = 16


class Previews(NamedTuple):
    """What a pack has to make previews with; None for what it has not."""

    linear: MakePreview | None = None
    tiny: MakePreview | None = None


class PreviewCosts:
    """Seconds that steps and tiny decodes took, for latents of one size on one machine."""

    def __init__(self) -> None:
        self._steps: list[float] = []
        self._tiny: list[float] = []

    def saw_step(self, seconds: float) -> None:
        """A step took so long, without its preview."""
        _remember(self._steps, seconds)

    def saw_tiny(self, seconds: float) -> None:
        """A tiny decode took so long."""
        _remember(self._tiny, seconds)

    def affordable(self, steps: int, budget: float) -> int:
        """How many of the previews of a run of `steps` may be tiny decodes; 0 before anything was measured."""
        if not self._steps:
            return 0
        step = median(self._steps)
        tiny = median(self._tiny) if self._tiny else TINY_PER_STEP * step
        if tiny <= 0:
            return steps
        return min(steps, math.floor(budget * (steps + DECODE_STEPS) * step / tiny))


class PreviewRun:
    """The previews of one run of `steps` solver steps; counts what they cost.

    `clock` gives seconds. The time from one call of `after_step` to the next counts as a step.
    """

    def __init__(
        self, previews: Previews, wish: PreviewWish, costs: PreviewCosts, steps: int, clock: Callable[[], float]
    ) -> None:
        self._previews = previews
        self._wish = wish
        self._costs = costs
        self._steps = steps
        self._clock = clock
        self._since = clock()
        self.seconds = 0.0

    def after_step(self, step: int, clean_1Khw: Tensor) -> Preview | None:
        """The preview of the predicted clean latents after `step` (1-based); None if there is none to show."""
        began = self._clock()
        self._costs.saw_step(began - self._since)
        tiny = self._takes_tiny(step)
        make = self._previews.tiny if tiny else self._previews.linear
        preview = None
        # The last prediction is the picture itself, which the decode is about to show.
        if make is not None and step < self._steps and self._wish.choice is not PreviewChoice.OFF:
            preview = make(clean_1Khw)
        ended = self._clock()
        if preview is not None and tiny:
            self._costs.saw_tiny(ended - began)
        self.seconds += ended - began
        self._since = ended
        return preview

    def _takes_tiny(self, step: int) -> bool:
        if self._previews.tiny is None or self._wish.choice is PreviewChoice.LINEAR:
            return self._previews.linear is None
        if self._previews.linear is None or self._wish.choice is PreviewChoice.TINY:
            return True
        return step >= self._steps - self._costs.affordable(self._steps, self._wish.budget)


def _remember(values: list[float], value: float) -> None:
    values.append(value)
    del values[:-REMEMBERED]
