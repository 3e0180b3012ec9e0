"""Going on in less memory: what to do next when it was full, and how full memory is known.

Whoever runs out goes on with the next plan that takes less in the phase that failed; finished steps are kept, so a
picture is never begun anew.
"""

from dataclasses import replace

import torch

from sana_desktop.domain.events import Phase
from sana_desktop.domain.memory_plan import PLANS, MemoryPlan
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.memory_needs import decode_bytes
from sana_models.configs import DCAEConfig

# Beside what a decode takes by arithmetic.
_BESIDES = 100 * 2**20


def smaller_plan(plan: MemoryPlan, phase: Phase, device: torch.device) -> MemoryPlan | None:
    """The next plan that takes less memory in `phase`; None if there is none."""
    on_gpu = device.type != "cpu"
    if plan.resident:
        return replace(plan, resident=False)
    if phase is not Phase.DECODE:
        # The encoder is the largest network, and a prompt is read once.
        reads = phase in (Phase.LOAD, Phase.ENCODE)
        return replace(plan, text_on_cpu=True) if on_gpu and reads and not plan.text_on_cpu else None
    ladder = PLANS if on_gpu else tuple(one for one in PLANS if not one.decode_on_cpu)
    here = next(place for place, one in enumerate(PLANS) if _decodes_as(one, plan))
    below = ladder[here + 1 :]
    return replace(below[0], text_on_cpu=plan.text_on_cpu) if below else None


def fitting_decode(
    plan: MemoryPlan, config: DCAEConfig, size: Size, itemsize: int, free: int, *, on_gpu: bool = False
) -> MemoryPlan:
    """`plan`, or one with the largest tiles whose decode fits in `free` bytes; the smallest tiles if none does.

    Says nothing about decoding on the processor, which is for those that failed everywhere else.
    """
    best = plan
    for tile in _smaller_tiles(plan):
        best = plan if tile == plan.tile else replace(plan, resident=False, tile=tile)
        if decode_bytes(config, size, tile, itemsize, on_gpu=on_gpu) + _BESIDES <= free:
            break
    return best


def is_out_of_memory(error: BaseException) -> bool:
    """Whether this is how torch or Python say that memory is full; on processors torch has no class for it."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and any(
        words in text for words in ("DefaultCPUAllocator", "can't allocate memory", "not enough memory")
    )


def _decodes_as(one: MemoryPlan, other: MemoryPlan) -> bool:
    return (one.resident, one.tile, one.decode_on_cpu) == (other.resident, other.tile, other.decode_on_cpu)


def _smaller_tiles(plan: MemoryPlan) -> list[int | None]:
    if plan.decode_on_cpu:
        return [plan.tile]
    tiles = [one.tile for one in PLANS if not one.resident and not one.decode_on_cpu]
    return tiles[tiles.index(plan.tile) :]
