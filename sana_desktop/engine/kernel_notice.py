"""What to tell people whose GPU cannot run the operations that were written for it."""

import torch

from sana_kernels import OPERATIONS


def kernel_notice(device: torch.device, dtype: torch.dtype) -> str | None:
    """One sentence with every reason for taking the plain path, or None where nothing is lost.

    Asking compiles and checks the operations, once in the life of the program; on a CPU there is nothing to ask.
    """
    if device.type != "cuda":
        return None
    choices = [operation.choice(device, dtype) for operation in OPERATIONS if operation.has_fused]
    reasons = dict.fromkeys(choice.reason for choice in choices if choice.version != "fused")
    if not reasons:
        return None
    return f"The plain path draws, which is slower but gives the same picture. {'; '.join(reasons)}."
