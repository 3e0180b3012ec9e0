"""A network, its optimiser and its place in a run, kept together on disk."""

from pathlib import Path

import torch
from torch import Tensor, nn

from training.checkpoints import MovingAverage, load_state, save_state
from training.loop import Pace, rate_factor
from training.muon import Muon

_WARMUP = 30
_FALL = 0.5


class Trainee:
    """A network in training: its rate rises, stays, and falls over the second half of the run.

    AdamW trains all of it, or with `muon` what are no matrices and convolutions, which Muon trains.
    Goes on from `state.pt` in `out` if there is one; `step` is then the step to go on with, and torch's random
    numbers are those that would have come next. Parameters that need no gradient when it is made are left as they
    are. `average`, if given, follows the network and is kept with it.
    """

    def __init__(
        self,
        network: nn.Module,
        out: Path,
        *,
        rate: float,
        pace: Pace,
        average: MovingAverage | None = None,
        muon: bool = False,
    ) -> None:
        self._network, self._path, self._rate, self._pace = network, out / "state.pt", rate, pace
        self._average = average
        trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
        matrices = [parameter for parameter in trained if muon and parameter.ndim > 1]
        others = [parameter for parameter in trained if not muon or parameter.ndim <= 1]
        self._optimizers: list[torch.optim.Optimizer] = [torch.optim.AdamW(others, lr=rate, weight_decay=0.0)]
        if matrices:
            self._optimizers.append(Muon(matrices, lr=rate))
        self.step = 0
        state = load_state(self._path)
        if state is not None:
            network.load_state_dict(state["network"])
            for optimizer, saved in zip(self._optimizers, state["optimizers"], strict=True):
                optimizer.load_state_dict(saved)
            self.step = state["step"]
            torch.set_rng_state(state["rng"])
            if average is not None:
                average.load_state_dict(state["average"])

    def learn(self, loss: Tensor, step: int) -> None:
        """Take one step down the gradient of `loss`."""
        rate = self._rate * rate_factor(step, self._pace.share(step), _WARMUP, _FALL)
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        for optimizer in self._optimizers:
            optimizer.step()
        if self._average is not None:
            self._average.update(self._network)

    def save(self, step: int) -> None:
        """Write all that is needed to go on after `step` steps."""
        state = {
            "network": self._network.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
            "step": step,
            "rng": torch.get_rng_state(),
        }
        if self._average is not None:
            state["average"] = self._average.state_dict()
        save_state(self._path, state)
