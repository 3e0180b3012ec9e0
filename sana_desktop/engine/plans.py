"""How a picture is drawn in the memory there is: which networks stay, and in which pieces it is decoded.

The plans are a ladder. Whoever runs out of memory goes on with the next one that takes less in the phase that failed;
finished steps are kept, so a picture is never begun anew. Plans change pixels by rounding only.
"""

from dataclasses import dataclass

import torch

from sana_desktop.domain.events import Phase
from sana_desktop.domain.sizes import Size
from sana_models.configs import DCAEConfig

_ALIVE = 7.0
_HALO_PIXELS = 56
_BESIDES = 100 * 2**20


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


def decode_bytes(config: DCAEConfig, size: Size, tile: int | None, itemsize: int) -> int:
    """About what a decode takes at its peak beside the weights, with activations of `itemsize` bytes.

    At full resolution so many tensors of the first stage's width are alive (measured: 6.4, see
    benchmarks/exact_decode.py); in tiles, besides, the features of the whole picture at an eighth of its side.
    """
    widths = config.decoder_block_out_channels
    width, deep = widths[0], widths[min(3, len(widths) - 1)]
    pixels = size.width * size.height
    read, features = pixels, 0
    if tile is not None:
        side = tile * config.compression + 2 * _HALO_PIXELS
        read = min(size.width, side) * min(size.height, side)
        features = 2 * deep * (pixels // 64) * itemsize
    picture = 3 * pixels * 4
    return round(_ALIVE * width * read * itemsize) + features + picture + _BESIDES


def fitting_plan(plan: MemoryPlan, config: DCAEConfig, size: Size, itemsize: int, free: int) -> MemoryPlan:
    """`plan`, or the next with the largest tiles whose decode fits in `free` bytes; the smallest tiles if none does.

    Says nothing about decoding on the processor, which is for those that failed everywhere else.
    """
    best = plan
    for other in PLANS[PLANS.index(plan) :]:
        if other.decode_on_cpu and other is not plan:
            break
        best = other
        if decode_bytes(config, size, other.tile, itemsize) <= free:
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
