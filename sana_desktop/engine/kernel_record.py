"""Which versions of the operations draw, in words for the record of a picture."""

import torch

from sana_kernels import OPERATIONS


def kernels_used(device: torch.device, dtype: torch.dtype) -> str:
    """The version of every operation: “fused” where that is one, else each version with its operations.

    On a CUDA device asking compiles and checks the operations, once in the life of the program.
    """
    names: dict[str, list[str]] = {}
    for operation in OPERATIONS:
        names.setdefault(operation.choice(device, dtype).version, []).append(operation.name)
    if len(names) == 1:
        return next(iter(names))
    return "; ".join(f"{version}: {' '.join(sorted(names[version]))}" for version in sorted(names))


def with_graphs(kernels: str, graphs: str) -> str:
    """The same with what `StepGraphs` says about the steps, where it says something."""
    return f"{kernels}; {graphs}" if graphs else kernels
