"""Training state on disk, so that a run that is killed at any point goes on from its last save."""

from pathlib import Path
from typing import Any

import torch


def save_state(path: Path, state: dict[str, Any]) -> None:
    """Write the whole state or leave the older one; a kill in between loses nothing."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def load_state(path: Path) -> dict[str, Any] | None:
    """Read the state back on the CPU, or None at the first start."""
    if not path.exists():
        return None
    return torch.load(path, map_location="cpu", weights_only=True)


class MovingAverage:
    """Exponential moving average of a module's parameters, with a short memory at the start.

    The decay rises as (1 + n) / (10 + n) up to `decay`, so that the average forgets where it began.
    """

    def __init__(self, module: torch.nn.Module, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        self.parameters = {name: value.detach().clone() for name, value in module.named_parameters()}

    @torch.no_grad()
    def update(self, module: torch.nn.Module) -> None:
        """Move towards the module's current parameters."""
        self.updates += 1
        weight = 1 - min(self.decay, (1 + self.updates) / (10 + self.updates))
        current = dict(module.named_parameters())
        averages = list(self.parameters.values())
        # All in one call: on a GPU two hundred small ones would take longer than what they do.
        torch._foreach_lerp_(averages, [current[name].detach() for name in self.parameters], weight)  # pyright: ignore[reportPrivateImportUsage, reportPrivateUsage]

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs."""
        return {"updates": self.updates, "parameters": self.parameters}

    @torch.no_grad()
    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a saved average of the same module, on whatever device it is."""
        self.updates = state["updates"]
        for name, value in state["parameters"].items():
            self.parameters[name].copy_(value)
