"""How a picture is drawn in the memory there is: which networks stay, and in which pieces it is decoded.

The plans are a ladder. Whoever runs out of memory goes on with the next one that takes less in the phase that failed;
finished steps are kept, so a picture is never begun anew. Plans change pixels by rounding only.
"""

from dataclasses import dataclass

import torch

from sana_desktop.domain.events import Phase


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """One rung: what it says to people, and what it does.

    With `resident` networks stay in memory for the next picture; otherwise only the one that works is there. `tile` is
    the largest side, in latent positions, that is decoded at once; None is the whole picture.
    """

    words: str
    resident: bool = True
    tile: int | None = None
    decode_on_cpu: bool = False


PLANS = (
    MemoryPlan("all networks stay in memory"),
    MemoryPlan("one network at a time", resident=False),
    MemoryPlan("one network at a time, decoded in tiles of 512 px", resident=False, tile=16),
    MemoryPlan("one network at a time, decoded in tiles of 256 px", resident=False, tile=8),
    MemoryPlan("one network at a time, decoded in tiles of 128 px", resident=False, tile=4),
    MemoryPlan("one network at a time, decoded on the processor", resident=False, tile=16, decode_on_cpu=True),
)


def smaller_plan(plan: MemoryPlan, phase: Phase, device: torch.device) -> MemoryPlan | None:
    """The next plan that takes less memory in `phase`; None if there is none."""
    for other in PLANS[PLANS.index(plan) + 1 :]:
        if phase is not Phase.DECODE and other.resident is plan.resident:
            continue
        if other.decode_on_cpu and device.type == "cpu":
            continue
        return other
    return None


def is_out_of_memory(error: BaseException) -> bool:
    """Whether this is how torch or Python say that memory is full; on processors torch has no class for it."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and any(
        words in text for words in ("DefaultCPUAllocator", "can't allocate memory", "not enough memory")
    )
