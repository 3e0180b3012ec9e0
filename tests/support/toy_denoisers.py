"""Stand-ins for the network that are cheap, smooth and far from linear, and a record of what they saw."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from sana_desktop.engine.sampling import OnStep, SamplerState, Start


def curved(x: Tensor, level: float) -> Tensor:
    """Mix neighbours, bend, and depend on the noise level: a velocity of the size that real ones have."""
    mixed = 0.9 * x.roll(1, -1) + 0.4 * x.roll(1, 1)
    return torch.tanh(mixed + math.sin(7 * level)) * (1.2 + level) - 0.3 * x


class Unrelated:
    """Answers call after call with noise that has nothing to do with the question."""

    def __init__(self, seed: int) -> None:
        self._generator = torch.Generator().manual_seed(seed)

    def __call__(self, x: Tensor, level: float) -> Tensor:
        return torch.randn(x.shape, generator=self._generator)


class Recording:
    """Passes questions on to a denoiser and keeps them: the list of states is the solver's trajectory."""

    def __init__(self, denoise) -> None:
        self._denoise = denoise
        self.states: list[Tensor] = []
        self.levels: list[float] = []

    def __call__(self, x: Tensor, level: float) -> Tensor:
        self.states.append(x.clone())
        self.levels.append(level)
        return self._denoise(x, level)


class Predictions:
    """An `OnStep` that keeps what it is told."""

    def __init__(self) -> None:
        self.states: list[SamplerState] = []
        self.steps: list[int] = []
        self.clean: list[Tensor] = []

    def __call__(self, state: SamplerState) -> None:
        self.states.append(state)
        self.steps.append(state.step)
        self.clean.append(state.clean.clone())


def noise(seed: int = 0, batch: int = 1) -> Tensor:
    """Small latents to start from."""
    return torch.randn(batch, 4, 3, 5, generator=torch.Generator().manual_seed(seed))


def steps_that_cannot_be_gone_on_from(run: Callable[[Start, OnStep], Tensor], start: Tensor) -> list[int]:
    """The steps of an uninterrupted `run` from where going on ends elsewhere, or passes another state, by one bit."""
    whole = Predictions()
    final = run(start, whole)
    wrong: list[int] = []
    for number, state in enumerate(whole.states, start=1):
        rest = Predictions()
        again = run(SamplerState(state.step, state.x.clone(), state.clean.clone()), rest)
        same = torch.equal(again, final) and rest.steps == whole.steps[number:]
        for one, other in zip(rest.states, whole.states[number:], strict=True):
            same &= torch.equal(one.x, other.x) and torch.equal(one.clean, other.clean)
        if not same:
            wrong.append(state.step)
    return wrong
